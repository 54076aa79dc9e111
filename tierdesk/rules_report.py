"""Once a week the operations channel hears of rules that do nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox.desk import Desk
from inbox.ports import Store
from router.usage import Beaten, Usage
from store.writer import Writer
from tierdesk.current_rules import CurrentRouter
from tierdesk.weekly import Weekly
from workspace.words import counted

LOOKED_BACK = timedelta(days=30)
BEFORE = timedelta(days=7)
"""A rule counts as silent only where a message of this time before shows that it was there."""

MOST_NAMED = 3
"""Rules that are named for deciding what another one fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesReport:
    """Told in the first hour of a week in which the product runs; nothing where all is well."""

    store: Store
    writer: Writer
    current: CurrentRouter
    desk: Desk
    now: Callable[[], datetime]

    def turn(self) -> None:
        Weekly(
            name="rules-report",
            text=lambda at: sentence(self._usage(at)),
            store=self.store,
            writer=self.writer,
            desk=self.desk,
        ).turn(self.now())

    def _usage(self, at: datetime) -> Usage:
        usage = Usage(router=self.current.ordered, since=at - LOOKED_BACK)
        for stored in self.store.all_messages(since=usage.since - BEFORE):
            if stored.facts is not None and stored.decision is not None:
                usage.add(stored.facts, stored.decision)
        return usage


def sentence(usage: Usage) -> str:
    """What is worth a look; empty where nothing is."""
    idle = ", ".join(f"“{rule.name}”" for rule in usage.idle())
    parts = [f"Rules without a match for {LOOKED_BACK.days} days: {idle}."] if idle else []
    parts += map(beaten, usage.beaten())
    return " ".join([*parts, "`tierdesk rules stats` shows them all."] if parts else [])


def beaten(one: Beaten) -> str:
    names = [f"“{name}”" for name in one.by[:MOST_NAMED]]
    more = [f"{len(one.by) - MOST_NAMED:,} more"] if len(one.by) > MOST_NAMED else []
    *others, last = [*names, *more]
    above = f"{', '.join(others)} and {last} above it do" if others else f"{last} above it does"
    return f"“{one.rule.name}” fits {counted(one.held, 'message')} and decides none: {above}."
