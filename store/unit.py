"""One transaction with the repositories in it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, text

from store.blame import is_the_stores
from store.cards import Cards
from store.cases import Cases
from store.cursors import Cursors
from store.identities import Identities
from store.kept import Kept
from store.memory import Memory
from store.messages import Messages
from store.numbers import Counted, Drawn, Pool
from store.outbox import Outbox
from store.retention import Retention
from store.savepoint import TransactionLost, savepoint
from store.spending import Spending
from store.statements import Stage
from store.tickets import Tickets

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
_TRY = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")


class Busy(Exception):
    """Another machine has a lock that this transaction may not wait for."""


class Unit:
    """Implements inbox.ports.Unit on a connection whose transaction is somebody else's.

    What the repositories add is written at `flush`, which every read does first. `waits` for a
    lock only where nothing was done in the transaction before: whoever has the lock may wait for
    a row that was locked then, and both would wait for ever.
    """

    def __init__(
        self, connection: Connection, pool: Pool, *, writing: bool, waits: bool = True
    ) -> None:
        embedded = connection.dialect.name == "sqlite"
        self._connection = connection
        self._shared = writing and not embedded
        self._waits = waits
        self._stage = stage = Stage(connection)
        numbers = Counted(connection, stage) if embedded else Drawn(connection, pool)
        self.messages = Messages(connection, stage)
        self.cases = Cases(connection, stage, fresh=numbers.fresh, locking=self._shared)
        self.tickets = Tickets(connection, stage)
        self.outbox = Outbox(connection, stage)
        self.cards = Cards(connection, stage)
        self.cursors = Cursors(connection, stage)
        self.memory = Memory(connection)
        self.kept = Kept(connection)
        self.spending = Spending(connection)
        self.identities = Identities(connection, stage)
        self.retention = Retention(connection, stage, locking=self._shared)

    def lock(self, name: str) -> None:
        """On SQLite there is one writing transaction at a time anyway. Raises Busy."""
        if not self._shared:
            return
        got = self._connection.execute(_LOCK if self._waits else _TRY, {"name": name}).scalar()
        if got is False:
            raise Busy(name)

    def attempt(self, part: Callable[[], object]) -> Exception | None:
        self.flush()
        try:
            with savepoint(self._connection):
                part()
                self.flush()
        except (TransactionLost, Busy):
            raise
        except Exception as error:
            self._stage.drop()
            if is_the_stores(error):
                raise
            return error
        return None

    def flush(self) -> None:
        self._stage.flush()
