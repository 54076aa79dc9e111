"""When an account is polled next, and that each account has a schedule of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from inbox.case import Status
from inbox.errors import Retryable
from inbox.message import Account
from inbox.ports import Page, Unit
from tests.builders import a_case, a_message, a_ref, a_stored, an_author
from tests.house import House, a_connection
from tierdesk.channel_health import ChannelHealth
from tierdesk.housekeeping import Clockwork
from tierdesk.polling import AccountPoll
from tierdesk.pulse import Pulse
from tierdesk.schedule import BUSY, JITTER, LONGEST, QUIETEST, Turns, wait

EVERY = timedelta(seconds=30)
paces = st.floats(0, 1e6)
luck = st.floats(0, 1)


@given(every=st.timedeltas(timedelta(seconds=0.1), timedelta(days=1)), vain=st.integers(0, 10**6),
       pace=paces, luck=luck)  # fmt: skip
def test_the_next_poll_is_never_too_soon_and_never_too_late(
    every: timedelta, vain: int, pace: float, luck: float
) -> None:
    least = every * BUSY * (1 - JITTER) - timedelta(microseconds=1)
    assert least <= wait(every, in_vain=vain, pace=pace, luck=luck) <= max(LONGEST, every)


@given(vain=st.integers(0, 50), pace=paces, more=st.floats(0, 100), luck=luck)
def test_quiet_and_limited_accounts_are_polled_less_often(
    vain: int, pace: float, more: float, luck: float
) -> None:
    now = wait(EVERY, in_vain=vain, pace=pace, luck=luck)
    assert wait(EVERY, in_vain=vain + 1, pace=pace, luck=luck) >= now
    assert wait(EVERY, in_vain=vain, pace=pace + more, luck=luck) >= now


def test_who_is_busy_is_asked_twice_as_often_and_who_is_quiet_half_as_often() -> None:
    turns = Turns(EVERY, pace=lambda: 1.0, luck=lambda: 0.5)
    assert turns.after(3) == EVERY * BUSY
    assert turns.after(0) == EVERY
    assert [turns.after(0) for _ in range(20)][-1] == EVERY * QUIETEST
    assert turns.after(1) == EVERY * BUSY


def test_a_network_that_wants_it_slower_is_asked_less_often() -> None:
    turns = Turns(EVERY, pace=lambda: 4.0, luck=lambda: 0.5)
    turns.after(1)
    assert turns.after(0) == EVERY * 4


# --- at work -----------------------------------------------------------------------------


class Steps:
    """Polls that a test counts; `hangs` lets them wait for ever, or until it is over."""

    def __init__(self, error: Exception | None = None, *, hangs: bool = False) -> None:
        self.error = error
        self.enough = threading.Semaphore(0)
        self.open = threading.Event()
        if not hangs:
            self.open.set()

    def poll(self, cursor: str | None) -> Page:
        self.enough.release()
        self.open.wait()
        if self.error is not None:
            raise self.error
        return Page(events=(), cursor=cursor or "1")

    def came(self, times: int) -> bool:
        return all(self.enough.acquire(timeout=30) for _ in range(times))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


def a_clockwork(house: House, **pollers: Steps) -> Clockwork:
    pulse = Pulse(house.writer, house.clock)
    connections = {
        account: a_connection(account=account, poller=poller)
        for name, poller in pollers.items()
        if (account := Account("mastodon", name))
    }
    return Clockwork(
        polls=[
            AccountPoll(
                connection=connection,
                poller=pollers[account.name],
                store=house.database,
                arrivals=house.arrivals,
                desk=house.desk,
                now=house.clock,
                pulse=pulse,
            )
            for account, connection in connections.items()
        ],
        inspections=[],
        every=dict.fromkeys(pollers, timedelta(milliseconds=1)),
        look_again=timedelta(hours=1),
        writer=house.writer,
        desk=house.desk,
        reports=(),
        articles=lambda: None,
        pulse=pulse,
        health=ChannelHealth(
            connections=connections,
            store=house.database,
            writer=house.writer,
            desk=house.desk,
            now=house.clock,
        ),
        checkups=[],
        remembered=timedelta(days=1),
        delivered=timedelta(days=1),
        cases=None,
        now=house.clock,
    )


def test_an_account_that_hangs_or_fails_delays_no_other(house: House) -> None:
    hanging, broken = Steps(hangs=True), Steps(RuntimeError("a fault of ours"))
    limited, well = Steps(Retryable("later", after=timedelta(0))), Steps()
    clockwork = a_clockwork(house, hanging=hanging, broken=broken, limited=limited, well=well)
    clockwork.start()
    try:
        assert hanging.came(1)
        assert all(poller.came(5) for poller in (well, broken, limited))
        assert not hanging.enough.acquire(blocking=False)
    finally:
        hanging.open.set()
        clockwork.close()
    with house.database.read() as unit:
        kept = unit.kept.get(Account("mastodon", "well"), "tierdesk: beat")
    assert kept


def test_as_long_as_it_runs_somebody_looks_whether_the_clock_was_put_back(house: House) -> None:
    clockwork = a_clockwork(house)
    clockwork.start()
    assert "replanning" in {thread.name for thread in threading.enumerate()}
    clockwork.close()
    assert "replanning" not in {thread.name for thread in threading.enumerate()}


def test_what_is_told_once_a_week_is_remembered_for_a_week_whatever_the_settings_say(
    house: House,
) -> None:
    clockwork = a_clockwork(house)
    assert clockwork.remembered == timedelta(days=1)
    house.writer.run(lambda unit: unit.memory.first_time("told", at=house.clock()))
    for days, is_new in ((6, False), (3, True)):
        house.clock.advance(timedelta(days=days))
        clockwork.clear_up()
        with house.database.transact() as unit:
            assert unit.memory.first_time("told", at=house.clock()) is is_new


def a_closed_case(house: House, number: int, *, days: int) -> None:
    closed = house.clock() - timedelta(days=days)

    def job(unit: Unit) -> None:
        author = an_author(f"{number}")
        unit.identities.meet(author, at=closed)
        ended = a_case(number, author=author, status=Status.CLOSED, closed_at=closed)
        unit.cases.save(ended)
        for name, case in ((f"m-{number}", number), (f"ignored-{number}", None)):
            unit.messages.add([a_stored(a_message(name, created_at=closed), case=case)])

    house.writer.run(job)


def kept_of(house: House, numbers: Sequence[int]) -> tuple[list[int], list[int]]:
    """Of which of these there is the case, and of which the message that has none."""
    with house.database.read() as unit:
        found = unit.messages.find({a_ref(f"ignored-{number}") for number in numbers})
        return (
            [number for number in numbers if unit.cases.get(number)],
            [number for number in numbers if a_ref(f"ignored-{number}") in found],
        )


@pytest.mark.parametrize(
    ("kept", "reopened", "left"),
    [
        (None, 7, range(1, 101)),
        (30, 7, range(1, 30)),
        (1, 7, range(1, 8)),
        (1, 20, range(1, 20)),
    ],
)
def test_cases_end_when_the_settings_say_but_not_while_they_may_still_take_a_message(
    house: House, kept: int | None, reopened: int, left: range
) -> None:
    for days in range(1, 101):
        a_closed_case(house, days, days=days)
    clockwork = a_clockwork(house)
    clockwork.cases = None if kept is None else timedelta(days=kept)
    clockwork.desk = replace(clockwork.desk, reopen_within=timedelta(days=reopened))
    house.clock.advance(timedelta(seconds=1))
    clockwork.clear_up()
    assert kept_of(house, range(1, 101)) == ([*left], [*left])
