"""A part of a transaction that can be undone alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError


class TransactionLost(Exception):
    """No part can be undone alone any more: what came before it is gone as well."""


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Undo what is done in it, and nothing before it, where that raises.

    Raises TransactionLost where the database has undone everything: SQLite does so when the disk
    is full, and what is written afterwards would be committed by itself.
    SQLAlchemy's own gives each a name of its own and compiles it anew, at the price of an insert.
    One in another is another, though both are called alike: so it is in both databases.
    """
    connection.exec_driver_sql("SAVEPOINT part")
    try:
        yield
    except BaseException:
        _say(connection, "ROLLBACK TO SAVEPOINT part")
        _say(connection, "RELEASE SAVEPOINT part")
        raise
    _say(connection, "RELEASE SAVEPOINT part")


def _say(connection: Connection, word: str) -> None:
    try:
        connection.exec_driver_sql(word)
    except SQLAlchemyError as error:
        raise TransactionLost(f"{word}: {type(error).__name__}") from None
