"""Periodic work goes on where the machine's clock is put back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from tierdesk.replanning import Replanning


@pytest.fixture
def scheduler() -> Iterator[BackgroundScheduler]:
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.start(paused=True)
    scheduler.add_job(list, "interval", id="wake", seconds=20, jitter=2)
    scheduler.add_job(list, "interval", id="checkup", seconds=86_400, jitter=8_640)
    yield scheduler
    scheduler.shutdown()


def waits(scheduler: BackgroundScheduler, now: datetime) -> dict[str, timedelta]:
    return {job.id: job.next_run_time - now for job in scheduler.get_jobs()}


@pytest.mark.parametrize("back", [timedelta(minutes=1), timedelta(hours=3), timedelta(days=900)])
def test_after_the_clock_is_put_back_nothing_waits_longer_than_its_interval(
    scheduler: BackgroundScheduler, back: timedelta
) -> None:
    now = datetime.now(UTC) - back
    assert waits(scheduler, now)["wake"] > timedelta(seconds=22)

    assert Replanning(scheduler, lambda: now).turn()

    assert waits(scheduler, now)["wake"] == timedelta(seconds=20)
    assert waits(scheduler, now)["checkup"] <= timedelta(days=1.1)
    assert not Replanning(scheduler, lambda: now).turn()


def test_with_a_clock_that_goes_on_nothing_is_planned_anew(
    scheduler: BackgroundScheduler,
) -> None:
    now = datetime.now(UTC)
    before = waits(scheduler, now)
    assert not Replanning(scheduler, lambda: now).turn()
    assert waits(scheduler, now) == before
