"""How well the rules decide a team's own labelled messages. Pure: counts in, figures out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

IGNORED = "X"
"""The label of a message that is not for us."""

PRIVATE = 2
"""The first private tier of labels: 2 and above need a private way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One labelled message and what the rules said. Tiers are numbers as text, or X."""

    id: str
    expected: str
    decided: str
    language: str
    topic: str
    rule: str
    text: str

    @property
    def needed_private(self) -> bool:
        return _private(self.expected)

    @property
    def was_private(self) -> bool:
        return _private(self.decided)

    @property
    def badness(self) -> int:
        """How bad the mistake is: 0 none, 3 the bot answered what needed a private way."""
        if self.needed_private and not self.was_private:
            return 3 if self.decided == "0" else 2
        return int(self.was_private and not self.needed_private)


def _private(tier: str) -> bool:
    return tier.isdecimal() and int(tier) >= PRIVATE


@dataclass(slots=True)
class Figures:
    """Of one group of messages: how many, and how the private ones were found."""

    messages: int = 0
    private: int = 0
    found: int = 0
    said: int = 0
    automatic: int = 0
    leaked: int = 0

    def add(self, judged: Judged) -> None:
        self.messages += 1
        self.private += judged.needed_private
        self.said += judged.was_private
        self.found += judged.needed_private and judged.was_private
        self.automatic += judged.decided == "0"
        self.leaked += judged.decided == "0" and judged.needed_private

    @property
    def recall(self) -> float | None:
        """Share of the messages that need a private way and got one."""
        return self.found / self.private if self.private else None

    @property
    def precision(self) -> float | None:
        """Share of the messages sent a private way that need it."""
        return self.found / self.said if self.said else None


@dataclass(slots=True)
class Evaluation:
    """Everything counted: by tier against tier, by language, by topic, and the worst mistakes."""

    all: Figures = field(default_factory=Figures)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    languages: dict[str, Figures] = field(default_factory=dict)
    topics: dict[str, Figures] = field(default_factory=dict)
    mistakes: list[Judged] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        self.confusion[judged.expected, judged.decided] += 1
        for figures in (
            self.all,
            self.languages.setdefault(judged.language, Figures()),
            self.topics.setdefault(judged.topic, Figures()),
        ):
            figures.add(judged)
        if judged.badness:
            self.mistakes.append(judged)

    def worst(self, most: int) -> list[Judged]:
        """The worst mistakes first; among equals as they came."""
        return sorted(self.mistakes, key=lambda judged: -judged.badness)[:most]
