"""Each test gets a fresh database of each kind."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from store.database import Database, open_database
from store.writer import Writer

SERVER = os.environ.get("TIERDESK_TEST_POSTGRESQL")

KINDS = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param(
        "postgresql",
        id="postgresql",
        marks=[
            pytest.mark.postgresql,
            pytest.mark.skipif(not SERVER, reason="TIERDESK_TEST_POSTGRESQL names no server"),
        ],
    ),
]


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[str]:
    """A migrated database to copy: faster than migrating one for each test."""
    name = f"tierdesk_test_{uuid.uuid4().hex}"
    _administer(f'CREATE DATABASE "{name}"')
    database = open_database(_named(name))
    database.migrate()
    database.close()
    yield name
    _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of a database that is set up and empty."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'tierdesk.db'}"
        database = open_database(address)
        database.migrate()
        database.close()
        yield address
        return
    name = f"tierdesk_test_{uuid.uuid4().hex}"
    template = request.getfixturevalue("postgresql_template")
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield _named(name)
    _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    with Writer(database) as writer:
        yield writer


def _server() -> URL:
    return make_url(SERVER or "")


def _named(name: str) -> str:
    return _server().set(database=name).render_as_string(hide_password=False)


def _administer(statement: str) -> None:
    engine = create_engine(_server(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
