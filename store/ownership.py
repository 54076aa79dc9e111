"""One process at a time runs an instance."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from store.unusable import Unusable

_TRY = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 1))")
_LEAVE = text("SELECT pg_advisory_unlock(hashtextextended(:name, 1))")


class AlreadyRunning(Unusable):
    """Another process has it."""


def own(engine: Engine, instance: str) -> AbstractContextManager[None]:
    if engine.dialect.name == "sqlite":
        return _own_file(Path(f"{engine.url.database}.lock"))
    return _own_name(engine, instance)


@contextmanager
def _own_file(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"Another Tierdesk already runs on this database ({path} is locked). Stop it"
                " first, or use PostgreSQL to run on several machines."
            ) from None
        yield


@contextmanager
def _own_name(engine: Engine, instance: str) -> Iterator[None]:
    """The lock lives as long as its session: a dead process, or a lost connection, has it not."""
    with engine.connect() as connection:
        session = connection.execution_options(isolation_level="AUTOCOMMIT")
        if not session.execute(_TRY, {"name": instance}).scalar():
            raise AlreadyRunning(
                f"Another Tierdesk already runs as instance “{instance}” on this database. Stop"
                " it first, or give this one a name of its own."
            )
        try:
            yield
        finally:
            # A server under load notices only later that a session has ended.
            with suppress(DBAPIError):
                session.execute(_LEAVE, {"name": instance})
            session.invalidate()
