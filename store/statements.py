"""Writing many rows fast, and the database's clock, in one form for both databases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Connection, Dialect, Table, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

    Insert = sqlite.Insert | postgresql.Insert

Row = tuple[Any, ...]

_SIZES = (32, 16, 8, 4, 2, 1)
"""Rows of one statement: few sizes, so that the driver keeps them all prepared."""

OnConflict = Callable[[Any], "Insert"]


class Now(FunctionElement[int]):
    """The database's clock, in microseconds since 1970."""

    type = BigInteger()
    inherit_cache = True


@compiles(Now, "sqlite")
def _(element: Now, compiler: SQLCompiler, **options: object) -> str:
    # julianday is exact to the millisecond only; `unixepoch('subsec')` needs SQLite 3.42.
    return "(CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000)"


@compiles(Now, "postgresql")
def _(element: Now, compiler: SQLCompiler, **options: object) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"


def plain(statement: Any) -> Insert:
    return statement  # type: ignore[no-any-return]  # both dialects' inserts, which share no type


def ignore(statement: Any) -> Insert:
    return statement.on_conflict_do_nothing()  # type: ignore[no-any-return]  # as above


def overwrite(statement: Any, *, keep: Collection[str] = ()) -> Insert:
    """Insert or, under the same primary key, replace all columns but those to `keep`."""
    table: Table = statement.table
    keys = [column.name for column in table.primary_key]
    kept = {*keys, *keep}
    rest = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in kept}
    return statement.on_conflict_do_update(  # type: ignore[no-any-return]  # as above
        index_elements=keys, set_=rest
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """An insert of many rows, each a tuple in the order of `columns`.

    `rank` orders the tables of one flush, as foreign keys want it: lower ones first.

    It is compiled once for a database and given to its driver as it is: building SQLAlchemy's
    parameters row by row costs more than SQLite's insert. Many rows go in one statement, as the
    driver lets another thread run at each: a busy one would keep the writer waiting every time.
    With `overwrite` no two rows of one flush may have the same key.
    """

    table: Table
    columns: tuple[str, ...]
    rank: int
    conflict: OnConflict = plain
    fixed: Mapping[str, Any] = field(default_factory=dict)
    after: Callable[[Connection, Sequence[Row]], None] | None = None
    _compiled: dict[tuple[str, int], str] = field(default_factory=dict)

    def write(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert, then do what is to be done `after`."""
        self.insert(connection, rows)
        if self.after is not None:
            self.after(connection, rows)

    def insert(self, connection: Connection, rows: Sequence[Row]) -> None:
        start = 0
        for size in _SIZES:
            statement = self._statement(connection.dialect, size)
            while len(rows) - start >= size:
                values = tuple(chain.from_iterable(rows[start : start + size]))
                connection.exec_driver_sql(statement, values)
                start += size

    def _statement(self, dialect: Dialect, size: int) -> str:
        known = self._compiled.get((dialect.name, size))
        if known is None:
            known = self._compiled[dialect.name, size] = self._compile(dialect, size)
        return known

    def _compile(self, dialect: Dialect, size: int) -> str:
        rows: list[dict[str, Any]] = [
            {name: bindparam(f"{name}_{n}") for name in self.columns} for n in range(size)
        ]
        insert = insert_into(self.table, dialect).values([row | dict(self.fixed) for row in rows])
        compiled = self.conflict(insert).compile(dialect=dialect)
        order = list(getattr(compiled, "positiontup", None) or ())
        if order != [row[name].key for row in rows for name in self.columns]:
            raise TypeError(f"the insert into {self.table.name} takes {order}")
        return str(compiled)


def insert_into(table: Table, dialect: Dialect) -> Any:
    """An insert that knows ON CONFLICT, which both databases spell alike."""
    if dialect.name == "sqlite":
        return sqlite.insert(table)
    # 3 MB that SQLite's users need not have.
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


class Stage:
    """Rows of one transaction that are not written yet."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[Rows, dict[object, Row]] = {}

    def add(self, rows: Rows, row: Row) -> None:
        waiting = self._waiting.setdefault(rows, {})
        waiting[len(waiting)] = row

    def put(self, rows: Rows, key: object, row: Row) -> None:
        """In place of what waits under this key."""
        self._waiting.setdefault(rows, {})[key] = row

    def drop(self) -> None:
        self._waiting = {}

    def flush(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for rows in sorted(waiting, key=lambda rows: rows.rank):
            rows.write(self._connection, tuple(waiting[rows].values()))
