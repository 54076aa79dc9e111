"""A running process names itself in its configuration folder, so that a command can reach it.

The file is locked as long as the process lives: a number that a dead process left behind, and
that may be another program's by now, is never taken for it.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

log = logging.getLogger(__name__)

NAME = "tierdesk.pid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a process says of itself.

    `version` is of the rules in use, `looked_at` the digest of the file it read last, `taken`
    whether it could use that.
    """

    pid: int
    version: str
    looked_at: str
    taken: bool


class Presence:
    """The open and locked file; None where the folder cannot be written."""

    def __init__(self, file: IO[str] | None) -> None:
        self._file = file

    def say(self, *, version: str, looked_at: str, taken: bool) -> None:
        if self._file is None:
            return
        word = Word(pid=os.getpid(), version=version, looked_at=looked_at, taken=taken)
        place = self._file.fileno()
        try:  # past the file's buffer, which would come back to a full disk at the end
            os.truncate(place, 0)
            os.write(place, f"{json.dumps(asdict(word))}\n".encode())
        except OSError as error:
            log.warning("%s cannot be written: %s", self._file.name, error.strerror)


@contextmanager
def present(directory: Path) -> Iterator[Presence]:
    """Without the file everything works but `tierdesk rules reload`; the log says so."""
    try:
        file = (directory / NAME).open("a+", encoding="utf-8")
    except OSError as error:
        log.warning("%s cannot be written: %s", directory / NAME, error.strerror)
        yield Presence(None)
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.warning("`tierdesk rules reload` reaches another process of this folder only")
            yield Presence(None)
            return
        yield Presence(file)
        with suppress(OSError):
            os.truncate(file.fileno(), 0)


def running(directory: Path) -> Word | None:
    """The process that runs with this folder; None where there is none (yet)."""
    try:
        file = (directory / NAME).open(encoding="utf-8")
    except OSError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(file)
    return None


def _read(file: IO[str]) -> Word | None:
    """None in the moment in which it is written anew."""
    try:
        return Word(**json.loads(file.read()))
    except (ValueError, TypeError):
        return None
