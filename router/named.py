"""Whom a list of rules asks for by name."""

from __future__ import annotations

from collections.abc import Iterator

from router.conditions import All, AnyOf, Condition, Handles, Not
from router.rules import RuleSet


def named(rules: RuleSet) -> frozenset[str]:
    """The handles in its conditions, as `router.conditions.handle` writes them."""
    return frozenset(handle for rule in rules.rules for handle in _handles(rule.when))


def _handles(when: Condition) -> Iterator[str]:
    match when:
        case All(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _handles(part)
        case Not(part=part):
            yield from _handles(part)
        case Handles(handles=handles):
            yield from handles
