"""`tierdesk run` and `tierdesk demo`."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Annotated, Literal

import typer


def run(
    directory: Annotated[Path, typer.Argument(help="The configuration folder.")],
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
        typer.Option(case_sensitive=False, help="DEBUG, INFO, WARNING, ERROR or CRITICAL."),
    ] = "INFO",
) -> None:
    """Run Tierdesk with the configuration in DIRECTORY until Ctrl-C."""
    gc.disable()  # nothing that a start makes is garbage; collecting begins when it is ready
    from store.unusable import Unusable
    from tierdesk import logs
    from tierdesk.homes import WouldBeSeen
    from tierdesk.running import CannotListen
    from tierdesk.running import run as serve
    from tierdesk.settings import SettingsError, load_settings

    logs.set_up(log_level)
    try:
        settings = load_settings(directory, os.environ)
        status = serve(settings)
    except SettingsError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    except (Unusable, CannotListen, WouldBeSeen) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(status)


def demo(
    directory: Annotated[
        Path, typer.Option("--dir", help="Where the demo keeps its files; made anew each time.")
    ] = Path(".demo"),
    port: Annotated[int, typer.Option(help="The page's port; 0 takes a free one.")] = 0,
    story: Annotated[bool, typer.Option(help="Play the seeded story.")] = True,
) -> None:
    """Start a complete sandbox with the product in it, and print the page's address."""
    from tierdesk.demo import Demo

    raise typer.Exit(Demo(directory=directory, port=port, story=story).run())
