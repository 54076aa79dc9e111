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
    """`matched`: it decided or annotated, or would have in shadow. `held` counts messages that an
    ordered rule's condition fits, whoever decided; `by` names who did where it did not.
    """

    matched: int = 0
    held: int = 0
    last: datetime | None = None
    by: Counter[str] = field(default_factory=Counter)


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
            self.older.add(decision.rule)
            self.older.update(miss.rule for miss in decision.explanation.not_by)
            return
        self.messages += 1
        for name in matched(decision):
            use = self.of(name)
            use.matched += 1
            use.last = facts.at if use.last is None else max(use.last, facts.at)
        winner = decision.rule
        for rule in self.router.holding(facts):
            use = self.of(rule)
            use.held += 1
            use.by.update([winner] if winner != rule else [])

    def of(self, name: str) -> Use:
        return self.uses.setdefault(name, Use())

    def idle(self) -> list[OrderedRule]:
        """Rules that were in the list before `since` already and fit no message after it."""
        listed = (rule for rule in self.router.rules.ordered if rule.name in self.older)
        return [rule for rule in listed if not self._used(rule.name)]

    def beaten(self) -> Iterator[tuple[OrderedRule, str, int]]:
        """Rules that fit and never matched; who decided most often instead; how many fitted.

        The last one fits every message: that others decide is what it is for.
        """
        for rule in self.router.rules.ordered[:-1]:
            use = self.of(rule.name)
            if use.held and not use.matched and use.by:
                yield rule, use.by.most_common(1)[0][0], use.held

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
