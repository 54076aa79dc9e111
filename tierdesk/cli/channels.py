"""`tierdesk channels`, and what `tierdesk doctor DIR` asks the networks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from inbox.channels import Channel
    from inbox.message import Account
    from inbox.ports import Connection, HelpdeskConnection
    from store.database import Database
    from tierdesk.doctor import Finding
    from tierdesk.settings import Settings


def channels(
    config: Annotated[Path, typer.Option("--config", help="The configuration folder.")] = Path(),
) -> None:
    """Show each account and helpdesk: last success, last message, token, budget, trouble."""
    from inbox.channels import channels as look
    from inbox.channels import helpdesk_channels

    with _connected(config) as (connected, database), database.read() as unit:
        found = [
            *look(unit, connected.accounts, connected.settings.desk, at=datetime.now(UTC)),
            *helpdesk_channels(unit, connected.helpdesks),
        ]
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
        _trouble(channel),
    )


def _trouble(channel: Channel) -> str:
    parts = [channel.beat.trouble] if channel.beat.trouble else []
    if channel.waiting:
        parts.append(f"{channel.waiting} tickets wait" if channel.waiting > 1 else "1 ticket waits")
    return " · ".join(parts) or "-"


def _at(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def ask_networks(directory: Path) -> Iterator[Finding]:
    """What each account's network and each helpdesk says when it is asked; nothing is changed."""
    from tierdesk.doctor import ask

    with _connected(directory) as (connected, _):
        yield from ask(connected.accounts.values())
        yield from ask(connected.helpdesks.values())


@dataclass(frozen=True)
class Connected:
    """What a folder sets up, beside a product that may be running."""

    settings: Settings
    accounts: Mapping[Account, Connection]
    helpdesks: Mapping[str, HelpdeskConnection]


@contextmanager
def _connected(directory: Path) -> Iterator[tuple[Connected, Database]]:
    """The accounts and helpdesks of a folder."""
    from store.database import open_database
    from store.migration import NewerDatabase
    from store.writer import Writer
    from tierdesk.connecting import connect, connect_helpdesks
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
        accounts = connect(settings, database, writer, opened)
        helpdesks = connect_helpdesks(settings, database, writer, opened)
        yield Connected(settings, accounts, helpdesks), database
