"""One process at a time runs an instance."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from store.unusable import Unusable

_TRY = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 1))")
_LEAVE = text("SELECT pg_advisory_unlock(hashtextextended(:name, 1))")

StillOurs = Callable[[], bool]
"""To be asked now and then: whether nobody else has it."""


class AlreadyRunning(Unusable):
    """Another process has it."""


def own(engine: Engine, instance: str) -> AbstractContextManager[StillOurs]:
    if engine.dialect.name == "sqlite":
        return _own_file(Path(f"{engine.url.database}.lock"))
    return _own_name(engine, instance)


@contextmanager
def _own_file(path: Path) -> Iterator[StillOurs]:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"Another Tierdesk already runs on this database ({path} is locked). Stop it"
                " first, or use PostgreSQL to run on several machines."
            ) from None
        yield lambda: True


@contextmanager
def _own_name(engine: Engine, instance: str) -> Iterator[StillOurs]:
    """The lock lives as long as its session: a dead process, or a lost connection, has it not."""
    with engine.connect() as connection:
        held = _Held(connection.execution_options(isolation_level="AUTOCOMMIT"), instance)
        if not held.take():
            raise AlreadyRunning(
                f"Another Tierdesk already runs as instance “{instance}” on this database. Stop"
                " it first, or give this one a name of its own."
            )
        try:
            yield held.still
        finally:
            held.leave()


class _Held:
    """A lock of a session of its own; a server that was restarted has forgotten it."""

    def __init__(self, session: Connection, name: str) -> None:
        self._session = session
        self._name = name
        self._has = False

    def take(self) -> bool:
        self._has = bool(self._session.execute(_TRY, {"name": self._name}).scalar())
        return self._has

    def still(self) -> bool:
        """Take it anew where the session was lost. Raises DBAPIError while nobody answers."""
        try:
            self._session.exec_driver_sql("SELECT 1")
        except (DBAPIError, PendingRollbackError):
            self._session.rollback()
            self._has = False
        return self._has or self.take()

    def leave(self) -> None:
        with suppress(DBAPIError):  # the server takes a moment to see the session's end
            self._session.execute(_LEAVE, {"name": self._name})
        self._session.invalidate()
