"""Once a week the operations channel hears of rules that do nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from inbox.desk import Desk
from inbox.ports import Store, Unit
from router.usage import Beaten, Usage
from store.writer import Writer
from tierdesk.current_rules import CurrentRouter
from tierdesk.weekly import Weekly
from workspace.words import counted

LOOKED_BACK = timedelta(days=30)
BEFORE = timedelta(days=7)
"""A rule counts as silent only where a message of this time before shows that it was there."""

NOTED = timedelta(weeks=4)
"""Or where the report of so long ago noted it: not later forgotten than anything else is."""

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
            text=self._text,
            store=self.store,
            writer=self.writer,
            desk=self.desk,
        ).turn(self.now())

    def _text(self, at: datetime) -> str:
        usage = self._usage(at)
        usage.older |= self._listed(at - NOTED)
        self.writer.run(lambda unit: self._note(unit, at))
        return sentence(usage)

    def _note(self, unit: Unit, at: datetime) -> None:
        """An always-rule that adds nothing leaves no trace in the history."""
        for rule in self.current.ordered.rules.rules:
            unit.memory.first_time(_noted(rule.name, at), at=at)

    def _listed(self, at: datetime) -> set[str]:
        """Those rules of today that the report of that week noted."""
        names = {_noted(rule.name, at): rule.name for rule in self.current.ordered.rules.rules}
        with self.store.read() as unit:
            return {names[known] for known in unit.memory.known(names)}

    def _usage(self, at: datetime) -> Usage:
        usage = Usage(router=self.current.ordered, since=at - LOOKED_BACK)
        for stored in self.store.all_messages(since=usage.since - BEFORE):
            if stored.facts is not None and stored.decision is not None:
                usage.add(stored.facts, stored.decision)
        return usage


def _noted(rule: str, at: datetime) -> str:
    year, week, _ = at.isocalendar()
    return f"rule-listed:{year}-{week}:{sha256(rule.encode()).hexdigest()[:16]}"


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
