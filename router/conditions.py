"""What a rule can ask. Each condition is a pure test on frozen facts that speaks for itself.

`holds` and `fails` say the condition and its contrary in words; `failure` returns the words only
where it does not hold; `reasons` names the facts that made it hold. All quote words as
router.quotes has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from inbox.clearance import LABELS, DataClass
from router import quotes
from router.seen import Seen, found


class Condition(Protocol):
    @property
    def holds(self) -> str: ...
    @property
    def fails(self) -> str: ...
    def failure(self, seen: Seen) -> str | None:
        """Why it does not hold, in words; None where it holds."""
        ...

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        """The facts that made it hold, with the words that triggered them."""
        ...


def _either(names: object) -> str:
    *others, last = sorted(map(str, names))  # type: ignore[call-overload]
    return f"{', '.join(others)} or {last}" if others else str(last)


@dataclass(frozen=True)
class Everything:
    """Holds for every message."""

    holds = "every message"
    fails = "no message"

    def failure(self, seen: Seen) -> str | None:
        return None

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        return (self.holds,)


@dataclass(frozen=True, kw_only=True)
class All:
    parts: tuple[Condition, ...]

    @cached_property
    def holds(self) -> str:
        return " and ".join(part.holds for part in self.parts)

    @cached_property
    def fails(self) -> str:
        return f"not all of: {quotes.nobody_said(self.holds)}"

    def failure(self, seen: Seen) -> str | None:
        for part in self.parts:
            if (failed := part.failure(seen)) is not None:
                return failed
        return None

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        return tuple(reason for part in self.parts for reason in part.reasons(seen))


@dataclass(frozen=True, kw_only=True)
class AnyOf:
    parts: tuple[Condition, ...]

    @cached_property
    def holds(self) -> str:
        return f"({' or '.join(part.holds for part in self.parts)})"

    @cached_property
    def fails(self) -> str:
        return "; ".join(part.fails for part in self.parts)

    def failure(self, seen: Seen) -> str | None:
        for part in self.parts:
            if part.failure(seen) is None:
                return None
        return self.fails

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        holding = (part for part in self.parts if part.failure(seen) is None)
        return tuple(reason for part in holding for reason in part.reasons(seen))


@dataclass(frozen=True, kw_only=True)
class Not:
    part: Condition

    @property
    def holds(self) -> str:
        return self.part.fails

    @property
    def fails(self) -> str:
        return self.part.holds

    def failure(self, seen: Seen) -> str | None:
        return self.part.holds if self.part.failure(seen) is None else None

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        return (self.part.failure(seen) or self.part.fails,)


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """A fact that is one word: network, account, visibility, kind, language, case status.

    `fact` names the field of Facts; a fact that is not known is in no list.
    """

    fact: str
    values: frozenset[str]

    @cached_property
    def _name(self) -> str:
        return self.fact.replace("_", " ")

    @cached_property
    def holds(self) -> str:
        return f"{self._name} is {_either(self.values)}"

    @cached_property
    def fails(self) -> str:
        return f"{self._name} is not {_either(self.values)}"

    def failure(self, seen: Seen) -> str | None:
        return None if getattr(seen.facts, self.fact) in self.values else self.fails

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        return (f"{self._name} {getattr(seen.facts, self.fact)}",)


@dataclass(frozen=True, kw_only=True)
class UnknownLanguage:
    """Nobody could tell the language."""

    holds = "language is unknown"
    fails = "language is known"

    def failure(self, seen: Seen) -> str | None:
        return None if seen.facts.language is None else self.fails

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        return (self.holds,)


@dataclass(frozen=True, kw_only=True)
class About:
    """Any of these topics."""

    topics: frozenset[str]

    @cached_property
    def holds(self) -> str:
        return f"topic is {_either(self.topics)}"

    @cached_property
    def fails(self) -> str:
        return f"topic is not {_either(self.topics)}"

    def failure(self, seen: Seen) -> str | None:
        missing = self.topics.isdisjoint(seen.topics)
        return "; ".join([self.fails, *seen.hints(self.topics)]) if missing else None

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        return tuple(seen.about(name) for name in sorted(self.topics & seen.topics))


@dataclass(frozen=True, kw_only=True)
class Holds:
    """Personal data of any of these classes stands in the text."""

    classes: frozenset[DataClass]

    @cached_property
    def holds(self) -> str:
        return f"text holds {_either(LABELS[cls] for cls in self.classes)}"

    @cached_property
    def fails(self) -> str:
        if len(self.classes) == len(DataClass):
            return "no personal data found"
        return f"no {_either(LABELS[cls] for cls in self.classes)} found"

    def failure(self, seen: Seen) -> str | None:
        return self.fails if self.classes.isdisjoint(seen.classes) else None

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        return tuple(found(cls) for cls in sorted(self.classes & seen.classes))


@dataclass(frozen=True, kw_only=True)
class Handles:
    """The author is one of these, without regard to case or a leading @."""

    handles: frozenset[str]

    @cached_property
    def holds(self) -> str:
        return f"author is {_either(self.handles)}"

    @cached_property
    def fails(self) -> str:
        return f"author is not {_either(self.handles)}"

    def failure(self, seen: Seen) -> str | None:
        return None if handle(seen.facts.author) in self.handles else self.fails

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        return (f"author {seen.facts.author}",)


def handle(written: str) -> str:
    return written.strip().removeprefix("@").casefold()


@dataclass(frozen=True, kw_only=True)
class Flag:
    """A fact that is yes or no; what the network does not tell is neither.

    `yes` and `no` say the two in words.
    """

    fact: str
    wanted: bool
    yes: str
    no: str

    @property
    def holds(self) -> str:
        return self.yes if self.wanted else self.no

    @property
    def fails(self) -> str:
        return self.no if self.wanted else self.yes

    def failure(self, seen: Seen) -> str | None:
        value = getattr(seen.facts, self.fact)
        if value is None:
            return f"not known whether {self.yes}"
        return None if value is self.wanted else self.fails

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        return (self.holds,)


@dataclass(frozen=True, kw_only=True)
class CaseOpen:
    """The message joins a case that is (or, not `wanted`, is not) open."""

    wanted: bool

    @property
    def holds(self) -> str:
        return "joins an open case" if self.wanted else "joins no open case"

    @property
    def fails(self) -> str:
        return "joins no open case" if self.wanted else "joins an open case"

    def failure(self, seen: Seen) -> str | None:
        is_open = seen.facts.case_status not in (None, "closed")
        return None if is_open is self.wanted else self.fails

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        return (self.holds,)


@dataclass(frozen=True, kw_only=True)
class Between:
    """A number from `least` to `most`, both included; one that is not known is in no range."""

    fact: str
    least: int | None = None
    most: int | None = None

    @cached_property
    def _name(self) -> str:
        return self.fact.replace("_", " ")

    @cached_property
    def _range(self) -> str:
        if self.least is not None and self.least == self.most:
            return f"{self._name} = {self.least:,}"
        low = f" ≥ {self.least:,}" if self.least is not None else ""
        high = f" ≤ {self.most:,}" if self.most is not None else ""
        return f"{self._name}{low}{' and' if low and high else ''}{high}"

    @property
    def holds(self) -> str:
        return self._range

    @property
    def fails(self) -> str:
        return f"not {self._range}"

    def failure(self, seen: Seen) -> str | None:
        value = number(seen, self.fact)
        if value is None:
            return f"{self._name} is not known"
        if self.least is not None and value < self.least:
            return f"{self._name} is {value:,}, less than {self.least:,}"
        if self.most is not None and value > self.most:
            return f"{self._name} is {value:,}, more than {self.most:,}"
        return None

    def reasons(self, seen: Seen) -> tuple[str, ...]:
        value = number(seen, self.fact)
        return (f"{self._name} {value:,}",) if value is not None else ()


def number(seen: Seen, fact: str) -> int | None:
    """A fact that counts; `length` is the text's, in characters."""
    if fact == "length":
        return len(seen.facts.text)
    value: int | None = getattr(seen.facts, fact)
    return value
