"""A Tierdesk to measure: the demo's configuration with a webhook, as a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.load import SECRET
from tests.world import Process
from tierdesk.demo import write_configuration

NOBODY = "http://127.0.0.1:9"
"""An address where nothing listens: Slack cannot be reached, and what waits for it waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    process: Process
    database: Path

    @property
    def webhook(self) -> str:
        return f"{self.process.url}/webhooks/generic/form"

    def load(self, *, first: int, count: int, rate: float = 0.0) -> Mapping[str, float]:
        """Send messages and wait for their acknowledgements; what the sender measured."""
        said = subprocess.run(
            [
                *(sys.executable, "-m", "benchmarks.load", self.webhook, "--first", str(first)),
                *("--count", str(count), "--rate", str(rate)),
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        report = json.loads(said.stdout)
        if report["statuses"] != {"200": count}:
            raise RuntimeError(f"not all were taken: {report['statuses']}")
        return dict(report)

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1000 if found else 0.0


@contextmanager
def desk(
    directory: Path, sandbox: str = NOBODY, *, change: Callable[[Path], None] = lambda _: None
) -> Iterator[Desk]:
    """A running desk with an empty database; `change` may rewrite its files before."""
    write_settings(directory, sandbox)
    change(directory)
    database = directory / "bench.db"
    process = started(directory, database)
    try:
        yield Desk(process=process, database=database)
    finally:
        process.stop()


def write_settings(directory: Path, sandbox: str) -> None:
    """The demo's settings with one webhook in place of its accounts."""
    write_configuration(directory, sandbox)
    settings = directory / "tierdesk.yaml"
    before, _, after = settings.read_text(encoding="utf-8").partition("\naccounts:")
    form = "\naccounts:\n  form:\n    network: generic\n"
    after = after[after.index("\nlanguages:") :]
    settings.write_text(before + form + after, encoding="utf-8")


def started(directory: Path, database: Path) -> Process:
    return Process(
        *("-m", "tierdesk", "run", str(directory), "--log-level", "CRITICAL"),
        env={"GENERIC_FORM_SECRET": SECRET.decode(), "DATABASE_URL": f"sqlite:///{database}"},
    )


def ready_in(directory: Path) -> float:
    """Seconds from the start of a process with a database until it answers."""
    begun = time.perf_counter()
    process = started(directory, directory / "bench.db")
    while True:
        try:
            httpx.get(f"{process.url}/health", timeout=5).raise_for_status()
            break
        except httpx.TransportError:
            time.sleep(0.005)
    seconds = time.perf_counter() - begun
    process.stop()
    return seconds
