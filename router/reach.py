"""Which rules can never decide anything, because an earlier one always wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.conditions import All, Condition, Not
from router.contradiction import contradiction, flat
from router.logic import implies
from router.rules import OrderedRule


def unreachable(rules: Sequence[OrderedRule]) -> Iterator[tuple[OrderedRule, OrderedRule]]:
    """Each rule with the first one above it that holds whenever it holds. Only what is certain."""
    above: list[tuple[OrderedRule, Condition, bool]] = []
    for rule in rules:
        when = _plain(rule.when)
        for earlier, wide, always in above:
            if always or implies(when, wide):
                yield rule, earlier
                break
        if not rule.shadow:
            above.append((rule, when, contradiction(Not(part=when)) is not None))


def _plain(when: Condition) -> Condition:
    """The same without a `not` that says what can be said without it."""
    first, *more = flat(when)
    return All(parts=(first, *more)) if more else first
