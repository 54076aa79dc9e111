"""Bringing the tables to this version's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    inspect,
    text,
)

from store.tables import metadata
from store.unusable import Unusable

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0008"
"""The newest step in `migrations`."""

_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, as it makes it."""

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('migration', 2))")


class NewerDatabase(Unusable):
    """The database was written by a newer version than this."""


def upgrade(connection: Connection) -> None:
    """On a transaction of the caller: either all steps are done or none."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)
    step = _step(connection)
    if step is None:
        _create(connection)
    elif step != NEWEST:
        _climb(connection)


def _create(connection: Connection) -> None:
    """All tables at once, as the steps would make them."""
    metadata.create_all(connection, checkfirst=False)
    _VERSION.create(connection, checkfirst=True)
    connection.execute(_VERSION.insert().values(version_num=NEWEST))


def _climb(connection: Connection) -> None:
    # Alembic takes a quarter of a second and 10 MB, and most starts have nothing to do for it.
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(config(connection), "head")
    except CommandError as error:
        raise NewerDatabase(
            "The database is of a newer Tierdesk than this one. Install that version again."
        ) from error


def check(connection: Connection) -> None:
    """Raises Unusable where the tables are not those of this version."""
    step = _step(connection)
    if step is None:
        raise Unusable(
            "There is no history yet: Tierdesk has not run with this database. Start it first."
        )
    if step != NEWEST:
        raise Unusable(
            "The database is of another version of Tierdesk. Start this one with it first, or use"
            " that version."
        )


def _step(connection: Connection) -> str | None:
    """Where the tables stand, None where there are none."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(_VERSION.select()).scalar()


def config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.attributes["connection"] = connection
    return config
