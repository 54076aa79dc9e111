"""`tierdesk channels`, and what `tierdesk doctor DIR` asks the networks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from inbox.channels import Channel
    from inbox.message import Account
    from inbox.ports import Connection
    from store.database import Database
    from tierdesk.doctor import Finding
    from tierdesk.settings import Settings


def channels(
    config: Annotated[Path, typer.Option("--config", help="The configuration folder.")] = Path(),
) -> None:
    """Show each account: last success, last message, usual rhythm, token, budget, trouble."""
    from inbox.channels import channels as look

    with _connected(config) as (settings, database, connections), database.read() as unit:
        found = look(unit, connections, settings.desk, at=datetime.now(UTC))
    if not found:
        typer.echo("No account is set up. Add one to tierdesk.yaml.")
        return
    rows = [HEADINGS, *(_row(each) for each in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


HEADINGS = ("account", "last success", "last message", "usually", "token until", "month", "trouble")


def _row(channel: Channel) -> tuple[str, ...]:
    from inbox.costs import amount
    from inbox.health import spell

    spent = channel.costs
    month = "-"
    if spent is not None:
        most = spent.month.most
        of = "" if most is None else f" of {amount(most, spent.unit)}"
        month = f"{amount(spent.month.spent, spent.unit)}{of}"
    return (
        str(channel.account),
        _at(channel.beat.at),
        _at(channel.last_message),
        f"within {spell(channel.usual)}" if channel.usual is not None else "-",
        _at(channel.expires),
        month,
        channel.beat.trouble or "-",
    )


def _at(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def ask_networks(directory: Path) -> Iterator[Finding]:
    """What each configured account's network says when it is asked; nothing is changed there."""
    from tierdesk.doctor import ask

    with _connected(directory) as (_, _, connections):
        yield from ask(connections)


@contextmanager
def _connected(
    directory: Path,
) -> Iterator[tuple[Settings, Database, Mapping[Account, Connection]]]:
    """The accounts of a folder, connected beside a product that may be running."""
    from store.database import open_database
    from store.migration import NewerDatabase
    from store.writer import Writer
    from tierdesk.connecting import connect
    from tierdesk.settings import SettingsError, load_settings

    try:
        settings = load_settings(directory, os.environ)
    except SettingsError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    with ExitStack() as opened:
        database = open_database(settings.database_url)
        opened.callback(database.close)
        try:
            database.migrate()
        except NewerDatabase as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
        writer = opened.enter_context(Writer(database))
        yield settings, database, connect(settings, database, writer, opened)
