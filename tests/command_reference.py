"""docs/commands.md, made from the commands themselves: python -m tests.command_reference"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from tierdesk.cli import app

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"

_HEAD = """\
# Commands

Made from the commands themselves with `python -m tests.command_reference`; a test holds it.
Every command explains itself with `--help`. A command that failed ends with a status other than 0.
"""


def commands() -> Iterator[tuple[str, Any]]:
    """Every command by its full name, groups left out."""
    yield from _below("tierdesk", typer.main.get_command(app))


def options(command: Any) -> Iterator[tuple[str, str]]:
    """What a command takes, as one writes it, and what it says about it."""
    for parameter in command.params:
        if parameter.name == "help" or getattr(parameter, "hidden", False):
            continue
        if parameter.param_type_name == "argument":
            name = parameter.metavar or (parameter.name or "").upper()
        else:
            name = " / ".join((*parameter.opts, *parameter.secondary_opts))
        yield name, parameter.help or ""


def reference() -> str:
    return "".join((_HEAD, *(_section(name, command) for name, command in commands())))


def _below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for key, each in inner.items():
        yield from _below(f"{name} {key}", each)


def _section(name: str, command: Any) -> str:
    about = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    rows = "".join(f"| `{option}` | {says} |\n" for option, says in options(command))
    table = f"\n| | |\n|---|---|\n{rows}" if rows else ""
    return f"\n## {name}\n\n{about}\n{table}"


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
