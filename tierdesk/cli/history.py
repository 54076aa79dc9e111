"""The stored history, for commands that look back on it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from router.replay import Decided
    from store.database import Database
    from tierdesk.settings import Settings

_SINCE = re.compile(r"(\d{1,4})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}


def start_of(since: str) -> datetime:
    """`12h`, `30d` or `8w` before now; ends with a word about anything else."""
    match = _SINCE.fullmatch(since.strip())
    if match is None:
        typer.echo(f"--since {since!r} is no length of time; write 12h, 30d or 8w.", err=True)
        raise typer.Exit(2)
    return datetime.now(UTC) - timedelta(hours=int(match[1]) * _HOURS[match[2]])


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """The database; ends with a word where there is none to look back on."""
    from store.database import open_database
    from store.unusable import Unusable

    try:
        database = open_database(settings.database_url)
        database.check()
    except Unusable as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    try:
        yield database
    finally:
        database.close()


@contextmanager
def opened_by(config: Path) -> Iterator[tuple[Settings, Database]]:
    """A folder's settings and database; ends with a word where either cannot be used."""
    from tierdesk.settings import SettingsError, load_settings

    try:
        settings = load_settings(config, os.environ, without_secrets=True)
    except SettingsError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    with opened(settings) as database:
        yield settings, database


def decided_where_kept(settings: Settings, since: datetime) -> Iterator[Decided]:
    """The same as `decided`; nothing where there is no database yet, or none that can be used."""
    from sqlalchemy import make_url

    from store.database import open_database
    from store.unusable import Unusable

    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return
    with suppress(Unusable):
        database = open_database(settings.database_url)
        with closing(database):
            database.check()
            yield from _decided(database, since)


def how_many(settings: Settings, since: datetime) -> int:
    """Messages that were decided on."""
    with opened(settings) as database:
        return database.how_many_decided(since=since)


def decided(settings: Settings, since: datetime) -> Iterator[Decided]:
    """Every message that was decided on, oldest first, streamed."""
    with opened(settings) as database:
        yield from _decided(database, since)


def _decided(database: Database, since: datetime) -> Iterator[Decided]:
    from router.replay import Decided

    for stored in database.all_messages(since=since):
        if stored.facts is not None and stored.decision is not None:
            ref = stored.message.ref
            name = f"{ref.network}:{ref.account}:{ref.id}"
            yield Decided(
                id=name,
                facts=stored.facts,
                decision=stored.decision,
                said=stored.message.language,
            )
