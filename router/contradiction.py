"""Conditions that no message can fulfil."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from router import quotes
from router.conditions import All, AnyOf, CaseOpen, Condition, Flag, Not
from router.logic import SETS, always, excludes, same_kind

_ALWAYS_KNOWN = frozenset({"business_hours", "first_contact", "vip"})
"""Facts that are either yes or no, of every message."""


def contradiction(when: Condition) -> str | None:
    """The parts that exclude each other, in words; None where nothing is certain."""
    why = _impossible([*dict.fromkeys(flat(when))])
    return None if why is None else quotes.nobody_said(why)


def _impossible(parts: list[Condition]) -> str | None:
    plain = [part for part in parts if not isinstance(part, AnyOf)]
    for one, other in combinations(plain, 2):
        if excludes(one, other):
            return f"{one.holds} and {other.holds}"
    for part in plain:
        if isinstance(part, Not) and always(part.part):
            return part.holds
        if without := _all_ruled_out(part, plain):
            return " and ".join([part.holds, *(one.holds for one in without)])
    for choice in parts:
        if isinstance(choice, AnyOf) and (why := _no_branch(choice, plain)):
            return why
    return None


def _no_branch(choice: AnyOf, plain: list[Condition]) -> str | None:
    """Why none of the alternatives is left beside the rest; None where one is."""
    found = [_impossible([*plain, *flat(branch)]) for branch in choice.parts]
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


def flat(when: Condition) -> Iterator[Condition]:
    """What must hold together: `not any` is a `not` of each, `not all` a `not` of any."""
    match when:
        case All(parts=parts):
            yield from _each(parts)
        case Not(part=Not(part=part)):
            yield from flat(part)
        case Not(part=AnyOf(parts=parts)):
            yield from _each(Not(part=part) for part in parts)
        case Not(part=All(parts=parts)):
            yield AnyOf(parts=tuple(Not(part=part) for part in parts))
        case Not(part=CaseOpen(wanted=wanted)):
            yield CaseOpen(wanted=not wanted)
        case Not(part=Flag(fact=fact) as flag) if fact in _ALWAYS_KNOWN:
            yield replace(flag, wanted=not flag.wanted)
        case _:
            yield when


def _each(parts: Iterable[Condition]) -> Iterator[Condition]:
    return (one for part in parts for one in flat(part))
