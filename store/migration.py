"""Bringing the tables to this version's form."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('migration', 2))")


class NewerDatabase(RuntimeError):
    """The database was written by a newer version than this."""


def upgrade(connection: Connection) -> None:
    """On a transaction of the caller: either all steps are done or none."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)
    try:
        command.upgrade(config(connection), "head")
    except CommandError as error:
        raise NewerDatabase(
            "The database is of a newer Tierdesk than this one. Install that version again."
        ) from error


def config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.attributes["connection"] = connection
    return config
