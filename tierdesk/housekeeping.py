"""What happens by the clock: polls, snoozed cases, looking after what is there, clearing up.

Jobs live in memory only; what must survive is in cursors and the outbox.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from inbox import deskwork, retention
from inbox.desk import Desk
from store.writer import Writer
from tierdesk.channel_health import ChannelHealth, DailyCheckup
from tierdesk.helpdesk_news import HelpdeskPoll
from tierdesk.inspection import Inspection
from tierdesk.polling import AccountPoll
from tierdesk.pulse import Pulse
from tierdesk.replanning import Replanning
from tierdesk.schedule import PollLoop, Turns
from tierdesk.sole import Sole

log = logging.getLogger(__name__)

WAKE_EVERY = timedelta(seconds=20)
TAKE_BACK_EVERY = timedelta(seconds=30)
SOLE_EVERY = timedelta(seconds=10)
CLEAR_UP_EVERY = timedelta(hours=1)
ARTICLES_EVERY = timedelta(seconds=10)
"""How often it is looked whether an article has changed."""

REPORT_EVERY = timedelta(hours=1)
"""How often it is asked whether a week's report is due."""

LEAST_REMEMBERED = timedelta(days=8)
"""What is told once a week would be told again once that is forgotten."""

PULSE_EVERY = timedelta(minutes=1)
HEALTH_EVERY = timedelta(minutes=10)
CHECKUP_EVERY = timedelta(days=1)
FIRST_CHECKUP = timedelta(minutes=2)
"""After the start, when the first polls are done."""


@dataclass(slots=True)
class Clockwork:
    """One schedule for everything periodic, and one for each account's and helpdesk's polls.

    A job that is still running is not started twice.
    """

    polls: Sequence[AccountPoll]
    inspections: Sequence[Inspection]
    every: Mapping[str, timedelta]
    look_again: timedelta
    writer: Writer
    desk: Desk
    reports: Sequence[Callable[[], object]]
    articles: Callable[[], object]
    pulse: Pulse
    health: ChannelHealth
    checkups: Sequence[DailyCheckup]
    remembered: timedelta
    delivered: timedelta
    cases: timedelta | None
    now: Callable[[], datetime]
    helpdesks: Sequence[HelpdeskPoll] = ()
    at_start: Sequence[Callable[[], object]] = ()
    sole: Sole | None = None
    _scheduler: BackgroundScheduler = field(init=False)
    _replanning: Replanning = field(init=False)
    _polling: Sequence[PollLoop] = field(init=False)

    def __post_init__(self) -> None:
        accounts = [self._loop(poll) for poll in self.polls]
        self._polling = [*accounts, *map(_helpdesk_loop, self.helpdesks)]
        # A thread for each, so that a network which hangs holds up nobody else.
        jobs = (self.inspections, self.checkups, self.reports, self.at_start)
        workers = sum(map(len, jobs)) + 7
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(workers)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._replanning = Replanning(self._scheduler, self.now)

    def start(self) -> None:
        for poll in self._polling:
            poll.start()
        for job in self.at_start:
            self._scheduler.add_job(_quietly(job))
        for inspection in self.inspections:
            self._add(inspection.turn, self.look_again)
        self._add(self._wake, WAKE_EVERY)
        self._add(self._take_back, TAKE_BACK_EVERY)
        if self.sole is not None:
            self._add(self.sole.turn, SOLE_EVERY)
        self._add(self.clear_up, CLEAR_UP_EVERY)
        self._add(self.articles, ARTICLES_EVERY)
        for report in self.reports:
            self._add(report, REPORT_EVERY)
        self._add(self.pulse.keep, PULSE_EVERY)
        self._add(self.health.turn, HEALTH_EVERY)
        for checkup in self.checkups:
            self._add(checkup.turn, CHECKUP_EVERY, first=FIRST_CHECKUP)
        self._scheduler.start()
        self._replanning.start()

    def close(self) -> None:
        for poll in self._polling:
            poll.stop()
        self._replanning.close()
        self._scheduler.shutdown(wait=True)
        for poll in self._polling:
            poll.join()
        self.pulse.keep()

    def _loop(self, poll: AccountPoll) -> PollLoop:
        account = poll.connection.account
        return PollLoop(poll, Turns(self.every[account.name], poll.connection.pace), str(account))

    def _add(
        self, job: Callable[[], object], every: timedelta, *, first: timedelta | None = None
    ) -> None:
        seconds = every.total_seconds()
        begin = {} if first is None else {"next_run_time": self.now() + first}
        self._scheduler.add_job(
            _quietly(job), "interval", seconds=seconds, jitter=seconds / 10, **begin
        )

    def _wake(self) -> None:
        while self.writer.run(lambda unit: deskwork.wake(unit, self.desk, at=self.now())):
            log.debug("woke cases")

    def _take_back(self) -> None:
        """A delivery that could not be settled holds its lane until its lease is over."""
        if taken := self.writer.run(lambda unit: unit.outbox.take_back("")):
            log.warning("took back %d deliveries whose time was over", taken)

    def clear_up(self) -> None:
        """In steps: what is written meanwhile need not wait for all that is old."""
        known = self.now() - max(self.remembered, LEAST_REMEMBERED)
        done = self.now() - self.delivered
        while self.writer.run(lambda unit: unit.memory.forget_before(known)):
            log.debug("forgot old names")
        while self.writer.run(lambda unit: unit.tickets.forget_early(known)):
            log.debug("forgot old news")
        while self.writer.run(lambda unit: unit.outbox.prune(done)):
            log.debug("forgot old deliveries")
        if self.cases is not None:
            self._end_old_cases(self.cases)

    def _end_old_cases(self, kept: timedelta) -> None:
        """What a message of today may still belong to, or that may come once more, stays."""
        over = self.now() - max(kept, retention.LEAST_KEPT, self.desk.reopen_within)
        while self.writer.run(lambda unit: retention.end_old(unit, before=over)):
            log.debug("deleted old cases")
        while self.writer.run(lambda unit: unit.messages.forget_caseless(over)):
            log.debug("deleted old messages of no case")


def _helpdesk_loop(poll: HelpdeskPoll) -> PollLoop:
    connection = poll.connection
    return PollLoop(poll, Turns(poll.every, connection.pace), str(connection.account))


def _quietly(job: Callable[[], object]) -> Callable[[], None]:
    """The scheduler would log a failure with its values, which may hold customers' text."""

    def run() -> None:
        try:
            job()
        except Exception as error:
            log.error("a periodic job failed: %s", type(error).__name__)  # noqa: TRY400

    return run
