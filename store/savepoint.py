"""A part of a transaction that can be undone alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Undo what is done in it, and nothing before it, where that raises.

    SQLAlchemy's own gives each a name of its own and compiles it anew, at the price of an insert.
    One in another is another, though both are called alike: so it is in both databases.
    """
    connection.exec_driver_sql("SAVEPOINT part")
    try:
        yield
    except BaseException:
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT part")
        raise
    finally:
        connection.exec_driver_sql("RELEASE SAVEPOINT part")
