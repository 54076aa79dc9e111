"""What a text asks about: its words, in place of some of them what they mean. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from responders.knowledge.normal import is_dense, likeness, normal, pieces, words
from responders.knowledge.vocabulary import CLOSING, STOP, Vocabulary, vocabulary

PAIR, GRAMMAR = 0.5, 0.25
"""What a pair of letters counts beside a word, and one of hiragana: a word has several."""

FURTHER = 0.5
"""What each further word of a phrase counts: who says two means it."""

SAME_MEANING = 0.9
ALIKE = 0.5
"""Least likeness of two words that count as forms of one."""


SAYS_NOTHING = frozenset({STOP, CLOSING})
LONGEST_NAME = 3
"""Words below the closing of a letter that are a name."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word; `concept` is what it means where the vocabulary knows it, `exact` has no forms."""

    word: str
    concept: str | None = None
    exact: bool = False
    weight: float = 1.0

    @property
    def key(self) -> str:
        """What it is looked up by."""
        return f"‹#{self.concept}›" if self.concept else f"‹{self.word}›"

    @property
    def files(self) -> tuple[str, ...]:
        """Under what it is filed: two that share none of it are not alike."""
        if self.exact:
            return (self.word,)
        letter = self.word[:1]
        return (f"#{self.concept}", letter) if self.concept else (letter,)

    @property
    def tells(self) -> bool:
        """Whether it says something to a reader: a pair of hiragana does not."""
        return self.weight > GRAMMAR

    def likeness(self, other: Term) -> float:
        """0 to 1: the same word, another word of one meaning, another form of the word."""
        if self.word == other.word:
            return 1.0
        if self.concept and other.concept:
            return SAME_MEANING if self.concept == other.concept else 0.0
        if self.exact or other.exact or self.word[:1] != other.word[:1]:
            return 0.0  # who mistypes a word hardly ever begins it wrong
        alike = likeness(self.word, other.word)
        return alike * SAME_MEANING if alike >= ALIKE else 0.0


def terms(text: str, language: str | None) -> tuple[Term, ...]:
    """Without what says nothing, and each once."""
    return tuple(dict.fromkeys(_terms(words(normal(text)), vocabulary(language))))


def _terms(tokens: list[str], known: Vocabulary) -> Iterator[Term]:
    at = 0
    while at < len(tokens):
        if is_dense(tokens[at]):
            yield from _dense(tokens[at], known)
            at += 1
            continue
        phrase = known.at(tokens, at)
        if phrase is None:
            yield Term(tokens[at])
            at += 1
            continue
        start, at = at, at + len(phrase.words)
        if phrase.concept not in SAYS_NOTHING:
            said, weight = " ".join(tokens[start:at]), 1.0 + FURTHER * (at - start - 1)
            yield Term(said, concept=phrase.concept, weight=weight)
        elif phrase.concept == CLOSING and start and len(tokens) - at <= LONGEST_NAME:
            return


def _dense(run: str, known: Vocabulary) -> Iterator[Term]:
    """Known phrases first, wherever they stand; what is left in pairs of letters."""
    rest = run
    for phrase in known.dense:
        said = phrase.words[0]
        if said in rest:
            rest = rest.replace(said, " ")
            if phrase.concept not in SAYS_NOTHING:
                yield Term(said, concept=phrase.concept)
    for part in rest.split():
        for piece, meant in pieces(part):
            yield Term(piece, exact=True, weight=PAIR if meant else GRAMMAR)
