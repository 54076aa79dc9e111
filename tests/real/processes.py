"""Server programs that run for the tests on loopback, each started once and ended with them."""

from __future__ import annotations

import atexit
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

ENDING = ExitStack()
"""What ends with the tests, last begun first. tests/conftest.py closes it, since pytest-xdist ends
its workers without atexit; who uses these servers in another way has atexit."""

_DEADLINE = 120.0

atexit.register(ENDING.close)


def free_port() -> int:
    """For a program that cannot tell which port it found by itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(
    command: Sequence[str], *, port: int, log: Path, environment: Mapping[str, str] | None = None
) -> None:
    """Waits until it listens. Raises RuntimeError, with its log, where it does not."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    ENDING.callback(_end, server)
    deadline = time.monotonic() + _DEADLINE
    while not _listens(port):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{command[0]} did not start: {log.read_text()}")
        time.sleep(0.05)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
