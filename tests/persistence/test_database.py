"""Opening, migrating and owning a database."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Row, Table, create_engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex

from inbox.outbox import State
from store.database import Database, open_database
from store.migration import NEWEST, NewerDatabase, config
from store.ownership import AlreadyRunning
from store.tables import metadata
from tests.builders import NOW, a_case, a_message, a_ref, a_stored, an_event, an_item
from tests.databases import go_back_to


def test_step_by_step_come_the_tables_that_a_new_database_gets_at_once(database: Database) -> None:
    with database.writing() as connection:
        at_once = _made(connection)
        go_back_to(connection, "head")
        assert _made(connection) == at_once
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_history_of_the_first_version_comes_through_all_steps(database: Database) -> None:
    case, stored, event = a_case(1, owner="U1"), a_stored(case=1), an_event(1)
    with database.transact() as unit:
        unit.cases.save(case)
        unit.cases.append(event)
        unit.messages.add([stored])
        unit.outbox.add([an_item(key="waits", lane="l")])
    with database.writing() as connection:
        names = ("cases", "case_events", "messages", "outbox")
        kept = {name: list(connection.execute(metadata.tables[name].select())) for name in names}
        go_back_to(connection, "0001")
        for name, rows in kept.items():
            _put(connection, name, rows)
    database.migrate()
    with database.read() as unit:
        assert unit.cases.owned_by("U1") == [case]
        assert unit.cases.history(1) == [event]
        assert unit.messages.of_case(1) == [stored]
        assert [item.key for item in unit.outbox.in_state(State.QUEUED)] == ["waits"]
        assert unit.identities.find({case.author.ref}) == {case.author.ref: case.author}


def _put(connection: Connection, name: str, rows: Iterable[Row[Any]]) -> None:
    """What of these rows the table had columns for."""
    table = Table(name, MetaData(), autoload_with=connection)
    for row in rows:
        values = {key: value for key, value in row._mapping.items() if key in table.columns}
        connection.execute(table.insert().values(values))


def _made(connection: Connection) -> object:
    """All that is there, in no order: a step can only add columns at a table's end."""
    seen = inspect(connection)
    tables = sorted(seen.get_table_names())
    columns = {
        (table, each["name"], str(each["type"]), each["nullable"], str(each["default"]))
        for table in tables
        for each in seen.get_columns(table)
    }
    indexes = {
        (each["name"], each["unique"], *each["column_names"], *map(str, _conditions(each)))
        for table in tables
        for each in seen.get_indexes(table)
    }
    keys = seen.get_multi_pk_constraint(), seen.get_multi_foreign_keys()
    sequences = seen.get_sequence_names() if connection.dialect.supports_sequences else ()
    return columns, indexes, keys, set(sequences)


def _conditions(index: ReflectedIndex) -> Iterable[object]:
    return index.get("dialect_options", {}).values()


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.transact() as unit:
        assert unit.memory.first_time("kept", at=NOW)
    database.migrate()
    with database.transact() as unit:
        assert not unit.memory.first_time("kept", at=NOW)


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))
    with pytest.raises(NewerDatabase, match="newer"):
        database.migrate()


def test_a_second_owner_is_refused_until_the_first_ends(url: str, database: Database) -> None:
    second = open_database(url)
    with database.own("a"), pytest.raises(AlreadyRunning, match="already runs"), second.own("a"):
        pass
    for owner in (second, database) * 10:
        with owner.own("a"):
            pass
    second.close()


@pytest.mark.postgresql
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_name_that_the_server_forgot_is_taken_anew_or_seen_to_be_anothers(
    url: str, database: Database
) -> None:
    """As after a restart of the server: both would take each other's deliveries for lost ones."""
    second = open_database(url)
    with database.own("a") as still_ours:
        _forget_locks(url)
        assert still_ours()
        with pytest.raises(AlreadyRunning), second.own("a"):
            pass
        _forget_locks(url)
        with second.own("a"):
            assert not still_ours()
        assert still_ours()
    second.close()


def _forget_locks(url: str) -> None:
    """The sessions that hold one end."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks JOIN pg_database ON oid ="
            " database WHERE locktype = 'advisory' AND datname = current_database()"
        )
    engine.dispose()


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "mysql://host/name"])
def test_a_database_that_cannot_serve_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///"):
        open_database(address)


def test_sqlite_is_durable(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'tierdesk.db'}")
    with database.writing() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_the_log_of_sqlite_shrinks_again_after_somebody_read_for_long(tmp_path: Path) -> None:
    path = tmp_path / "tierdesk.db"
    database = open_database(f"sqlite:///{path}")
    database.migrate()

    def write(megabytes: int, name: str) -> None:
        for number in range(megabytes):
            message = a_message(f"{name}-{number}", text="x" * 1_000_000)
            with database.transact() as unit:
                unit.messages.add([a_stored(message)])

    with database.read() as unit:
        assert unit.messages.find({a_ref("1")}) == {}
        write(80, "meanwhile")
        log = path.with_name("tierdesk.db-wal")
        assert log.stat().st_size > 80_000_000
    write(3, "after")
    assert log.stat().st_size < 70_000_000
    database.close()


def test_the_newest_step_is_known_without_alembic(database: Database) -> None:
    with database.writing() as connection:
        steps = ScriptDirectory.from_config(config(connection))
        assert steps.get_current_head() == NEWEST
