"""`/tierdesk rules`: the rules in their order, and how often each matched. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from workspace import rule_words
from workspace.blocks import Shown, listed
from workspace.fitting import ANSWER
from workspace.mrkdwn import brief


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleUse:
    """`position` is None for an always-rule; `week` and `month` count messages of 7 and 30 days."""

    position: int | None
    name: str
    shadow: bool
    week: int
    month: int


def rules_list(uses: Sequence[RuleUse]) -> Shown:
    """All of them, or those that tell most: first what matched something, then always-rules."""
    kept = _kept(uses)
    lines = [_line(use) for use in uses if use in kept]
    if left := len(uses) - len(lines):
        lines.append(rule_words.RULES_LEFT.format(number=left))
    return Shown(text=rule_words.RULES, blocks=tuple(listed(rule_words.RULES, lines)))


def _kept(uses: Sequence[RuleUse]) -> frozenset[RuleUse]:
    by_worth = sorted(uses, key=lambda use: (not use.month, use.position is not None))
    taken = accumulate(ANSWER.of(_line(use)) for use in by_worth)
    return frozenset(use for use, size in zip(by_worth, taken, strict=True) if size <= ANSWER.most)


def _line(use: RuleUse) -> str:
    place = rule_words.ALWAYS if use.position is None else str(use.position)
    name = brief(use.name, 60) + (f" ({rule_words.SHADOW})" if use.shadow else "")
    return f"{place} · {name}: {rule_words.matched(use.week, use.month)}"
