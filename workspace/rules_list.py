"""`/tierdesk rules`: the rules in their order, and how often each matched. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workspace import words
from workspace.blocks import Shown, listed
from workspace.mrkdwn import plain, short

MOST_LISTED = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleUse:
    """`position` is None for an always-rule; `week` and `month` count messages of 7 and 30 days."""

    position: int | None
    name: str
    shadow: bool
    week: int
    month: int


def rules_list(uses: Sequence[RuleUse]) -> Shown:
    lines = [_line(use) for use in uses[:MOST_LISTED]]
    if len(uses) > MOST_LISTED:
        lines.append(words.further_lines(len(uses) - MOST_LISTED))
    return Shown(text=words.RULES, blocks=tuple(listed(words.RULES, lines)))


def _line(use: RuleUse) -> str:
    place = words.ALWAYS if use.position is None else str(use.position)
    name = plain(short(use.name, 60)) + (f" ({words.SHADOW})" if use.shadow else "")
    return f"{place} · {name}: {words.matched(use.week, use.month)}"
