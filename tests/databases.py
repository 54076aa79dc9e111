"""The databases that tests run on: SQLite in a file, and PostgreSQL where a server is named."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, make_url, text

from store.migration import config
from store.tables import metadata

DATABASES = ("sqlite", "postgresql")
EITHER = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
"""What a fixture is given to run on each."""


@contextmanager
def database_of(kind: str) -> Iterator[str | None]:
    """SQLAlchemy's address of a new one where TIERDESK_TEST_POSTGRESQL says, None for a file."""
    if kind == "sqlite":
        yield None
        return
    with own_postgresql(os.environ["TIERDESK_TEST_POSTGRESQL"]) as url:
        yield url


def named(database: str | None) -> dict[str, str]:
    """The product's environment with this database; without one it has its file."""
    return {} if database is None else {"DATABASE_URL": database}


@contextmanager
def own_postgresql(server: str, *, template: str | None = None) -> Iterator[str]:
    """A new database on a server, dropped at the end; its address."""
    name = f"tierdesk_test_{uuid.uuid4().hex}"
    like = f' TEMPLATE "{template}"' if template else ""
    _administer(server, f'CREATE DATABASE "{name}"{like}')
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def go_back_to(connection: Connection, step: str) -> None:
    """Empty tables, as this step of the migrations leaves them."""
    metadata.drop_all(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    command.upgrade(config(connection), step)


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
