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
    whether it could use that, `looks` how often it was asked to read it and did.
    """

    pid: int
    version: str
    looked_at: str
    taken: bool
    looks: int = 0


_LENGTH = 400
"""Of what is written, so that it is written at once: who reads meanwhile sees all or the last."""


class Presence:
    """The open and locked file; None where the folder cannot be written."""

    def __init__(self, file: IO[str] | None) -> None:
        self._file = file

    def say(self, *, version: str, looked_at: str, taken: bool, looks: int = 0) -> None:
        if self._file is None:
            return
        word = Word(pid=os.getpid(), version=version, looked_at=looked_at, taken=taken, looks=looks)
        said = f"{json.dumps(asdict(word)):<{_LENGTH}}\n"
        try:  # past the file's buffer, which would come back to a full disk at the end
            os.pwrite(self._file.fileno(), said.encode(), 0)
        except OSError as error:
            log.warning("%s cannot be written: %s", NAME, error.strerror)


@contextmanager
def present(directory: Path) -> Iterator[Presence]:
    """Without the file everything works but `tierdesk rules reload`; the log says so."""
    try:
        file = os.fdopen(_made(directory / NAME), "r+", encoding="utf-8")
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
        _empty(file)
        yield Presence(file)
        _empty(file)


def _made(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)


def _empty(file: IO[str]) -> None:
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
    """None where it has not said anything yet."""
    try:
        return Word(**json.loads(file.read()))
    except (ValueError, TypeError):
        return None
