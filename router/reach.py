"""Which rules can never decide anything, because an earlier one always wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    Words,
)
from router.rules import OrderedRule


def unreachable(rules: Sequence[OrderedRule]) -> Iterator[tuple[OrderedRule, OrderedRule]]:
    """Each rule with the first one above it that holds whenever it holds. Only what is certain."""
    for at, rule in enumerate(rules):
        for earlier in rules[:at]:
            if not earlier.shadow and implies(rule.when, earlier.when):
                yield rule, earlier
                break


def implies(narrow: Condition, wide: Condition) -> bool:
    """Does `wide` surely hold for every message for which `narrow` holds?"""
    if isinstance(wide, Everything) or narrow == wide:
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


_SETS: dict[type, str] = {
    OneOf: "values",
    About: "topics",
    Holds: "classes",
    Handles: "handles",
}


def _atom(narrow: Condition, wide: Condition) -> bool:
    same_fact = getattr(narrow, "fact", None) == getattr(wide, "fact", None)
    if type(narrow) is not type(wide) or not same_fact:
        return False
    if (values := _SETS.get(type(narrow))) is not None:
        return bool(getattr(narrow, values) <= getattr(wide, values))
    match narrow, wide:
        case Words(), Words():
            return _words(narrow, wide)
        case Between(), Between():
            return _within(narrow, wide)
        case Not(), Not():
            return implies(wide.part, narrow.part)
    return False


def _words(narrow: Words, wide: Words) -> bool:
    if wide.every:
        alone = narrow.every or len(narrow.numbers) == 1
        return alone and wide.numbers <= narrow.numbers
    if narrow.every:
        return not wide.numbers.isdisjoint(narrow.numbers)
    return narrow.numbers <= wide.numbers


def _within(narrow: Between, wide: Between) -> bool:
    low = wide.least is None or (narrow.least is not None and narrow.least >= wide.least)
    high = wide.most is None or (narrow.most is not None and narrow.most <= wide.most)
    return low and high
