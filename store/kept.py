"""Small things that an account's integration must know again after a restart."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from inbox.message import Account
from store.codec import account_name
from store.statements import insert_into, overwrite
from store.tables import kept


class Kept:
    """Implements inbox.ports.Kept."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, account: Account, name: str) -> str | None:
        query = select(kept.c.value).where(
            kept.c.account == account_name(account), kept.c.name == name
        )
        return self._connection.execute(query).scalar()

    def set(self, account: Account, name: str, value: str) -> None:
        insert = insert_into(kept, self._connection.dialect).values(
            account=account_name(account), name=name, value=value
        )
        self._connection.execute(overwrite(insert))

    def forget_values(self, account: Account, begin: str, values: Collection[str]) -> None:
        named = kept.c.name.startswith(begin, autoescape=True)
        gone = delete(kept).where(kept.c.account == account_name(account), named)
        self._connection.execute(gone.where(kept.c.value.in_(values)))

    def forget(self, account: Account, names: Collection[str]) -> None:
        gone = delete(kept).where(kept.c.account == account_name(account), kept.c.name.in_(names))
        self._connection.execute(gone)
