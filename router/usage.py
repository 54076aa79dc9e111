"""What became of each rule: how often it decided, and how often an earlier one was faster. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from inbox.decision import Decision
from inbox.facts import Facts
from router.engine import OrderedRouter
from router.rules import AlwaysRule, OrderedRule


@dataclass(slots=True)
class Use:
    """`matched`: it decided or annotated, or would have in shadow, under the list of that time.

    `held` counts messages that an ordered rule's condition fits, `by` those of them that go to
    another rule above it in this list.
    """

    matched: int = 0
    held: int = 0
    last: datetime | None = None
    by: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beaten:
    """A rule that fits messages and decides none; `by` names those above it that do, the most
    frequent first."""

    rule: OrderedRule
    held: int
    by: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Usage:
    """Counts messages from `since` on; older ones only show which rules there were before it."""

    router: OrderedRouter
    since: datetime
    messages: int = 0
    uses: dict[str, Use] = field(default_factory=dict)
    older: set[str] = field(default_factory=set)

    def add(self, facts: Facts, decision: Decision) -> None:
        """A message with the decision that was made on it, under whatever list it was."""
        if facts.at < self.since:
            self.older.update(self._listed(decision))
            return
        self.messages += 1
        for name in matched(decision):
            use = self.of(name)
            use.matched += 1
            use.last = facts.at if use.last is None else max(use.last, facts.at)
        holding = self.router.holding(facts)
        first = next(rule for rule in holding if not rule.shadow)
        for rule in holding:
            use = self.of(rule.name)
            use.held += 1
            if rule.position > first.position:
                use.by[first.name] += 1

    def _listed(self, decision: Decision) -> Iterator[str]:
        """Names that were in the list that decided, as far as it shows."""
        yield from matched(decision)
        yield from (miss.rule for miss in decision.explanation.not_by)
        if decision.version == self.router.version:
            yield from (rule.name for rule in self.router.rules.rules)

    def of(self, name: str) -> Use:
        return self.uses.setdefault(name, Use())

    def idle(self) -> list[OrderedRule | AlwaysRule]:
        """Rules that were in the list before `since` already and fit no message after it."""
        listed = (rule for rule in self.router.rules.rules if rule.name in self.older)
        return [rule for rule in listed if not self._used(rule.name)]

    def beaten(self) -> Iterator[Beaten]:
        """The last one fits every message: that others decide is what it is for. One in shadow
        decides nothing by intent."""
        for rule in self.router.rules.ordered[:-1]:
            use = self.of(rule.name)
            if not rule.shadow and use.held and use.held == use.by.total():
                by = tuple(name for name, _ in use.by.most_common())
                yield Beaten(rule=rule, held=use.held, by=by)

    def gone(self) -> list[str]:
        """Names that decided and are in the list no more."""
        listed = {rule.name for rule in self.router.rules.rules}
        return sorted(name for name in self.uses if name not in listed)

    def rows(self) -> Iterator[tuple[OrderedRule | AlwaysRule, Use]]:
        for rule in self.router.rules.rules:
            yield rule, self.of(rule.name)

    def _used(self, name: str) -> bool:
        use = self.of(name)
        return bool(use.matched or use.held)


def matched(decision: Decision) -> Iterator[str]:
    """Every rule that had a word in it, those in shadow included."""
    yield decision.rule
    for also in (*decision.explanation.also, *decision.explanation.shadow):
        yield also.rule
