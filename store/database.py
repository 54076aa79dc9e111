"""The database: SQLite in a file, or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError

from inbox.changes import CaseEvent, Corrected
from inbox.ports import Stored
from store import engines, migration, ownership
from store.messages import Messages
from store.numbers import Pool
from store.statements import Stage
from store.unit import Unit
from store.unusable import Unusable

_STREAMED = 500


class Database:
    """Implements inbox.ports.Store. One per process; safe to use from many threads."""

    def __init__(self, opened: engines.Engines) -> None:
        self._engines = opened
        self._numbers = Pool()

    @contextmanager
    def read(self) -> Iterator[Unit]:
        with self._engines.reading.connect() as connection:
            yield Unit(connection, self._numbers, writing=False)

    @contextmanager
    def transact(self) -> Iterator[Unit]:
        with self.writing() as connection, self.job(connection) as unit:
            yield unit

    def all_messages(self, *, since: datetime | None = None) -> Iterator[Stored]:
        with self._engines.reading.connect() as connection:
            connection.execution_options(stream_results=True, yield_per=_STREAMED)
            yield from Messages(connection, Stage(connection)).everything(since)

    def how_many_decided(self, *, since: datetime) -> int:
        """Of `all_messages` those that the rules decided on."""
        with self._engines.reading.connect() as connection:
            return Messages(connection, Stage(connection)).how_many_decided(since)

    def all_corrections(self, *, since: datetime) -> Iterator[CaseEvent]:
        """Every event that says where a message of a case belonged, oldest first, streamed."""
        with self._engines.reading.connect() as connection:
            connection.execution_options(stream_results=True, yield_per=_STREAMED)
            unit = Unit(connection, self._numbers, writing=False)
            yield from unit.cases.everywhere(Corrected.__name__, since)

    def corrected_ignored(self, *, since: datetime) -> Iterator[Stored]:
        """Messages of no case of which somebody said since then where they belonged, streamed."""
        with self._engines.reading.connect() as connection:
            connection.execution_options(stream_results=True, yield_per=_STREAMED)
            yield from Messages(connection, Stage(connection)).corrected(since)

    def writing(self) -> AbstractContextManager[Connection]:
        """A write transaction, committed at its end."""
        return self._engines.writing.begin()

    @contextmanager
    def job(self, connection: Connection, *, waits: bool = True) -> Iterator[Unit]:
        """A unit on an open write transaction; what it added is written at its end.

        `waits` is False where something was done in the transaction before (see Unit).
        """
        unit = Unit(connection, self._numbers, writing=True, waits=waits)
        yield unit
        unit.flush()

    def migrate(self) -> None:
        """Bring the tables to this version's form. Raises NewerDatabase."""
        with self.writing() as connection:
            migration.upgrade(connection)

    def check(self) -> None:
        """Raises Unusable where the tables are not there, or not of this version."""
        with self._engines.reading.connect() as connection:
            migration.check(connection)

    def own(self, instance: str) -> AbstractContextManager[ownership.StillOurs]:
        """Be the only process that runs this instance; what it gives tells whether we still are.

        Raises AlreadyRunning.
        """
        return ownership.own(self._engines.writing, instance)

    def close(self) -> None:
        self._engines.reading.dispose()
        self._engines.writing.dispose()


def open_database(url: str) -> Database:
    """`sqlite:///path` or `postgresql+psycopg://…`; it must be reachable.

    Raises Unusable where it is not, ValueError for any other address.
    """
    opened = engines.open_engines(make_url(url))
    try:
        opened.reading.connect().close()
    except DBAPIError as error:
        raise Unusable(_why(error, opened.reading)) from None
    return Database(opened)


def _why(error: DBAPIError, engine: Engine) -> str:
    reason = str(error.orig).strip().partition("\n")[0]
    if engine.dialect.name == "sqlite":
        return f"{engine.url.database} cannot be used: {reason}. Check the file and its rights."
    return f"The database cannot be reached: {reason}. Check DATABASE_URL, and that it runs."
