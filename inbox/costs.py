"""What each account's calls cost, as the operator reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from inbox.budget import Stretch, stretches
from inbox.message import Account
from inbox.ports import Budget, Connection, Spent, Unit

_MILLIONTHS = "µ$"


class KindOfCall(Struct, frozen=True, kw_only=True):
    """One kind of call of an account in this month."""

    what: str
    calls: int
    cost: int


class Costs(Struct, frozen=True, kw_only=True):
    """One account's spending; `kinds` are this month's, the dearest first."""

    account: Account
    unit: str
    today: Stretch
    month: Stretch
    kinds: tuple[KindOfCall, ...]


def costs(
    unit: Unit, connections: Mapping[Account, Connection], *, at: datetime
) -> Sequence[Costs]:
    """Of every account whose calls cost something."""
    listed = unit.spending.listed(since=at.date() - timedelta(days=32))
    return [
        _of(account, connection.budget, [s for s in listed if s.account == account], at)
        for account, connection in connections.items()
        if connection.budget is not None
    ]


def _of(account: Account, budget: Budget, spent: Sequence[Spent], at: datetime) -> Costs:
    def since(first: date) -> int:
        return sum(one.cost for one in spent if one.day >= first)

    today, month = stretches(budget, since, at=at)
    this_month = [one for one in spent if one.day >= month.begins.date()]
    return Costs(
        account=account, unit=budget.unit, today=today, month=month, kinds=_by_kind(this_month)
    )


def _by_kind(spent: Iterable[Spent]) -> tuple[KindOfCall, ...]:
    together: dict[str, tuple[int, int]] = {}
    for one in spent:
        calls, cost = together.get(one.what, (0, 0))
        together[one.what] = (calls + one.calls, cost + one.cost)
    kinds = (KindOfCall(what=w, calls=n, cost=c) for w, (n, c) in together.items())
    return tuple(sorted(kinds, key=lambda kind: (-kind.cost, kind.what)))


def amount(number: int, unit: str) -> str:
    """A cost in words: millionths of a dollar as dollars, anything else with its unit."""
    return f"${number / 1e6:,.2f}" if unit == _MILLIONTHS else f"{number:,} {unit}"
