"""Each test gets a fresh database of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from store.database import Database, open_database
from store.writer import Writer
from tests.databases import EITHER, own_postgresql


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> Iterator[str]:
    """A migrated database to copy: faster than migrating one for each test."""
    with own_postgresql(postgresql) as url:
        _migrated(url)
        yield make_url(url).database or ""


@pytest.fixture(params=EITHER)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of a database that is set up and empty."""
    if request.param == "sqlite":
        yield _migrated(f"sqlite:///{tmp_path / 'tierdesk.db'}")
        return
    server = request.getfixturevalue("postgresql")
    template = request.getfixturevalue("postgresql_template")
    with own_postgresql(server, template=template) as address:
        yield address


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    with Writer(database) as writer:
        yield writer


def _migrated(address: str) -> str:
    database = open_database(address)
    database.migrate()
    database.close()
    return address
