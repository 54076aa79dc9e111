"""`tierdesk rules reload`: a running Tierdesk takes the rules as they stand now."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from tierdesk.presence import Word

PATIENCE = 15.0
"""Seconds to wait for its word; it is a moment's work."""


def reload(
    directory: Annotated[
        Path, typer.Argument(help="The configuration folder.", metavar="DIR", file_okay=False)
    ],
) -> None:
    """Have the Tierdesk that runs with DIR on this machine take its rules as they stand now.

    They are checked first, with their examples; what is wrong is told, and nothing is changed.
    """
    from tierdesk.cli.rules import check_all
    from tierdesk.current_rules import digest
    from tierdesk.presence import running

    check_all(directory, None)
    word = running(directory)
    if word is None:
        _fail(f"No Tierdesk runs with {directory} on this machine.")
    wanted = digest(directory / "rules.yaml")
    os.kill(word.pid, signal.SIGHUP)
    heard = _hear(directory, wanted, since=word.looks)
    if heard is None:
        _fail(f"Process {word.pid} was asked and has not answered. Its log says more.")
    if heard.looked_at != wanted:
        _fail(
            f"Process {word.pid} found another file than this command: it was saved meanwhile, or "
            f"that process may not read it. It uses version {heard.version}. Try once more."
        )
    if not heard.taken:
        _fail(
            f"Process {word.pid} refused the rules and keeps version {heard.version}. Its log and "
            "the operations channel say why; a name that is new in tierdesk.yaml or replies.yaml "
            "needs a restart."
        )
    typer.echo(f"Process {word.pid} uses version {heard.version}.")


def _hear(directory: Path, wanted: str, *, since: int) -> Word | None:
    """What the process says once it has looked anew at this content, else what it said last; None
    where it stays silent."""
    from tierdesk.presence import running

    until, heard = time.monotonic() + PATIENCE, None
    while time.monotonic() < until:
        word = running(directory)
        if word is not None and word.looks > since:
            if word.looked_at == wanted:
                return word
            heard = word
        time.sleep(0.05)
    return heard


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
