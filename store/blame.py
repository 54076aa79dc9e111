"""Whether an error lies with the database, as it is now, or with what it was given."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, PendingRollbackError

_OF_POSTGRESQL = frozenset({"08", "25", "40", "53", "55", "57", "58"})
"""Classes of SQLSTATE: connection, transaction's state (read-only, too), undone by another one,
no disk or memory, locked, shut down, system."""

_UNDONE = frozenset({"40001", "40P01"})
"""Serialization failure, deadlock: the transaction stood in the way of another machine's."""

_OF_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOTADB,
    }
)


def is_the_stores(error: Exception) -> bool:
    """The same again may do well once the database does."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, PendingRollbackError)  # after a connection died
    state = getattr(error.orig, "sqlstate", None)
    code = getattr(error.orig, "sqlite_errorcode", None)
    return (
        error.connection_invalidated
        or (state or "")[:2] in _OF_POSTGRESQL
        or (code is not None and code & 0xFF in _OF_SQLITE)
    )


def is_undone(error: Exception) -> bool:
    """The same transaction once more does well: what stood in its way is done."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _UNDONE
