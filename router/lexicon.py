"""Words by concept and language, from text files that a native speaker can edit.

A file is a list of sections; lines below a header hold phrases, divided by commas:

    [refund -> billing]          these words alone show the topic
    refund*, money back          a star: the word may go on
    [illness -> health, private] these words are personal data of class health as well
    [money]                      a concept that shows nothing alone
    [money + twice -> billing]   both within NEAR characters show the topic
    [fire - news -> safety]      words of `news` anywhere in the text rule it out
    [near order]                 words that stand beside an order number

`#` begins a comment. The same concept may stand in the files of several languages.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from inbox.problem import Problem
from router.faults import DocumentError, did_you_mean
from router.phrases import Phrase, phrase
from router.vocabulary import TOPICS

LEXICONS = Path(__file__).parent / "lexicons"
ANY = "any"
"""Name of the file whose sections hold in every language."""

NEAR = 60
"""Words of a conjunction stand at most this many characters apart."""

CONTEXTS = ("account", "birth", "branch", "code", "id", "order", "password", "phone")
"""What `near` sections are about."""

_HEADER = re.compile(
    r"\[\s*(?P<left>[^\]>]+?)\s*(?:->\s*(?P<topic>\w+)\s*(?P<private>,\s*private)?)?\]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """`topic` is what its words show alone; `private` words are personal data of class health."""

    name: str
    topic: str | None = None
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conjunction:
    """All of `parts` near one another and none of `without` in the text show the topic."""

    parts: tuple[str, ...]
    without: frozenset[str]
    topic: str

    def holds_in(self, concepts: Collection[str]) -> bool:
        """Is every part there, wherever it stands, and nothing that rules it out?"""
        for part in self.parts:
            if part not in concepts:
                return False
        return self.without.isdisjoint(concepts)


@dataclass(slots=True, kw_only=True)
class Lexicon:
    """`phrases` and `concepts` run side by side: phrase number i belongs to concept i."""

    phrases: list[Phrase] = field(default_factory=list)
    concepts: list[Concept] = field(default_factory=list)
    conjunctions: list[Conjunction] = field(default_factory=list)


def known_languages(folder: Path = LEXICONS) -> tuple[str, ...]:
    """Codes of the languages that have a file."""
    return tuple(sorted(path.stem for path in folder.glob("*.txt") if path.stem != ANY))


def load_lexicon(languages: Iterable[str], *, folder: Path = LEXICONS) -> Lexicon:
    """Words of these languages and of all; one without a file has none. Raises DocumentError."""
    lexicon = Lexicon()
    problems: list[Problem] = []
    for name in (ANY, *sorted(set(languages) - {ANY})):
        path = folder / f"{name}.txt"
        if path.is_file():
            _Reading(path=path, lexicon=lexicon, problems=problems).read()
    if problems:
        raise DocumentError(problems)
    return lexicon


@dataclass(slots=True, kw_only=True)
class _Reading:
    path: Path
    lexicon: Lexicon
    problems: list[Problem]
    concept: Concept | None = None
    line: int = 0

    def read(self) -> None:
        for line, raw in enumerate(self.path.read_text("utf-8").splitlines(), 1):
            self.line = line
            text = raw.partition("#")[0].strip()
            if text.startswith("["):
                self._header(text)
            elif text:
                self._phrases(text)

    def _refuse(self, key: str, problem: str, remedy: str) -> None:
        name = self.path.name
        self.problems.append(
            Problem(file=name, line=self.line, key=key, problem=problem, remedy=remedy)
        )

    def _header(self, text: str) -> None:
        match = _HEADER.fullmatch(text)
        self.concept = None
        if match is None:
            self._refuse(text, "is no header", "Write [concept -> topic] or [near order]")
            return
        left, topic = match["left"], match["topic"]
        if topic is not None and topic not in TOPICS:
            self._refuse(text, f"there is no topic '{topic}'", did_you_mean(topic, TOPICS))
        elif "+" in left or " - " in left:
            self._conjunction(left, topic)
        elif left.startswith("near ") and left[5:] not in CONTEXTS:
            self._refuse(text, "is near nothing known", did_you_mean(left[5:], CONTEXTS))
        else:
            self.concept = Concept(name=left, topic=topic, private=bool(match["private"]))

    def _conjunction(self, left: str, topic: str | None) -> None:
        if topic is None:
            self._refuse(left, "shows no topic", "Write -> and a topic")
            return
        wanted, *ruled_out = left.split(" - ")
        self.lexicon.conjunctions.append(
            Conjunction(
                parts=tuple(part.strip() for part in wanted.split("+")),
                without=frozenset(part.strip() for part in ruled_out),
                topic=topic,
            )
        )

    def _phrases(self, text: str) -> None:
        if self.concept is None:
            self._refuse(text[:30], "stands under no header", "Write a [header] above it")
            return
        for item in self._read_phrases(text):
            self.lexicon.phrases.append(item)
            self.lexicon.concepts.append(self.concept)

    def _read_phrases(self, text: str) -> Iterator[Phrase]:
        for written in filter(str.strip, text.split(",")):
            try:
                yield phrase(written)
            except ValueError as error:
                self._refuse(written.strip(), str(error), "Write a word")
