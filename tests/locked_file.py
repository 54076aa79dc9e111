"""A SQLite file that another program keeps locked, for so many jobs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from inbox.ports import Unit
from store.database import Database
from store.writer import Writer

T = TypeVar("T")
X = TypeVar("X")
R = TypeVar("R")


@contextmanager
def locked(database: Database, path: Path) -> Iterator[sqlite3.Connection]:
    """By another program. Nobody waits for it, so that the test need not, either."""
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0").close()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@dataclass
class Unlocking:
    """The real writer; what has locked the file ends once so many jobs were tried in vain."""

    writer: Writer
    lock: sqlite3.Connection
    after: int

    def run(self, job: Callable[[Unit], T]) -> T:
        return self.submit(job).result()

    def submit(self, job: Callable[[Unit], T]) -> Future[T]:
        return self._tried(self.writer.submit(job))

    def submit_batch(
        self, handler: Callable[[Unit, Sequence[X]], Sequence[R]], item: X
    ) -> Future[R]:
        return self._tried(self.writer.submit_batch(handler, item))

    def _tried(self, future: Future[T]) -> Future[T]:
        wait([future])
        self.after -= 1
        if self.after == 0:
            self.lock.execute("ROLLBACK")
        return future
