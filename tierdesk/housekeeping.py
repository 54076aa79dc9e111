"""What happens by the clock: polls, snoozed cases, looking after known messages, clearing up.

Jobs live in memory only; what must survive is in cursors and the outbox.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from inbox import deskwork
from inbox.desk import Desk
from store.writer import Writer
from tierdesk.inspection import Inspection
from tierdesk.polling import AccountPoll

log = logging.getLogger(__name__)

WAKE_EVERY = timedelta(seconds=20)
TAKE_BACK_EVERY = timedelta(seconds=30)
CLEAR_UP_EVERY = timedelta(hours=1)
REPORT_EVERY = timedelta(hours=1)
"""How often it is asked whether the week's report is due."""


@dataclass(slots=True)
class Clockwork:
    """One schedule for everything periodic. A job that is still running is not started twice."""

    polls: Sequence[AccountPoll]
    inspections: Sequence[Inspection]
    every: Mapping[str, timedelta]
    look_again: timedelta
    writer: Writer
    desk: Desk
    report: Callable[[], object]
    remembered: timedelta
    delivered: timedelta
    now: Callable[[], datetime]
    _scheduler: BackgroundScheduler = field(init=False)

    def __post_init__(self) -> None:
        workers = len(self.polls) + len(self.inspections) + 4
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(workers)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        for poll in self.polls:
            self._add(poll.turn, self.every[poll.connection.account.name], at_once=True)
        for inspection in self.inspections:
            self._add(inspection.turn, self.look_again)
        self._add(self._wake, WAKE_EVERY)
        self._add(self._take_back, TAKE_BACK_EVERY)
        self._add(self._clear_up, CLEAR_UP_EVERY)
        self._add(self.report, REPORT_EVERY)
        self._scheduler.start()

    def close(self) -> None:
        self._scheduler.shutdown(wait=True)

    def _add(self, job: Callable[[], object], every: timedelta, *, at_once: bool = False) -> None:
        seconds = every.total_seconds()
        first = {"next_run_time": self.now()} if at_once else {}
        self._scheduler.add_job(
            _quietly(job), "interval", seconds=seconds, jitter=seconds / 10, **first
        )

    def _wake(self) -> None:
        self.writer.run(lambda unit: deskwork.wake(unit, self.desk, at=self.now()))

    def _take_back(self) -> None:
        """A delivery that could not be settled holds its lane until its lease is over."""
        if taken := self.writer.run(lambda unit: unit.outbox.take_back("")):
            log.warning("took back %d deliveries whose time was over", taken)

    def _clear_up(self) -> None:
        now = self.now()
        self.writer.run(lambda unit: unit.memory.forget_before(now - self.remembered))
        while self.writer.run(lambda unit: unit.outbox.prune(now - self.delivered)):
            log.debug("forgot old deliveries")


def _quietly(job: Callable[[], object]) -> Callable[[], None]:
    """The scheduler would log a failure with its values, which may hold customers' text."""

    def run() -> None:
        try:
            job()
        except Exception as error:
            log.error("a periodic job failed: %s", type(error).__name__)  # noqa: TRY400

    return run
