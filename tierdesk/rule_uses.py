"""How often each rule of the running list matched, for the desk."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from inbox.ports import Store
from router.rules import OrderedRule
from router.usage import matched
from tierdesk.current_rules import CurrentRouter
from workspace.rules_list import RuleUse

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


def rule_uses(store: Store, current: CurrentRouter, at: datetime) -> list[RuleUse]:
    """In the list's order; always-rules last. The stored history is streamed."""
    week: Counter[str] = Counter()
    month: Counter[str] = Counter()
    for stored in store.all_messages(since=at - MONTH):
        names = [] if stored.decision is None else [*matched(stored.decision)]
        month.update(names)
        week.update(names if stored.message.created_at >= at - WEEK else [])
    return [
        RuleUse(
            position=rule.position if isinstance(rule, OrderedRule) else None,
            name=rule.name,
            shadow=rule.shadow,
            week=week[rule.name],
            month=month[rule.name],
        )
        for rule in current.ordered.rules.rules
    ]
