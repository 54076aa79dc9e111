"""A budget lasts to its end: polls slow down, stop in time, and leave a reserve to replies."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.budget import SLOWEST, Purse, stretches
from inbox.errors import Rejected, Retryable
from inbox.ports import Budget
from tests.hosts import FakeMeter
from tests.house import Clock

MORNING = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def a_purse(clock: Clock | None = None, reserve: float = 0.1, **budget: object) -> Purse:
    return Purse(
        budget=Budget(**{"unit": "units", **budget}),  # type: ignore[arg-type]  # any field
        meter=FakeMeter(),
        clock=clock or Clock(MORNING),
        reserve=reserve,
    )


def test_polls_leave_the_reserve_and_replies_may_use_it() -> None:
    clock = Clock(MORNING + timedelta(hours=6))
    purse = a_purse(clock, per_day=100)
    purse.spend("poll", 85)
    purse.poll(5)
    with pytest.raises(Retryable, match="today is kept for replies") as kept:
        purse.poll(6)
    assert kept.value.after == timedelta(hours=18)
    purse.reply(15)
    with pytest.raises(Rejected, match="today does not pay"):
        purse.reply(16)


def test_the_month_counts_besides_the_day() -> None:
    purse = a_purse(per_day=100, per_month=120)
    purse.meter.spend("poll", 110, on=date(2026, 11, 3))
    with pytest.raises(Retryable, match="this month") as kept:
        purse.poll(1)
    assert kept.value.after == datetime(2026, 12, 1, tzinfo=UTC) - MORNING
    purse.meter.spend("poll", 90, on=date(2026, 10, 31))
    purse.reply(10)


def test_a_day_begins_where_the_network_says() -> None:
    clock = Clock(datetime(2026, 11, 22, 7, 59, tzinfo=UTC))
    purse = a_purse(clock, per_day=100, day_zone="America/Los_Angeles")
    purse.spend("poll", 90)
    with pytest.raises(Retryable):
        purse.poll(1)
    clock.advance(timedelta(minutes=1))
    purse.poll(1)


@pytest.mark.parametrize(("month", "days"), [(1, 31), (2, 28), (4, 30), (12, 31)])
def test_a_month_has_its_days(month: int, days: int) -> None:
    at = datetime(2026, month, days, 12, tzinfo=UTC)
    _, this_month = stretches(Budget(unit="u", per_month=1), lambda since: 0, at=at)
    assert (this_month.begins.date(), this_month.ends.date()) == (
        date(2026, month, 1),
        (at + DAY).date(),
    )


def test_without_a_limit_nothing_is_kept_back() -> None:
    purse = a_purse()
    purse.spend("poll", 10**9)
    purse.poll(10**9)
    purse.reply(10**9)
    assert purse.pace() == 1.0


def test_a_budget_of_nothing_pays_for_nothing() -> None:
    purse = a_purse(per_day=0)
    with pytest.raises(Retryable):
        purse.poll(1)
    assert purse.pace() == SLOWEST


def test_the_forecast_goes_on_as_it_went() -> None:
    clock = Clock(MORNING + timedelta(hours=6))
    purse = a_purse(clock, per_day=100)
    purse.spend("poll", 20)
    today, this_month = purse.stretches(clock())
    assert (today.spent, today.used, today.forecast(clock())) == (20, 0.2, 80)
    assert this_month.forecast(clock()) > 20


@given(spent=st.integers(0, 2000), more=st.integers(0, 500), hour=st.floats(0, 23.9))
def test_who_spent_more_polls_no_faster(spent: int, more: int, hour: float) -> None:
    clock = Clock(MORNING + timedelta(hours=hour))
    purse = a_purse(clock, per_day=1000)
    purse.spend("poll", spent)
    before = purse.pace()
    purse.spend("poll", more)
    assert 1.0 <= before <= purse.pace() <= SLOWEST


@settings(max_examples=25, deadline=None)
@given(cost=st.integers(1, 30), minutes=st.integers(1, 20), polls=st.integers(100, 1000))
def test_polls_go_on_through_the_whole_day_and_never_touch_the_reserve(
    cost: int, minutes: int, polls: int
) -> None:
    """However dear they are: the budget is spread over the day, with no night at its end."""
    clock, most = Clock(MORNING), cost * polls
    purse = a_purse(clock, per_day=most)
    polled: list[datetime] = []
    while clock() < MORNING + DAY:
        try:
            purse.poll(cost)
        except Retryable:
            pass
        else:
            purse.spend("poll", cost)
            polled.append(clock())
        clock.advance(timedelta(minutes=minutes) * purse.pace())
    assert purse.meter.spent(MORNING.date()) <= most * 0.9
    longest = max(b - a for a, b in zip(polled, [*polled[1:], MORNING + DAY], strict=True))
    assert longest < timedelta(hours=3)
