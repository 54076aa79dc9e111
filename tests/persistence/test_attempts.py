"""Parts of a transaction that fail alone, and a store that fails as a whole."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError

from inbox.ports import Unit
from store.database import Database
from store.savepoint import TransactionLost
from tests.builders import a_message, a_ref, a_stored


def keep(unit: Unit, name: str) -> None:
    unit.messages.add([a_stored(a_message(name))])


def kept(database: Database, *names: str) -> set[str]:
    with database.read() as unit:
        return {ref.id for ref in unit.messages.find([a_ref(name) for name in names])}


def test_a_part_that_fails_is_undone_alone_and_told(database: Database) -> None:
    def fail(unit: Unit) -> None:
        keep(unit, "bad")
        raise ZeroDivisionError

    with database.transact() as unit:
        keep(unit, "before")
        assert unit.attempt(lambda: keep(unit, "good")) is None
        assert isinstance(unit.attempt(lambda: fail(unit)), ZeroDivisionError)
        assert unit.attempt(lambda: keep(unit, "good")) is not None, "it is there already"
        keep(unit, "after")
    assert kept(database, "before", "good", "bad", "after") == {"before", "good", "after"}


@pytest.mark.postgresql
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_where_the_connection_died_in_a_part_nothing_stands(database: Database, url: str) -> None:
    def die(unit: Unit, number: int) -> None:
        killer = create_engine(url, isolation_level="AUTOCOMMIT")
        with killer.connect() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({number}, 10000)")
        killer.dispose()
        keep(unit, "lost")

    with pytest.raises(TransactionLost), database.writing() as connection:
        _before_it_dies(database, connection, die)
    assert kept(database, "before", "lost") == set()
    with database.transact() as unit:
        keep(unit, "later")
    assert kept(database, "later") == {"later"}


def _before_it_dies(
    database: Database, connection: Connection, die: Callable[[Unit, int], None]
) -> None:
    number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with database.job(connection) as unit:
        keep(unit, "before")
        unit.attempt(lambda: die(unit, number))


def test_a_store_at_fault_is_no_fault_of_the_part(database: Database) -> None:
    """What refuses to write says nothing about what was to be written."""
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"), database.writing() as connection:
        _attempt_to_write(database, connection)


def _attempt_to_write(database: Database, connection: Connection) -> None:
    words = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET TRANSACTION READ ONLY"}
    connection.exec_driver_sql(words[connection.dialect.name]).close()
    with database.job(connection) as unit:
        unit.attempt(lambda: keep(unit, "1"))
