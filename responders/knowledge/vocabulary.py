"""Words that mean the same to somebody who asks, by language, from files a speaker can edit.

A file is a list of sections; lines below a header hold phrases, divided by commas:

    [shop]                 a concept; the same one may stand in the files of several languages
    shop, store*, branch   a star: the word may go on
    [stop]                 words that say nothing about what is asked
    [closing]              how a letter ends: before the name of who wrote it
    [tells]                who says so tells of a trouble or praises, and asks nothing

`#` begins a comment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from responders.knowledge.normal import is_dense, normal, words

WORDS = Path(__file__).parent / "words"
STOP = "stop"
CLOSING = "closing"
TELLS = "tells"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase in its normal form: its words, which of them may go on, and what it means."""

    words: tuple[str, ...]
    open: tuple[bool, ...]
    concept: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Phrases by their first word, those that may go on by its beginning; the longest first.

    `dense` are phrases of scripts without spaces, found anywhere.
    """

    exact: Mapping[str, tuple[Phrase, ...]]
    begun: Mapping[str, tuple[Phrase, ...]]
    dense: tuple[Phrase, ...]

    def at(self, tokens: list[str], start: int) -> Phrase | None:
        """The longest phrase whose words stand from `start` on."""
        first = tokens[start]
        found = [*self.exact.get(first, ())]
        for end in range(2, len(first) + 1):
            found += self.begun.get(first[:end], ())
        standing = [phrase for phrase in found if _stands(phrase, tokens, start)]
        return max(standing, key=_length, default=None)


def _stands(phrase: Phrase, tokens: list[str], start: int) -> bool:
    there = tokens[start : start + len(phrase.words)]
    return len(there) == len(phrase.words) and all(
        said.startswith(word) if goes_on else said == word
        for said, word, goes_on in zip(there, phrase.words, phrase.open, strict=True)
    )


def _length(phrase: Phrase) -> tuple[int, bool, int]:
    return len(phrase.words), phrase.concept != STOP, sum(map(len, phrase.words))


def known_languages() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in WORDS.glob("*.txt")))


@cache
def vocabulary(language: str | None) -> Vocabulary:
    """The words of a language, of all where it is None; none where there is no file."""
    names = known_languages() if language is None else (language.lower().split("-")[0],)
    texts = [path.read_text("utf-8") for name in names if (path := WORDS / f"{name}.txt").is_file()]
    phrases = [phrase for text in texts for phrase in _phrases(text)]
    dense = [phrase for phrase in phrases if is_dense(phrase.words[0])]
    spaced = [phrase for phrase in phrases if not is_dense(phrase.words[0])]
    return Vocabulary(
        exact=_by_first(p for p in spaced if not p.open[0]),
        begun=_by_first(p for p in spaced if p.open[0]),
        dense=tuple(sorted(dense, key=_length, reverse=True)),
    )


def _by_first(phrases: Iterator[Phrase]) -> Mapping[str, tuple[Phrase, ...]]:
    found: dict[str, tuple[Phrase, ...]] = {}
    for phrase in phrases:
        found[phrase.words[0]] = (*found.get(phrase.words[0], ()), phrase)
    return found


def _phrases(text: str) -> Iterator[Phrase]:
    concept = STOP
    for line in text.splitlines():
        bare = line.partition("#")[0].strip()
        if bare.startswith("["):
            concept = bare.strip("[] ")
            continue
        found = (_phrase(part, concept) for part in bare.split(","))
        yield from (phrase for phrase in found if phrase.words)


def _phrase(part: str, concept: str) -> Phrase:
    """Where a star ends what is written together, the last word of it may go on."""
    tokens: list[str] = []
    goes_on: list[bool] = []
    for written in part.split():
        found = words(normal(written))
        tokens += found
        goes_on += [False] * (len(found) - 1) + [written.endswith("*")] * bool(found)
    return Phrase(tuple(tokens), open=tuple(goes_on), concept=concept)
