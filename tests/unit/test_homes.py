"""Settings that change between two starts, and the cases that are open meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox import deskwork
from inbox.case import Case
from inbox.clearance import Clearance
from inbox.desk import Channel, Desk, Tier
from inbox.message import Posted
from inbox.outbox import ShowCard, ShowEntry
from tests.builders import a_decision, a_message, a_ref
from tests.house import FakeRouter, House, a_desk
from tierdesk.homes import Homes, WouldBeSeen, keep_private

RENAMED = Channel(key="support", id="C0CARE", clearance=Clearance(name="nothing"))


def renamed() -> Desk:
    """The channel of tier 1 has another name in the settings."""
    desk = a_desk()
    channels = {key: each for key, each in desk.channels.items() if key != "care"}
    tiers = {**desk.tiers, 1: replace(desk.tiers[1], channel="support")}
    return replace(desk, channels={**channels, "support": RENAMED}, tiers=tiers)


def without_tier_3(desk: Desk) -> Desk:
    tiers = {number: tier for number, tier in desk.tiers.items() if number != 3}
    channels = {key: each for key, each in desk.channels.items() if key != "experts"}
    return replace(desk, tiers=tiers, channels=channels)


def with_tier_3() -> Desk:
    desk = a_desk()
    experts = Channel(key="experts", id="C0X", clearance=Clearance(name="nothing"), private=True)
    tier = Tier(number=3, name="Experts", channel="experts", private=True)
    return replace(
        desk, tiers={**desk.tiers, 3: tier}, channels={**desk.channels, "experts": experts}
    )


@contextmanager
def a_start(
    folder: Path, router: FakeRouter | None = None, desk: Desk | None = None
) -> Iterator[House]:
    with House(folder, router, desk) as house:
        keep_private(house.database, house.desk, at=house.clock())
        yield house


def writes(house: House, name: str) -> None:
    message = a_message(name, conversation=a_ref("1"))
    arrivals = house.arrivals.look_at([Posted(message=message)], me=None)
    house.arrivals.submit(arrivals).result()


def case_in(house: House) -> Case:
    with house.database.read() as unit:
        case = unit.cases.get(1)
    assert case is not None
    return case


def shown_in(house: House) -> set[str]:
    """The channels in which something of the case waits to be shown."""
    effects = [item.effect for item in house.queued()]
    return {each.channel for each in effects if isinstance(each, ShowCard | ShowEntry)}


def settle_all(house: House) -> None:
    with house.database.writing() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'delivered', settled_at = 0")


def come_home(house: House) -> None:
    Homes(store=house.database, writer=house.writer, desk=house.desk, now=house.clock).turn()


def test_a_case_whose_channel_is_gone_is_shown_in_its_tiers_channel_at_the_start(
    tmp_path: Path,
) -> None:
    """Its card's buttons refuse, and whatever the customer writes would be shown nowhere."""
    with a_start(tmp_path) as house:
        writes(house, "1")
        deskwork_claim(house)
        settle_all(house)
    with a_start(tmp_path, desk=renamed()) as house:
        come_home(house)
        assert shown_in(house) == {"support"}
        assert (case_in(house).channel, case_in(house).owner) == ("support", "U1")
        assert ["1 open case is" in text for text in house.told()] == [True]
        come_home(house)
        assert len(house.told()) == 1


def test_a_customer_who_writes_to_a_case_whose_channel_is_gone_is_seen(tmp_path: Path) -> None:
    """A closed one, too, which nobody looked after at the start."""
    with a_start(tmp_path) as house:
        writes(house, "1")
        with house.database.transact() as unit:
            at = house.clock()
            deskwork.close(unit, house.desk, 1, "U1", "answered", seen_in=None, at=at)
        settle_all(house)
    with a_start(tmp_path, desk=renamed()) as house:
        come_home(house)
        assert house.queued() == []
        writes(house, "2")
        assert shown_in(house) == {"support"}


def to_tier(number: int) -> FakeRouter:
    return FakeRouter(decide=lambda facts: a_decision(tier=number))


def test_a_case_of_a_tier_that_is_gone_goes_where_nothing_private_is_shown_to_all(
    tmp_path: Path,
) -> None:
    with a_start(tmp_path, to_tier(3), with_tier_3()) as house:
        writes(house, "1")
        assert case_in(house).channel == "experts"
        settle_all(house)
    with a_start(tmp_path) as house:
        come_home(house)
        assert case_in(house).channel == "private"


# --- what was private ---------------------------------------------------------------------


def opened(desk: Desk, tier: int = 2, *, key: str) -> Desk:
    """The tier is worked by everybody now, in this channel instead of `private`."""
    channels = {name: each for name, each in desk.channels.items() if name != "private"}
    channel = Channel(key=key, id="C0HALL", clearance=Clearance(name="nothing"))
    public = replace(desk.tiers[tier], private=False, channel=key)
    return replace(desk, channels={**channels, key: channel}, tiers={**desk.tiers, tier: public})


@pytest.fixture
def private_case(tmp_path: Path) -> Path:
    """The folder of a desk that has worked one in `private`."""
    with a_start(tmp_path, to_tier(2)) as house:
        writes(house, "1")
        assert case_in(house).channel == "private"
        settle_all(house)
    return tmp_path


def close(house: House, at: timedelta = timedelta(0)) -> None:
    with house.database.transact() as unit:
        now = house.clock() + at
        deskwork.close(unit, house.desk, 1, "U1", "answered", seen_in=None, at=now)


def refused(folder: Path, desk: Desk, *, later: timedelta = timedelta(0)) -> str:
    """Why it does not start; empty where it does."""
    with House(folder, desk=desk) as house:
        try:
            keep_private(house.database, desk, at=house.clock() + later)
        except WouldBeSeen as why:
            return str(why)
    return ""


def test_a_private_case_whose_tier_becomes_public_goes_to_a_private_channel(
    private_case: Path,
) -> None:
    experts = with_tier_3()
    with a_start(private_case, desk=opened(experts, key="hall")) as house:
        come_home(house)
        assert case_in(house).channel == "experts"
        assert shown_in(house) == {"experts"}


def test_a_closed_private_case_comes_back_in_private(private_case: Path) -> None:
    with a_start(private_case) as house:
        close(house)
        settle_all(house)
    with a_start(private_case, desk=opened(with_tier_3(), key="hall")) as house:
        writes(house, "2")
        assert shown_in(house) == {"experts"}


def test_where_no_private_channel_is_left_nothing_starts(private_case: Path) -> None:
    desk = opened(a_desk(), key="hall")

    why = refused(private_case, desk)

    assert "does not name the private channel “private” any more" in why
    assert "1 case is there" in why
    with House(private_case, desk=desk) as house:
        come_home(house)
        writes(house, "2")
        assert shown_in(house) & {*desk.channels} == set()
    assert refused(private_case, a_desk()) == ""


def test_what_was_closed_long_ago_needs_no_private_channel(private_case: Path) -> None:
    with a_start(private_case) as house:
        close(house)
    desk = opened(a_desk(), key="hall")

    assert refused(private_case, desk, later=desk.reopen_within - timedelta(days=1))
    assert not refused(private_case, desk, later=desk.reopen_within + timedelta(days=1))


def test_a_private_channel_with_cases_is_not_made_public_by_the_settings(
    private_case: Path,
) -> None:
    with a_start(private_case) as house:
        close(house)

    desk = opened(with_tier_3(), key="private")

    assert "“private” was private, and 1 case is in it" in refused(private_case, desk)


def test_one_without_cases_is_and_so_is_one_that_was_public(tmp_path: Path) -> None:
    with a_start(tmp_path) as house:
        writes(house, "1")
    private = Channel(key="care", id="C0CARE", clearance=Clearance(name="nothing"), private=True)
    closed = replace(a_desk(), channels={**a_desk().channels, "care": private})

    assert refused(tmp_path, opened(a_desk(), key="private")) == ""
    assert refused(tmp_path, closed) == ""
    assert "“care” was private" in refused(tmp_path, a_desk())


def test_a_channel_that_nobody_remembers_is_taken_for_private(tmp_path: Path) -> None:
    """An older version worked it, and its name went with the upgrade."""
    with House(tmp_path) as house:
        writes(house, "1")
        settle_all(house)
    with a_start(tmp_path, desk=renamed()) as house:
        come_home(house)
        assert case_in(house).channel == "private"


def deskwork_claim(house: House) -> None:
    with house.database.transact() as unit:
        deskwork.claim(unit, house.desk, 1, "U1", seen_in="care", at=house.clock())
