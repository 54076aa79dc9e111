"""What surely follows from a condition, and what it surely excludes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from inbox.case import Status
from inbox.message import Kind, Visibility
from router.conditions import (
    About,
    All,
    AnyOf,
    Between,
    CaseOpen,
    Condition,
    Everything,
    Flag,
    Handles,
    Holds,
    Not,
    OneOf,
    UnknownLanguage,
)
from router.phrases import Phrase, covers, phrase
from router.wording import Words


def implies(narrow: Condition, wide: Condition) -> bool:
    """Does `wide` surely hold for every message for which `narrow` holds?"""
    if narrow == wide or always(wide) or _follows(narrow, wide):
        return True
    if isinstance(wide, All):
        return all(implies(narrow, part) for part in wide.parts)
    if isinstance(narrow, AnyOf):
        return all(implies(part, wide) for part in narrow.parts)
    if isinstance(wide, AnyOf) and _shared_out(narrow, wide):
        return True
    if isinstance(narrow, All):
        return any(implies(part, wide) for part in narrow.parts)
    return _atom(narrow, wide)


def _shared_out(narrow: Condition, wide: AnyOf) -> bool:
    """Does one of the alternatives follow from each value that it asks for?"""
    return all(any(implies(one, part) for part in wide.parts) for one in _by_value(narrow))


def _by_value(condition: Condition) -> Sequence[Condition]:
    match condition:
        case OneOf(fact=fact, values=values):
            return [OneOf(fact=fact, values=frozenset({one})) for one in values]
        case About(topics=topics):
            return [About(topics=frozenset({one})) for one in topics]
        case Holds(classes=classes):
            return [Holds(classes=frozenset({one})) for one in classes]
    return [condition]


def always(wide: Condition) -> bool:
    """Does it leave out no value that its fact can have?"""
    match wide:
        case OneOf(fact=fact, values=values) if fact in _VALUES:
            return values >= _VALUES[fact]
        case Between(fact=fact, least=least, most=None) if fact in _COUNTED:
            return not least
    return isinstance(wide, Everything)


def _follows(narrow: Condition, wide: Condition) -> bool:
    """From one fact for another: direct messages and menus are private, stars are a review's."""
    match narrow, wide:
        case OneOf(fact="kind" | "menu_choice"), OneOf(fact="visibility", values=seen):
            return Visibility.PRIVATE in seen and _private(narrow)
        case Between(fact="rating"), OneOf(fact="kind", values=kinds):
            return Kind.REVIEW in kinds
        case OneOf(fact="case_status", values=states), CaseOpen(wanted=wanted):
            return states.isdisjoint(_CLOSED) if wanted else states <= _CLOSED
        case CaseOpen(wanted=True), OneOf(fact="case_status", values=states):
            return states >= frozenset(Status) - _CLOSED
        case Not(part=OneOf(fact=fact, values=values)), OneOf() if fact in _VALUES:
            return wide.fact == fact and _VALUES[fact] - values <= wide.values
    return False


def _private(one: OneOf) -> bool:
    """Does it hold for private messages alone?"""
    return one.fact == "menu_choice" or one.values == {Kind.DM}


_CLOSED = frozenset({"closed"})

_COUNTED = frozenset({"length", "links", "attachments"})
"""Facts of every message that are numbers from zero up."""

_VALUES: dict[str, frozenset[str]] = {
    "visibility": frozenset(Visibility),
    "kind": frozenset(Kind),
}
"""Every value of facts that are always known."""


def excludes(one: Condition, other: Condition) -> bool:
    """Can no message fulfil both?"""
    return _without(one, other) or _without(other, one) or _apart(one, other)


def _without(one: Condition, other: Condition) -> bool:
    match one, other:
        case Not(part=part), _:
            return implies(other, part)
        case OneOf(fact="kind" | "menu_choice"), OneOf(fact="visibility", values=seen):
            return seen == {Visibility.PUBLIC} and _private(one)
        case Between(fact="rating"), OneOf(fact="kind", values=kinds):
            return Kind.REVIEW not in kinds
        case OneOf(fact="case_status", values=states), CaseOpen(wanted=wanted):
            return states <= _CLOSED if wanted else states.isdisjoint(_CLOSED)
        case OneOf(fact="language"), UnknownLanguage():
            return True
    return False


def _apart(one: Condition, other: Condition) -> bool:
    """Two wishes for one fact that cannot both be fulfilled."""
    match one, other:
        case OneOf(), OneOf():
            return one.fact == other.fact and one.values.isdisjoint(other.values)
        case Flag(), Flag():
            return one.fact == other.fact and one.wanted is not other.wanted
        case CaseOpen(), CaseOpen():
            return one.wanted is not other.wanted
        case Between(), Between():
            return one.fact == other.fact and (_above(one, other) or _above(other, one))
    return False


def _above(one: Between, other: Between) -> bool:
    return one.least is not None and other.most is not None and one.least > other.most


SETS: dict[type, str] = {
    OneOf: "values",
    About: "topics",
    Holds: "classes",
    Handles: "handles",
}
"""Conditions that ask for any of some values, and the name of these."""


def _atom(narrow: Condition, wide: Condition) -> bool:
    if isinstance(wide, Not):
        return excludes(narrow, wide.part)
    if not same_kind(narrow, wide):
        return False
    if (values := SETS.get(type(narrow))) is not None:
        return bool(getattr(narrow, values) <= getattr(wide, values))
    match narrow, wide:
        case Words(), Words():
            return _words(narrow, wide)
        case Between(), Between():
            return _within(narrow, wide)
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
