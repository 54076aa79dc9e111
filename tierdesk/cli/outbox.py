"""`tierdesk outbox`: what is waiting, what is held, and a person's word on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tierdesk.cli.history import opened_by

if TYPE_CHECKING:
    from inbox.outbox import Item
    from inbox.ports import Unit
    from tierdesk.settings import Settings

app = typer.Typer(help="What is to be delivered: list it, look at it, decide on held items.")

Directory = Annotated[Path, typer.Option("--config", help="The configuration folder.")]
Number = Annotated[int, typer.Argument(help="The item's number, as in the list.")]


@app.command("list")
def list_items(
    config: Directory = Path(),
    state: Annotated[str, typer.Option(help="queued, leased, held, failed, delivered.")] = "",
) -> None:
    """List items that are not delivered, or those of one STATE."""
    from inbox.outbox import State

    try:
        states = [State(state)] if state else [State.HELD, State.LEASED, State.QUEUED, State.FAILED]
    except ValueError:
        typer.echo(f"There is no state {state!r}; write one of {', '.join(State)}.", err=True)
        raise typer.Exit(2) from None
    with opened_by(config) as (_, database), database.read() as unit:
        counts = unit.outbox.count()
        for each in states:
            typer.echo(f"{each.value}: {counts.get(each, 0)}")
            for item in unit.outbox.in_state(each):
                typer.echo(f"  {_line(item)}")


@app.command()
def show(number: Number, config: Directory = Path()) -> None:
    """Show one item, without what a customer or an agent wrote."""
    with opened_by(config) as (_, database), database.read() as unit:
        item = unit.outbox.get(number)
        if item is None:
            typer.echo(f"There is no item {number}.", err=True)
            raise typer.Exit(1)
        typer.echo(_line(item))
        typer.echo(f"  key {item.key}, queued {item.created_at:%Y-%m-%d %H:%M:%S} UTC")
        if item.reason:
            typer.echo(f"  {item.reason}")


@app.command()
def release(
    number: Number,
    config: Directory = Path(),
    it_is_there: Annotated[
        bool, typer.Option("--it-is-there", help="It stands on the network; record it as sent.")
    ] = False,
) -> None:
    """Send a held item once more, or record that it went out."""
    from inbox import deliveries

    def job(unit: Unit, settings: Settings) -> Item:
        if it_is_there:
            return deliveries.it_is_there(unit, settings.desk, number, at=datetime.now(UTC))
        return deliveries.send_again(unit, number)

    _decide(config, job, "recorded as sent" if it_is_there else "queued again")


@app.command()
def drop(number: Number, config: Directory = Path()) -> None:
    """Give a held item up; its case says so."""
    from inbox import deliveries

    _decide(
        config,
        lambda unit, settings: deliveries.drop(unit, settings.desk, number, at=datetime.now(UTC)),
        "dropped",
    )


def _decide(config: Path, job: Callable[[Unit, Settings], Item], done: str) -> None:
    from inbox.errors import Refusal

    with opened_by(config) as (settings, database):
        try:
            with database.transact() as unit:
                item = job(unit, settings)
        except Refusal as refusal:
            typer.echo(str(refusal), err=True)
            raise typer.Exit(1) from None
        typer.echo(f"Item {item.id} is {done}.")


def _line(item: Item) -> str:
    number = getattr(item.effect, "case", None)
    case = f" case {number}" if number else ""
    reason = f" ({item.reason})" if item.reason else ""
    kind = type(item.effect).__name__
    return f"{item.id} {kind}{case} to {item.lane}, attempts {item.attempts}{reason}"
