"""The operator's terminal in the story: a rule is tried and written, and the product takes it."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from textwrap import shorten
from typing import Any

Say = Callable[[str, str], None]
"""Has somebody say something at the desk."""

_FIRST = "ordered:\n"
_TRIED = "tried.yaml"
_MOST_LETTERS = 60
_WENT_WELL = (0, 3)
"""Statuses of a replay: nothing moves, something does."""


class Terminal:
    """In the product's folder, where the sandbox was told of one."""

    def __init__(self, pid_file: Path | None, say: Say) -> None:
        self._rules = pid_file.with_name("rules.yaml") if pid_file else None
        self._say = say
        self._before: str | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def find(self) -> str | None:
        """The file of rules that a step of the story can be about."""
        there = self._rules is not None and self._rules.exists()
        return str(self._rules) if there else None

    def act(self, given: dict[str, Any]) -> None:
        """Put a rule at the top of the list, and have the list replayed or taken."""
        if self._rules is None:
            return
        text = self._rules.read_text(encoding="utf-8")
        self._before = text if self._before is None else self._before
        rules = self._before.replace(_FIRST, f"{_FIRST}{given['text']}", 1)
        if given["type"] == "replay":
            self._begin(self._replay(self._rules.with_name(_TRIED), rules, given["as"]))
        else:
            self._write(self._rules, rules)

    def reset(self) -> None:
        """The list as it was before the story."""
        if self._rules is not None and self._before is not None:
            self._write(self._rules, self._before)
            self._before = None

    def _write(self, file: Path, rules: str) -> None:
        file.write_text(rules, encoding="utf-8")
        self._begin(_reload(file.parent))

    async def _replay(self, file: Path, rules: str, who: str) -> None:
        """What would move is said at the desk by who asked."""
        file.write_text(rules, encoding="utf-8")
        moves = await _tierdesk("replay", "--config", file.parent, "--rules", file, "--json")
        file.unlink()
        if moves is not None:
            self._say(who, "\n".join(_told(moves)))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


async def _reload(folder: Path) -> None:
    """What comes of it, the product itself says to its operators."""
    await _tierdesk("reload", folder)


async def _tierdesk(*arguments: str | Path) -> str | None:
    """What a command about rules prints, None where it failed."""
    command = (sys.executable, "-m", "tierdesk", "rules", *arguments)
    pipe, quiet = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    run = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=quiet)
    printed, _ = await run.communicate()
    return printed.decode() if run.returncode in _WENT_WELL else None


def _told(moves: str) -> Iterator[str]:
    lines = moves.splitlines()
    yield f"I replayed it on all that we have had. With the new list {len(lines)} would move:"
    for move in map(json.loads, lines):
        text = shorten(move["text"], _MOST_LETTERS, placeholder="…")
        yield f"• “{text}” from “{move['before']['rule']}” to “{move['after']['rule']}”"
