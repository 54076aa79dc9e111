"""Connections: one engine to write with and one to read with, set up for each database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

_WAIT = 30
"""Seconds that a writer waits for another one."""

_READERS = 8

_LARGEST_LOG = 64 * 1024 * 1024
"""Bytes of SQLite's log that are kept once all of it is copied into the database."""

# Rows hold customers' texts, which no message of an error may show.
_QUIET: dict[str, Any] = {"hide_parameters": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    reading: Engine
    writing: Engine


def open_engines(url: URL) -> Engines:
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    if url.drivername == "postgresql+psycopg":
        return _postgresql(url)
    raise ValueError(
        f"Tierdesk keeps its data in SQLite or PostgreSQL, not in {url.drivername}. Write"
        " sqlite:///path/to/file or postgresql+psycopg://user@host/name."
    )


def _sqlite(url: URL) -> Engines:
    if url.database in (None, "", ":memory:"):
        raise ValueError("A database in memory forgets everything. Write sqlite:///path/to/file.")
    reading = create_engine(url, pool_size=_READERS, max_overflow=0, **_QUIET)
    # One connection: SQLite lets one write at a time, and waiting for our own turn in the pool
    # is fairer than SQLite's polling.
    writing = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=_WAIT, **_QUIET)
    event.listen(writing, "connect", _sqlite_connected)
    event.listen(reading, "connect", _sqlite_connected)
    event.listen(writing, "begin", _begin_immediate)
    event.listen(reading, "begin", _begin)
    return Engines(reading=reading, writing=writing)


def _sqlite_connected(connection: Any, record: object) -> None:
    # The driver's own transactions begin late and lock later; ours begin where they begin.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_WAIT * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        # 32 MB of log before it is copied into the database: fewer pauses, fewer writes.
        "wal_autocheckpoint = 8000",
        # It grows beyond while somebody reads for long, and would stay so large for ever.
        f"journal_size_limit = {_LARGEST_LOG}",
        # 4 MB for each connection: the system caches the file too, and with more of our own a
        # message took no less time, measured with random keys in a database of 300 MB.
        "cache_size = -4000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _postgresql(url: URL) -> Engines:
    # Positional parameters, as many rows are given to the driver as tuples.
    options: dict[str, Any] = {"paramstyle": "format", "pool_pre_ping": True, **_QUIET}
    writing = create_engine(url, isolation_level="READ COMMITTED", **options)
    reading = create_engine(url, pool_size=_READERS, **options).execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    return Engines(reading=reading, writing=writing)
