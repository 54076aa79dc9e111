"""What the calls of each account cost, by day and kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, func, select

from inbox.message import Account
from inbox.ports import Spent
from store.codec import account_name, account_of
from store.statements import insert_into
from store.tables import spending


class Spending:
    """Implements inbox.ports.Spending."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, account: Account, what: str, cost: int, *, on: date) -> None:
        insert = insert_into(spending, self._connection.dialect).values(
            account=account_name(account), day=on.isoformat(), what=what, calls=1, cost=cost
        )
        more = insert.on_conflict_do_update(
            index_elements=["account", "day", "what"],
            set_={"calls": spending.c.calls + 1, "cost": spending.c.cost + insert.excluded.cost},
        )
        self._connection.execute(more)

    def total(self, account: Account, *, since: date) -> int:
        query = select(func.sum(spending.c.cost)).where(
            spending.c.account == account_name(account), spending.c.day >= since.isoformat()
        )
        return int(self._connection.execute(query).scalar() or 0)

    def listed(self, *, since: date) -> Sequence[Spent]:
        query = (
            select(spending)
            .where(spending.c.day >= since.isoformat())
            .order_by(spending.c.account, spending.c.day, spending.c.what)
        )
        return [
            Spent(
                account=account_of(row.account),
                day=date.fromisoformat(row.day),
                what=row.what,
                calls=row.calls,
                cost=row.cost,
            )
            for row in self._connection.execute(query)
        ]
