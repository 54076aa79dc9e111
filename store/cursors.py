"""How far each account was polled."""

from __future__ import annotations

from sqlalchemy import Connection, select

from inbox.message import Account
from store.codec import account_name
from store.statements import Rows, Stage, overwrite
from store.tables import cursors

_CURSORS = Rows(table=cursors, columns=("account", "cursor"), rank=5, conflict=overwrite)


class Cursors:
    """Implements inbox.ports.Cursors."""

    def __init__(self, connection: Connection, stage: Stage) -> None:
        self._connection = connection
        self._stage = stage

    def get(self, account: Account) -> str | None:
        self._stage.flush()
        query = select(cursors.c.cursor).where(cursors.c.account == account_name(account))
        return self._connection.execute(query).scalar()

    def set(self, account: Account, cursor: str) -> None:
        self._stage.put(_CURSORS, account, (account_name(account), cursor))
