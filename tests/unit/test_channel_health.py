"""What is wrong with a channel is told once, with what to do, and once when it is well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from inbox.channels import channels
from inbox.costs import amount, costs
from inbox.desk import Hours
from inbox.errors import AuthFailed
from inbox.health import spell, usual_silence
from inbox.message import Account, Posted
from inbox.ports import Budget, Checkup, Connection
from inbox.reception import Arrival
from tests.builders import ACCOUNT, NOW, a_message
from tests.case_views import accepted, words_of
from tests.house import House, a_connection
from tierdesk.channel_health import ChannelHealth, DailyCheckup
from tierdesk.pulse import Pulse
from workspace.reports import channels_list, costs_text

ALWAYS = Hours(zone=ZoneInfo("UTC"), week={})
OFFICE = Hours(
    zone=ZoneInfo("Europe/Bucharest"),
    week={day: ((time(9), time(17)),) for day in range(5)},
    closed_on=frozenset({"2026-03-04"}),
)
TODAY = NOW.date()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


def watch(house: House, **roles: object) -> None:
    """One round of the watch over an account with these roles."""
    ChannelHealth(
        connections={ACCOUNT: a_connection(**roles)},
        store=house.database,
        writer=house.writer,
        desk=house.desk,
        now=house.clock,
    ).turn()


def write(house: House, *moments: datetime) -> None:
    arrivals = [
        Arrival(event=Posted(message=a_message(f"m{at.timestamp()}", created_at=at)))
        for at in moments
    ]
    house.writer.run(lambda unit: house.reception.receive(unit, arrivals, now=house.clock()))


def every(step: timedelta, count: int, *, until: datetime = NOW) -> list[datetime]:
    return [until - step * n for n in reversed(range(count))]


# --- silence -----------------------------------------------------------------------------


def test_time_outside_business_hours_does_not_count() -> None:
    tuesday = datetime(2026, 3, 3, 14, tzinfo=UTC)  # 16:00 in Bucharest
    assert OFFICE.open_between(tuesday, tuesday + 2 * HOUR) == HOUR
    assert OFFICE.open_between(tuesday, tuesday + 2 * DAY) == 8 * HOUR  # Wednesday is a holiday
    assert OFFICE.open_between(tuesday + 4 * DAY, tuesday + 5 * DAY) == timedelta(0)
    assert OFFICE.open_between(tuesday, tuesday - DAY) == timedelta(0)
    assert ALWAYS.open_between(tuesday, tuesday + 2 * DAY) == 2 * DAY


def test_a_day_of_a_changed_clock_has_the_hours_that_it_has() -> None:
    night = replace(OFFICE, week={6: ((time(2), time(6)),)}, closed_on=frozenset())
    spring = datetime(2026, 3, 28, 22, tzinfo=UTC)  # at 3:00 it becomes 4:00
    assert night.open_between(spring, spring + DAY) == 3 * HOUR


def test_the_usual_silence_is_known_after_a_while_and_forgives_one_failure() -> None:
    assert usual_silence(every(HOUR, 19), ALWAYS) is None
    assert usual_silence(every(HOUR, 100), ALWAYS) is None
    assert usual_silence(every(HOUR, 150), ALWAYS) == HOUR
    broken = [at - 3 * DAY for at in every(HOUR, 80)] + every(HOUR, 80)
    assert usual_silence(broken, ALWAYS) == HOUR


def test_much_longer_silence_than_usual_is_told_once_and_its_end_once(house: House) -> None:
    write(house, *every(2 * HOUR, 80))
    house.clock.advance(4 * HOUR)
    watch(house)
    assert house.told() == []
    house.clock.advance(HOUR)
    watch(house)
    watch(house)
    [silent] = house.told()
    assert "mastodon:brand is silent: no message for 5 hours; usually one comes within 2 hours" in (
        silent
    )
    assert "tierdesk doctor" in silent
    write(house, house.clock())
    watch(house)
    watch(house)
    assert house.told()[1:] == ["mastodon:brand gets messages again."]


def test_a_short_silence_of_a_busy_account_is_no_alarm(house: House) -> None:
    write(house, *every(timedelta(minutes=10), 6 * 24 * 6))
    house.clock.advance(timedelta(minutes=50))
    watch(house)
    assert house.told() == []


def test_the_rhythm_is_the_accounts_own_and_only_of_customers(house: House) -> None:
    other = Account("mastodon", "brand-two")
    write(house, *every(HOUR, 10))
    with house.database.read() as unit:
        since = NOW - 14 * DAY
        assert unit.messages.moments(ACCOUNT, since=since) == every(HOUR, 10)
        assert unit.messages.moments(other, since=since) == []
        assert unit.messages.moments(ACCOUNT, since=NOW) == [NOW]


# --- tokens and checkups -----------------------------------------------------------------


def test_a_token_that_ends_is_told_two_weeks_and_three_days_before_and_when_renewed(
    house: House,
) -> None:
    ends = NOW + 20 * DAY

    def told_after(days: int, expires: datetime) -> list[str]:
        before = len(house.told())
        house.clock.time = NOW + days * DAY
        for _ in range(2):
            watch(house, expires=lambda: expires)
        return list(house.told()[before:])

    assert told_after(5, ends) == []
    assert "ends in 14 days" in told_after(6, ends)[0]
    assert told_after(10, ends) == []
    assert "ends in 3 days" in told_after(17, ends)[0]
    [over] = told_after(21, ends)
    assert "has ended" in over
    assert "docs/mastodon.md" in over
    assert told_after(21, ends + 60 * DAY) == [
        "The token of mastodon:brand is good for longer again."
    ]


class Doctor:
    def __init__(self, *says: str) -> None:
        self.says = says

    def examine(self) -> Sequence[Checkup]:
        return [Checkup(well=True, says="ok"), *(Checkup(well=False, says=s) for s in self.says)]


def test_what_the_network_says_is_wrong_is_told_once_until_it_changes(house: House) -> None:
    def asked(*says: str) -> None:
        DailyCheckup(
            account=ACCOUNT, examiner=Doctor(*says), writer=house.writer, desk=house.desk
        ).turn()

    asked()
    asked("The webhook is not subscribed.")
    asked("The webhook is not subscribed.")
    asked("The webhook is not subscribed.", "A scope is missing.")
    asked()
    asked()
    first, second, over = house.told()
    assert first == "mastodon:brand is not set up right: The webhook is not subscribed."
    assert "A scope is missing." in second
    assert over == "mastodon:brand is set up right again."


# --- budgets -----------------------------------------------------------------------------


def spend(house: House, cost: int, what: str = "poll", *, on: date = TODAY) -> None:
    house.writer.run(lambda unit: unit.spending.add(ACCOUNT, what, cost, on=on))


def test_half_four_fifths_and_the_end_of_a_budget_are_told_once_each(house: House) -> None:
    budget = Budget(unit="µ$", per_month=20_000_000)

    def told_after(cost: int) -> list[str]:
        before = len(house.told())
        spend(house, cost)
        for _ in range(2):
            watch(house, budget=budget)
        return list(house.told()[before:])

    assert told_after(9_000_000) == []
    [half] = told_after(2_000_000)
    assert "50 % of its budget for this month: $11.00 of $20.00" in half
    assert "/tierdesk report costs" in half
    assert told_after(1_000_000) == []
    assert "95 %" in told_after(8_000_000)[0]
    house.clock.time = NOW + 31 * DAY
    assert told_after(0) == []


def test_a_days_budget_is_told_only_ahead_of_its_time(house: House) -> None:
    budget = Budget(unit="units", per_day=1000)
    house.clock.time = NOW.replace(hour=20)
    spend(house, 820)
    watch(house, budget=budget)
    assert house.told() == []
    house.clock.time = NOW.replace(hour=15)
    watch(house, budget=budget)
    assert "80 % of its budget for today: 820 units of 1,000 units" in house.told()[0]


# --- reports -----------------------------------------------------------------------------


def of(house: House, **roles: object) -> dict[Account, Connection]:
    return {ACCOUNT: a_connection(**roles)}


def test_the_costs_show_today_and_this_month_the_forecast_and_the_kinds(house: House) -> None:
    house.clock.time = NOW.replace(day=10, hour=12, minute=0)
    spend(house, 2_000_000, "posts read", on=date(2026, 3, 2))
    spend(house, 500_000, "posts read", on=date(2026, 3, 10))
    spend(house, 16_000, "reply", on=date(2026, 3, 10))
    spend(house, 9_000_000, "posts read", on=date(2026, 2, 28))
    connections = of(house, budget=Budget(unit="µ$", per_month=20_000_000))
    with house.database.read() as unit:
        found = costs(unit, connections, at=house.clock())
    said = costs_text(found, at=house.clock())
    assert "today: $0.52, no limit, leads to $1.03" in said
    assert "this month: $2.52 of $20.00 (13%), leads to $8.21" in said
    assert said.index("posts read: 2 calls, $2.50") < said.index("reply: 1 call, $0.02")
    assert costs_text([], at=house.clock()) == "No account here costs anything for its calls."


def test_a_month_of_another_zone_has_its_own_first_day(house: House) -> None:
    budget = Budget(unit="units", per_month=100, day_zone="America/Los_Angeles")
    spend(house, 7, on=date(2026, 3, 31))
    with house.database.read() as unit:
        [found] = costs(unit, of(house, budget=budget), at=datetime(2026, 4, 1, 3, tzinfo=UTC))
    assert (found.month.begins.date(), found.month.spent) == (date(2026, 3, 1), 7)


def test_the_channels_show_the_last_success_the_last_message_and_what_keeps_it(
    house: House,
) -> None:
    write(house, *every(2 * HOUR, 80))
    pulse = Pulse(house.writer, house.clock)
    pulse.well(ACCOUNT)
    pulse.keep()
    again = Pulse(house.writer, house.clock)  # after a restart
    again.failed(ACCOUNT, AuthFailed("The token <is> refused."))
    again.keep()
    roles = of(house, expires=lambda: NOW + DAY, budget=Budget(unit="units", per_month=9))
    with house.database.read() as unit:
        [found] = channels(unit, roles, house.desk, at=NOW)
    assert (found.beat.at, found.last_message, found.usual) == (NOW, NOW, 2 * HOUR)
    said = channels_list([found], house.desk.hours.zone).text
    for part in ("usually one within 2 hours", "token until", "0 units of 9 units", "&lt;is&gt;"):
        assert part in said


def test_every_account_of_many_has_its_line(house: House) -> None:
    with house.database.read() as unit:
        [found] = channels(unit, of(house), house.desk, at=NOW)
    troubled = replace(found.beat, trouble="The token is refused. " * 4)
    many = [
        replace(found, beat=troubled, account=Account("mastodon", f"shop-number-{n}"))
        for n in range(45)
    ]
    shown = channels_list(many, house.desk.hours.zone)
    assert accepted(shown)
    assert [n for n in range(45) if f"shop-number-{n}*" in words_of(shown)] == [*range(40)]
    assert "5 more" in words_of(shown)


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=10), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=2), "2 days"),
        (-DAY, "0 minutes"),
    ],
)
def test_lengths_of_time_are_said_in_one_unit(length: timedelta, said: str) -> None:
    assert spell(length) == said


def test_amounts_have_their_unit() -> None:
    assert amount(1_234_567, "µ$") == "$1.23"
    assert amount(1_234_567, "units") == "1,234,567 units"
