"""How well the rules decide a team's own labelled messages. Pure: counts in, figures out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

IGNORED = "X"
"""The label of a message that is not for us."""

SELF_SERVICE = "0"
"""The tier of what the bot answers."""

PRIVATE = 2
"""The first private tier where no desk says it: it and those above need a private way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One labelled message and what the rules said. Tiers are numbers as text, or X; `private` is
    the first private one, None where the desk has none.
    """

    id: str
    expected: str
    decided: str
    language: str
    topic: str
    rule: str
    text: str
    private: int | None = PRIVATE

    @property
    def needed_private(self) -> bool:
        return self._private(self.expected)

    @property
    def was_private(self) -> bool:
        return self._private(self.decided)

    @property
    def badness(self) -> int:
        """How bad the mistake is: 0 none, the worst the highest."""
        if self.expected == self.decided:
            return 0
        worst_first = (
            self.needed_private and self.decided == SELF_SERVICE,
            self.needed_private and not self.was_private,
            self.decided == IGNORED,
            self.decided == SELF_SERVICE,
            self.was_private and not self.needed_private,
            True,
        )
        return len(worst_first) - worst_first.index(True)

    def _private(self, tier: str) -> bool:
        return self.private is not None and tier.isdecimal() and int(tier) >= self.private


@dataclass(slots=True)
class Figures:
    """Of one group of messages: how many, how the private ones were found, and how many of each
    tier were decided as which.
    """

    messages: int = 0
    private: int = 0
    found: int = 0
    said: int = 0
    automatic: int = 0
    leaked: int = 0
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, judged: Judged) -> None:
        self.messages += 1
        self.private += judged.needed_private
        self.said += judged.was_private
        self.found += judged.needed_private and judged.was_private
        self.automatic += judged.decided == SELF_SERVICE
        self.leaked += judged.decided == SELF_SERVICE and judged.needed_private
        self.confusion[judged.expected, judged.decided] += 1

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
    """Everything counted: of all messages, by language and by topic, and the mistakes."""

    all: Figures = field(default_factory=Figures)
    languages: dict[str, Figures] = field(default_factory=dict)
    topics: dict[str, Figures] = field(default_factory=dict)
    mistakes: list[Judged] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
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
