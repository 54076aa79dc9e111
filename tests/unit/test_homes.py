"""Settings that change between two starts, and the cases that are open meanwhile."""

from __future__ import annotations

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
from tierdesk.homes import Homes

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
    with House(tmp_path) as house:
        writes(house, "1")
        deskwork_claim(house)
        settle_all(house)
    with House(tmp_path, desk=renamed()) as house:
        come_home(house)
        assert shown_in(house) == {"support"}
        assert (case_in(house).channel, case_in(house).owner) == ("support", "U1")
        assert ["1 open case is" in text for text in house.told()] == [True]
        come_home(house)
        assert len(house.told()) == 1


def test_a_customer_who_writes_to_a_case_whose_channel_is_gone_is_seen(tmp_path: Path) -> None:
    """A closed one, too, which nobody looked after at the start."""
    with House(tmp_path) as house:
        writes(house, "1")
        with house.database.transact() as unit:
            at = house.clock()
            deskwork.close(unit, house.desk, 1, "U1", "answered", seen_in=None, at=at)
        settle_all(house)
    with House(tmp_path, desk=renamed()) as house:
        come_home(house)
        assert house.queued() == []
        writes(house, "2")
        assert shown_in(house) == {"support"}


@pytest.mark.parametrize("private", [True, False])
def test_a_case_of_a_tier_that_is_gone_goes_where_nothing_private_is_shown_to_all(
    tmp_path: Path, private: bool
) -> None:
    router = FakeRouter(decide=lambda facts: a_decision(tier=3))
    with House(tmp_path, router, with_tier_3()) as house:
        writes(house, "1")
        assert case_in(house).channel == "experts"
        settle_all(house)
    desk = without_tier_3(a_desk())
    if not private:
        desk = replace(desk, tiers={1: desk.tiers[1]})
    with House(tmp_path, desk=desk) as house:
        come_home(house)
        assert case_in(house).channel == ("private" if private else "care")


def deskwork_claim(house: House) -> None:
    with house.database.transact() as unit:
        deskwork.claim(unit, house.desk, 1, "U1", seen_in="care", at=house.clock())
