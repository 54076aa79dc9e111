"""Conditions that no message can fulfil."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from inbox.message import Kind, Visibility
from router import quotes
from router.conditions import (
    All,
    AnyOf,
    Between,
    CaseOpen,
    Condition,
    Flag,
    Not,
    OneOf,
    UnknownLanguage,
)
from router.reach import SETS, implies, same_kind

_CLOSED = frozenset({"closed"})
_ALWAYS_KNOWN = frozenset({"business_hours", "first_contact", "vip"})
"""Facts that are either yes or no, of every message."""


def contradiction(when: Condition) -> str | None:
    """The parts that exclude each other, in words; None where nothing is certain."""
    why = _impossible(list(_flat(when)))
    return None if why is None else quotes.nobody_said(why)


def _impossible(parts: list[Condition]) -> str | None:
    plain = [part for part in parts if not isinstance(part, AnyOf)]
    for one, other in combinations(plain, 2):
        if _exclude(one, other) or _exclude(other, one):
            return f"{one.holds} and {other.holds}"
    for part in plain:
        if without := _all_ruled_out(part, plain):
            return " and ".join([part.holds, *(one.holds for one in without)])
    for choice in parts:
        if isinstance(choice, AnyOf) and (why := _no_branch(choice, plain)):
            return why
    return None


def _no_branch(choice: AnyOf, plain: list[Condition]) -> str | None:
    """Why none of the alternatives is left beside the rest; None where one is."""
    found = [_impossible([*plain, *_flat(branch)]) for branch in choice.parts]
    return found[0] if found and all(found) else None


def _all_ruled_out(wanted: Condition, plain: list[Condition]) -> list[Not]:
    """What together rules out every value that it asks for; empty where one is left."""
    name = SETS.get(type(wanted))
    if name is None:
        return []
    left = getattr(wanted, name)
    against: list[Not] = []
    for part in plain:
        if isinstance(part, Not) and same_kind(part.part, wanted):
            left, before = left - getattr(part.part, name), left
            against += [part] if left != before else []
    return [] if left else against


def _flat(when: Condition) -> Iterator[Condition]:
    """What must hold together: `not any` is a `not` of each."""
    match when:
        case All(parts=parts):
            yield from _each(parts)
        case Not(part=Not(part=part)):
            yield from _flat(part)
        case Not(part=AnyOf(parts=parts)):
            yield from _each(Not(part=part) for part in parts)
        case Not(part=Flag(fact=fact) as flag) if fact in _ALWAYS_KNOWN:
            yield replace(flag, wanted=not flag.wanted)
        case _:
            yield when


def _each(parts: Iterable[Condition]) -> Iterator[Condition]:
    return (flat for part in parts for flat in _flat(part))


def _exclude(one: Condition, other: Condition) -> bool:
    match one, other:
        case Not(part=part), _:
            return implies(other, part)
        case OneOf(fact="visibility", values=seen), OneOf(fact="kind", values=kinds):
            return seen == {Visibility.PUBLIC} and kinds == {Kind.DM}
        case OneOf(fact="case_status", values=states), CaseOpen(wanted=wanted):
            return states <= _CLOSED if wanted else states.isdisjoint(_CLOSED)
        case OneOf(fact="language"), UnknownLanguage():
            return True
    return _same_fact(one, other)


def _same_fact(one: Condition, other: Condition) -> bool:
    """Two wishes for one fact that cannot both be fulfilled."""
    match one, other:
        case OneOf(), OneOf():
            return one.fact == other.fact and one.values.isdisjoint(other.values)
        case Flag(), Flag():
            return one.fact == other.fact and one.wanted is not other.wanted
        case CaseOpen(), CaseOpen():
            return one.wanted is not other.wanted
        case Between(least=int(least)), Between(most=int(most)):
            return one.fact == other.fact and least > most
    return False
