"""Names of things done once."""

from __future__ import annotations

from collections.abc import Collection, Set
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from store.codec import micros
from store.statements import ignore, insert_into
from store.tables import memory

_KNOWN = select(memory.c.name).where(memory.c.name.in_(bindparam("names", expanding=True)))
_ONE = select(memory.c.name).where(memory.c.name == bindparam("name"))


class Memory:
    """Implements inbox.ports.Memory."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first_time(self, name: str, *, at: datetime) -> bool:
        insert = insert_into(memory, self._connection.dialect).values(name=name, at=micros(at))
        # psycopg counts no rows of an insert, so the row itself is asked back.
        said = self._connection.execute(ignore(insert).returning(memory.c.name))
        return said.first() is not None

    def known(self, names: Collection[str]) -> Set[str]:
        found = self._connection.execute(_KNOWN, {"names": [*names]})
        return frozenset(found.scalars())

    def knows(self, name: str) -> bool:
        return self._connection.execute(_ONE, {"name": name}).first() is not None

    def forget(self, name: str) -> bool:
        gone = delete(memory).where(memory.c.name == name)
        return self._connection.execute(gone).rowcount == 1

    def forget_before(self, at: datetime, *, limit: int = 1000) -> int:
        old = select(memory.c.name).where(memory.c.at < micros(at)).order_by(memory.c.at)
        gone = delete(memory).where(memory.c.name.in_(old.limit(limit)))
        return self._connection.execute(gone).rowcount
