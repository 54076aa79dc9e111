"""Everything that is promised about speed, measured beside its goal.

    python -m benchmarks [webhook] [slack] [memory] [imports] [start] [rules] [store]

The webhook's messages are taken by the product as it runs in earnest, over HTTP on loopback, with
the sender on the same machine; Slack is out of reach meanwhile, so its orders wait in the outbox.
A floor is measured in the same run, since machines differ and so does one machine from minute to
minute: of several runs the best counts.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import importing, rules, slack_delay, store
from benchmarks.desk import desk, ready_in
from benchmarks.load import body

ROUNDS = 4
PER_ROUND = 10_000
MANY = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    what: str
    measured: float
    unit: str
    goal: float
    most: bool = False
    """Whether the goal is the most that may be measured, not the least."""

    def __str__(self) -> str:
        kept = self.measured <= self.goal if self.most else self.measured >= self.goal
        sign = "≤" if self.most else "≥"
        digits = 2 if self.goal < 10 else 0
        return (
            f"{self.what:<58} {self.measured:>10,.{digits}f} {self.unit:<4}"
            f" goal {sign} {self.goal:<8,g} {'kept' if kept else 'MISSED'}"
        )


def floor(directory: Path, count: int = 5_000) -> float:
    """Plain inserts of the same bytes, one commit each, a second."""
    bodies = [body(number) for number in range(count)]
    connection = sqlite3.connect(directory / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS plain (id INTEGER PRIMARY KEY, body BLOB)")
    begun = time.perf_counter()
    for each in bodies:
        connection.execute("INSERT INTO plain (body) VALUES (?)", (each,))
    seconds = time.perf_counter() - begun
    connection.close()
    return count / seconds


def webhook(directory: Path) -> Iterator[Row]:
    with desk(directory / "desk") as under:
        under.load(first=10**7, count=1_000)
        rates, floors, p50s, p99s = [], [], [], []
        for number in range(ROUNDS):
            floors.append(floor(directory))
            rates.append(under.load(first=number * PER_ROUND, count=PER_ROUND)["rate"])
            offered = under.load(first=10**8 + number * 2_500, count=2_500, rate=500)
            p50s.append(offered["p50"])
            p99s.append(offered["p99"])
    least = max(floors)
    print(f"floor: plain inserts of the same bytes, one commit each: {least:,.0f}/s")
    best = max(rates)
    yield Row(
        what="webhook to durable, routed, queued, 32 senders", measured=best, unit="/s", goal=2_000
    )
    yield Row(what="  beside the floor", measured=best / least, unit="", goal=0.35)
    yield Row(
        what="acknowledgement p50 at 500/s offered",
        measured=min(p50s),
        unit="ms",
        goal=50,
        most=True,
    )
    yield Row(
        what="acknowledgement p99 at 500/s offered",
        measured=min(p99s),
        unit="ms",
        goal=50,
        most=True,
    )


def slack(directory: Path) -> Iterator[Row]:
    ordered = sorted(slack_delay.delays(directory / "desk"))
    what = f"commit to Slack request, {slack_delay.RATE:g}/s over {slack_delay.CHANNELS} channels"
    half, most = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
    yield Row(what=f"{what}, p50", measured=half, unit="ms", goal=10, most=True)
    yield Row(what=f"{what}, p99", measured=most, unit="ms", goal=50, most=True)


def memory(directory: Path) -> Iterator[Row]:
    with desk(directory / "desk") as under:
        for first in range(0, MANY, PER_ROUND):
            under.load(first=first, count=PER_ROUND)
        measured = under.memory()
    what = f"memory after {MANY:,} messages"
    yield Row(what=what, measured=measured, unit="MB", goal=150, most=True)


def imports(_: Path) -> Iterator[Row]:
    pairs = [
        (importing.seconds(importing.LIBRARIES), importing.seconds(importing.PRODUCT))
        for _ in range(ROUNDS)
    ]
    least, best = (min(each) for each in zip(*pairs, strict=True))
    print(f"floor: {importing.LIBRARIES}: {least:.2f} s of CPU")
    yield Row(what="import of the product, CPU", measured=best, unit="s", goal=0.8, most=True)
    # What the goal is on a machine where the floor takes 0.25 s.
    yield Row(what="  beside the floor", measured=best / least, unit="", goal=3.2, most=True)


def start(directory: Path) -> Iterator[Row]:
    with desk(directory / "desk"):
        pass
    seconds = min(ready_in(directory / "desk") for _ in range(ROUNDS))
    yield Row(what="from start to ready", measured=seconds, unit="s", goal=2, most=True)


PARTS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "webhook": webhook,
    "slack": slack,
    "memory": memory,
    "imports": imports,
    "start": start,
}
TABLES: dict[str, Callable[[], None]] = {"rules": rules.main, "store": store.main}


def main(wanted: list[str]) -> None:
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f} before the run")
    for name, part in PARTS.items():
        if not wanted or name in wanted:
            with tempfile.TemporaryDirectory() as directory:
                for row in part(Path(directory)):
                    print(row, flush=True)
    sys.argv = sys.argv[:1]
    for name, table in TABLES.items():
        if not wanted or name in wanted:
            print(f"\n{name}")
            table()


if __name__ == "__main__":
    main(sys.argv[1:])
