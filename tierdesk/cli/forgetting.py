"""`tierdesk forget`: closed cases end now, as their customers may ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from tierdesk.cli.history import opened_by

if TYPE_CHECKING:
    from inbox.desk import Desk
    from inbox.ports import Card
    from inbox.retention import Ending
    from store.database import Database


def forget(
    numbers: Annotated[list[int], typer.Argument(help="Closed cases.", metavar="CASE...")],
    config: Annotated[Path, typer.Option("--config", help="The configuration folder.")] = Path(),
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete closed cases now, with everything of theirs that Tierdesk keeps.

    What Slack, the network and the helpdesk keep is named, with how it can be deleted there.
    """
    asked = [*dict.fromkeys(numbers)]
    with opened_by(config) as (settings, database):
        refused = [*_refused(database, asked)]
        if refused:
            _end("\n".join((*refused, "Nothing was deleted.")))
        if not (yes or typer.confirm(f"Delete {_named(asked)} for ever?")):
            _end("Nothing was deleted.")
        for number in asked:
            for line in _told(settings.desk, _forget(database, number)):
                typer.echo(line)
    typer.echo("Backups that were made before still hold what was deleted.")


def _refused(database: Database, numbers: Sequence[int]) -> Iterator[str]:
    from inbox import retention
    from inbox.errors import Refusal

    with database.read() as unit:
        for number in numbers:
            try:
                retention.look(unit, number)
            except Refusal as refusal:
                yield str(refusal)


def _forget(database: Database, number: int) -> Ending:
    from inbox import retention
    from inbox.errors import Refusal

    try:
        with database.transact() as unit:
            return retention.forget(unit, number, at=datetime.now(UTC))
    except Refusal as refusal:
        _end(str(refusal))


def _end(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(1)


def _named(numbers: Sequence[int]) -> str:
    listed = ", ".join(map(str, numbers))
    return f"case {listed}" if len(numbers) == 1 else f"cases {listed}"


# --- what is told ------------------------------------------------------------------------


def _told(desk: Desk, ending: Ending) -> Iterator[str]:
    case = ending.case
    messages = "1 message" if ending.messages == 1 else f"{ending.messages:,} messages"
    yield f"Case {case.number} is deleted, with {messages}. What others keep of it:"
    yield f"  {case.account}: the conversation. Delete there what you may."
    for card in ending.cards:
        yield f"  Slack: {_place(desk, card)}"
    if ending.cards:
        yield (
            "  An owner or admin of the workspace deletes a card and each message of its thread"
            " by the message's menu, “Delete message”."
        )
    for name, ticket in ending.tickets:
        yield f"  {name}: ticket {ticket}. Delete it there."


def _place(desk: Desk, card: Card) -> str:
    channel = desk.channels.get(card.channel)
    where = f"{card.channel} ({channel.id})" if channel else card.channel
    posted = datetime.fromtimestamp(float(card.ts), UTC)
    return f"the card in channel {where} of {posted:%Y-%m-%d %H:%M:%S} UTC, with its thread."
