"""Which rules can never decide anything, because an earlier one always wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from inbox.message import Kind, Visibility
from router.conditions import (
    About,
    All,
    AnyOf,
    Between,
    Condition,
    Everything,
    Handles,
    Holds,
    Not,
    OneOf,
)
from router.phrases import Phrase, covers, phrase
from router.rules import OrderedRule
from router.wording import Words


def unreachable(rules: Sequence[OrderedRule]) -> Iterator[tuple[OrderedRule, OrderedRule]]:
    """Each rule with the first one above it that holds whenever it holds. Only what is certain."""
    for at, rule in enumerate(rules):
        for earlier in rules[:at]:
            if not earlier.shadow and implies(rule.when, earlier.when):
                yield rule, earlier
                break


def implies(narrow: Condition, wide: Condition) -> bool:
    """Does `wide` surely hold for every message for which `narrow` holds?"""
    if narrow == wide or _always(wide) or _private_anyway(narrow, wide):
        return True
    if isinstance(wide, All):
        return all(implies(narrow, part) for part in wide.parts)
    if isinstance(narrow, AnyOf):
        return all(implies(part, wide) for part in narrow.parts)
    if isinstance(wide, AnyOf) and any(implies(narrow, part) for part in wide.parts):
        return True
    if isinstance(narrow, All):
        return any(implies(part, wide) for part in narrow.parts)
    return _atom(narrow, wide)


def _always(wide: Condition) -> bool:
    """Does it leave out no value that its fact can have?"""
    if isinstance(wide, OneOf) and wide.fact in _VALUES:
        return wide.values >= _VALUES[wide.fact]
    return isinstance(wide, Everything)


def _private_anyway(narrow: Condition, wide: Condition) -> bool:
    """A direct message is private."""
    match narrow, wide:
        case OneOf(fact="kind", values=kinds), OneOf(fact="visibility", values=seen):
            return kinds == {Kind.DM} and Visibility.PRIVATE in seen
    return False


_VALUES: dict[str, frozenset[str]] = {
    "visibility": frozenset(Visibility),
    "kind": frozenset(Kind),
}
"""Every value of facts that are always known."""

SETS: dict[type, str] = {
    OneOf: "values",
    About: "topics",
    Holds: "classes",
    Handles: "handles",
}
"""Conditions that ask for any of some values, and the name of these."""


def _atom(narrow: Condition, wide: Condition) -> bool:
    if not same_kind(narrow, wide):
        return False
    if (values := SETS.get(type(narrow))) is not None:
        return bool(getattr(narrow, values) <= getattr(wide, values))
    match narrow, wide:
        case Words(), Words():
            return _words(narrow, wide)
        case Between(), Between():
            return _within(narrow, wide)
        case Not(), Not():
            return implies(wide.part, narrow.part)
    return False


def same_kind(one: Condition, other: Condition) -> bool:
    """Do they ask for the same fact in the same way?"""
    return type(one) is type(other) and getattr(one, "fact", None) == getattr(other, "fact", None)


def _words(narrow: Words, wide: Words) -> bool:
    said, asked = _read(narrow), _read(wide)
    if wide.every:
        alone = narrow.every or len(said) == 1
        return alone and all(any(covers(one, by) for by in said) for one in asked)
    covered = (any(covers(one, by) for one in asked) for by in said)
    return any(covered) if narrow.every else all(covered)


@lru_cache(maxsize=1024)
def _read(words: Words) -> list[Phrase]:
    return [phrase(written) for written, _ in words.phrases]


def _within(narrow: Between, wide: Between) -> bool:
    low = wide.least is None or (narrow.least is not None and narrow.least >= wide.least)
    high = wide.most is None or (narrow.most is not None and narrow.most <= wide.most)
    return low and high
