"""Opening, migrating and owning a database."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from store.database import Database, open_database
from store.migration import NEWEST, NewerDatabase, config
from store.ownership import AlreadyRunning
from store.tables import metadata
from tests.builders import NOW


def test_migrations_make_the_tables_that_the_code_expects(database: Database) -> None:
    with database.writing() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


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
    for _ in range(100):  # a server that learned it from the closed session would be late
        with (
            database.own("a"),
            pytest.raises(AlreadyRunning, match="already runs"),
            second.own("a"),
        ):
            pass
        with second.own("a"):
            pass
    second.close()


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


def test_the_newest_step_is_known_without_alembic(database: Database) -> None:
    with database.writing() as connection:
        steps = ScriptDirectory.from_config(config(connection))
        assert steps.get_current_head() == NEWEST
