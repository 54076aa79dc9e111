"""The project's own sentences: what people write to a brand, by situation and language.

`situations.tsv` says of every situation which tier and topic it belongs to; each language's file
holds lines of a situation and a text, divided by a tab. `#` begins a line that is a comment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from router.vocabulary import PRIVATE_TOPICS

CORPUS = Path(__file__).parents[1] / "corpus"
SITUATIONS = "situations.tsv"
PRIVATE = "2"
"""The tier of situations that are nobody else's business."""

NONE = "none"
CLASSES = (NONE, *sorted(PRIVATE_TOPICS))
"""What the model tells apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """`tier` is 0, 1, 2 or X, `topic` one of router.vocabulary's."""

    name: str
    tier: str
    topic: str

    @property
    def verdict(self) -> str:
        """One of CLASSES."""
        return self.topic if self.tier == PRIVATE else NONE

    @property
    def hard(self) -> bool:
        """Does it mislead on purpose?"""
        return self.name.startswith("hard_")

    @property
    def asked(self) -> bool:
        """Is it a question that an article could answer?"""
        return self.tier == "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """`language` is an ISO 639-1 code."""

    language: str
    situation: Situation
    text: str


def read_situations(folder: Path = CORPUS) -> Mapping[str, Situation]:
    """By name. Raises ValueError for a line of another form."""
    rows = (_fields(line, 4) for line in _lines(folder / SITUATIONS))
    return {name: Situation(name=name, tier=tier, topic=topic) for name, tier, topic, _ in rows}


def read_corpus(folder: Path = CORPUS) -> list[Sentence]:
    """All languages in the order of their codes. Raises ValueError for what is no sentence."""
    situations = read_situations(folder)
    return [
        Sentence(language=path.stem, situation=_known(situations, name, path.stem), text=text)
        for path in sorted(folder.glob("*.tsv"))
        if path.name != SITUATIONS
        for name, text in (_fields(line, 2) for line in _lines(path))
    ]


def _known(situations: Mapping[str, Situation], name: str, language: str) -> Situation:
    if name not in situations:
        raise ValueError(f"{language}.tsv: there is no situation '{name}'")
    return situations[name]


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").split("\n"):
        if line.strip() and not line.startswith("#"):
            yield line


def _fields(line: str, count: int) -> list[str]:
    fields = [field.strip() for field in line.split("\t")]
    if len(fields) != count or not all(fields):
        raise ValueError(f"'{line[:60]}' is no line of {count} fields divided by tabs")
    return fields
