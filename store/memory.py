"""Names of things done once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from store.codec import micros
from store.statements import ignore, insert_into
from store.tables import memory


class Memory:
    """Implements inbox.ports.Memory."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first_time(self, name: str, *, at: datetime) -> bool:
        insert = insert_into(memory, self._connection.dialect).values(name=name, at=micros(at))
        # psycopg counts no rows of an insert, so the row itself is asked back.
        said = self._connection.execute(ignore(insert).returning(memory.c.name))
        return said.first() is not None

    def knows(self, name: str) -> bool:
        known = select(memory.c.name).where(memory.c.name == name)
        return self._connection.execute(known).first() is not None

    def forget(self, name: str) -> bool:
        gone = delete(memory).where(memory.c.name == name)
        return self._connection.execute(gone).rowcount == 1

    def forget_before(self, at: datetime, *, limit: int = 1000) -> int:
        old = select(memory.c.name).where(memory.c.at < micros(at)).order_by(memory.c.at)
        gone = delete(memory).where(memory.c.name.in_(old.limit(limit)))
        return self._connection.execute(gone).rowcount
