"""The operator's terminal in the story: a rule is written, and the running product takes it."""

import asyncio
import sys
from pathlib import Path
from typing import Any

_FIRST = "ordered:\n"


class Terminal:
    """In the product's folder, where the sandbox was told of one."""

    def __init__(self, pid_file: Path | None) -> None:
        self._rules = pid_file.with_name("rules.yaml") if pid_file else None
        self._before: str | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def find(self) -> str | None:
        """The file of rules that a step of the story can be about."""
        there = self._rules is not None and self._rules.exists()
        return str(self._rules) if there else None

    def act(self, given: dict[str, Any]) -> None:
        """Write a rule at the top of the list, and have the list taken."""
        if self._rules is None:
            return
        text = self._rules.read_text(encoding="utf-8")
        self._before = text if self._before is None else self._before
        self._write(self._before.replace(_FIRST, f"{_FIRST}{given['text']}", 1))

    def reset(self) -> None:
        """The list as it was before the story."""
        if self._before is not None:
            self._write(self._before)
            self._before = None

    def _write(self, rules: str) -> None:
        if self._rules is None:
            return
        self._rules.write_text(rules, encoding="utf-8")
        task = asyncio.get_running_loop().create_task(_reload(self._rules.parent))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


async def _reload(folder: Path) -> None:
    """What comes of it, the product itself says to its operators."""
    quiet = asyncio.subprocess.DEVNULL
    command = ("-m", "tierdesk", "rules", "reload", str(folder))
    run = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=quiet, stderr=quiet)
    await run.wait()
