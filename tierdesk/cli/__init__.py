"""The command line. Commands import what they need when they run, so that --help is quick."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from tierdesk.cli import channels, forgetting, knowledge, outbox, rules, running, setup, slack

app = typer.Typer(
    name="tierdesk",
    help="Slack as the desk of a social care team.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,  # its frames would print texts and secrets
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tierdesk {version('tierdesk')}")
        raise typer.Exit


@app.callback()
def _main(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Slack as the desk of a social care team."""


for command in (
    setup.init,
    setup.check,
    running.run,
    running.demo,
    setup.doctor,
    channels.channels,
    forgetting.forget,
):
    app.command()(command)
app.add_typer(rules.app, name="rules")
app.add_typer(knowledge.app, name="kb")
app.add_typer(outbox.app, name="outbox")
app.add_typer(slack.app, name="slack")
