"""A small product in one process: a real store and reception, with fakes at the edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from inbox.clearance import Clearance
from inbox.decision import Decision
from inbox.desk import Channel, Desk, Hours, Tier
from inbox.facts import Facts, Findings
from inbox.message import Draft
from inbox.outbox import Alert, Item, State
from inbox.ports import Connection, Detector, Page
from inbox.reception import Reception
from store.database import open_database
from store.writer import Writer
from tests.builders import ACCOUNT, NOW, a_decision
from tierdesk.arrivals import Arrivals


def a_desk(**fields: object) -> Desk:
    """Tier 1 in `care`, tier 2 in the private `private`, marketing and operations beside them."""
    keys = ("care", "private", "marketing", "operations")
    channels = {
        key: Channel(
            key=key,
            id=f"C0{key.upper()}",
            clearance=Clearance(name="nothing"),
            private=key in ("private", "operations"),
        )
        for key in keys
    }
    plain: dict[str, object] = {
        "tiers": {
            1: Tier(number=1, name="Public", channel="care"),
            2: Tier(number=2, name="Private", channel="private", private=True),
        },
        "channels": channels,
        "teams": {},
        "hours": Hours(zone=ZoneInfo("UTC"), week={}),
        "watch": "marketing",
        "operations": "operations",
    }
    return Desk(**plain | fields)  # type: ignore[arg-type]  # a builder takes any field


class FakeDetector(Detector):
    """Sees what the test says; nothing else."""

    def __init__(self, see: Callable[[str], Findings] = lambda text: Findings(language="en")):
        self.see = see

    def detect(self, text: str, *, language: str | None = None) -> Findings:
        return self.see(text)


@dataclass
class FakeRouter:
    """Decides by a function of the facts, and remembers what it was asked."""

    decide: Callable[[Facts], Decision] = lambda facts: a_decision()
    version: str = "test"
    asked: list[Facts] = field(default_factory=list)

    def route(self, facts: Facts) -> Decision:
        self.asked.append(facts)
        return self.decide(facts)


class FakePoller:
    """Gives prepared pages, or raises prepared errors, one a poll; then the last cursor again."""

    def __init__(self, *steps: Page | Exception) -> None:
        self._steps = list(steps)
        self.cursors: list[str | None] = []

    def poll(self, cursor: str | None) -> Page:
        self.cursors.append(cursor)
        if not self._steps:
            return Page(events=(), cursor=cursor or "")
        step = self._steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step


class Plain:
    """Length in characters."""

    most = 500

    def length(self, draft: Draft) -> int:
        return len(draft.text)


def a_connection(**roles: object) -> Connection:
    plain: dict[str, object] = {
        "account": ACCOUNT,
        "handle": "@brand",
        "me": lambda: None,
        "measure": Plain(),
    }
    return Connection(**plain | roles)  # type: ignore[arg-type]  # a builder takes any role


@dataclass
class Clock:
    """Time as the test sets it."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time

    def advance(self, by: timedelta) -> None:
        self.time += by


class House:
    """Opens everything on a fresh SQLite file; `with` closes it."""

    def __init__(self, directory: Path, router: FakeRouter | None = None, desk: Desk | None = None):
        self._resources = ExitStack()
        self.clock = Clock()
        self.desk = desk or a_desk()
        self.router = router or FakeRouter()
        self.database = open_database(f"sqlite:///{directory / 'house.db'}")
        self._resources.callback(self.database.close)
        self.database.migrate()
        self.writer = Writer(self.database)
        self._resources.callback(self.writer.close)
        self.reception = Reception(desk=self.desk, router=self.router, planners={})
        self.arrivals = Arrivals(
            writer=self.writer,
            reception=self.reception,
            detector=FakeDetector(),
            now=self.clock,
        )

    def __enter__(self) -> House:
        return self

    def __exit__(self, *error: object) -> None:
        self._resources.close()

    def queued(self) -> Sequence[Item]:
        with self.database.read() as unit:
            return unit.outbox.in_state(State.QUEUED)

    def told(self) -> list[str]:
        """What waits to be said in channels, beside cards."""
        return [item.effect.text for item in self.queued() if isinstance(item.effect, Alert)]
