"""What happens by the clock goes on where the machine's clock is put back.

The scheduler plans the next run of a job by the wall clock: put back by three hours, as after a
start with a wrong one, it would do nothing for three hours.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

from apscheduler.job import Job
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

LOOK_EVERY = 20.0
"""Seconds of a clock that nobody sets."""


class Replanning:
    """Plans anew whatever lies further ahead than its interval, in a thread of its own."""

    def __init__(self, scheduler: BaseScheduler, now: Callable[[], datetime]) -> None:
        self._scheduler = scheduler
        self._now = now
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="replanning", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()

    def turn(self) -> int:
        """How many jobs were planned anew."""
        at = self._now()
        far = [job for job in self._scheduler.get_jobs() if _is_far(job, at)]
        for job in far:
            self._scheduler.modify_job(job.id, next_run_time=at + job.trigger.interval)
        if far:
            log.warning("the clock was put back: %d jobs were planned anew", len(far))
        return len(far)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY):
            try:
                self.turn()
            except Exception as error:  # outer loop: the next look must come as well
                log.error("jobs could not be planned anew: %s", type(error).__name__)  # noqa: TRY400


def _is_far(job: Job, at: datetime) -> bool:
    trigger = job.trigger
    if not isinstance(trigger, IntervalTrigger) or job.next_run_time is None:
        return False
    longest = trigger.interval + timedelta(seconds=trigger.jitter or 0)
    return bool(job.next_run_time - at > longest)
