"""How long customers' data are kept: by the setting, by a person's word, and what goes on after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData

from inbox import contacts, deskwork, retention
from inbox.case import Case
from inbox.contacts import Sight
from inbox.decision import Decision
from inbox.errors import Refusal
from inbox.facts import Facts
from inbox.message import Deleted, Echoed, Edited, Event, Message, Posted
from inbox.outbox import State
from inbox.ports import Commented, Unit
from inbox.profile import profile
from inbox.reception import Arrival, Outcome
from store.database import Database
from tests.builders import NOW, a_decision, a_message, a_ref, an_author
from tests.helpdesks.stage import Stage
from tests.house import FakeRouter, House

DAY = timedelta(days=1)
ZOE = an_author("zoe@example.org", name="Zoe Zander")
TEXT = "My parcel was eaten by a badger"


def a_post(name: str, text: str = TEXT, **fields: Any) -> Message:
    plain = {"author": ZOE, "conversation": a_ref(f"place-{name}")}
    return a_message(name, text=text, **plain | fields)


def _by_text(facts: Facts) -> Decision:
    ignored = "ignored" in facts.text
    return a_decision(tier=None if ignored else 1, ignore=ignored)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, FakeRouter(decide=_by_text)) as house:
        yield house


def arrive(house: House, *events: Event | Message) -> Sequence[Outcome]:
    arrivals = [
        Arrival(event=Posted(message=each) if isinstance(each, Message) else each)
        for each in events
    ]
    now = house.clock()
    return house.writer.run(lambda unit: house.reception.receive(unit, arrivals, now=now))


def close(house: House, number: int) -> None:
    at = house.clock()
    house.writer.run(
        lambda unit: deskwork.close(unit, house.desk, number, "U1", "answered", seen_in=None, at=at)
    )


def _delivered(item: int, unit: Unit) -> bool:
    return unit.outbox.settle(item, State.DELIVERED)


def deliver_all(house: House) -> None:
    while items := house.writer.run(lambda unit: unit.outbox.lease("w", limit=9, lease_for=DAY)):
        for item in items:
            house.writer.run(partial(_delivered, item.id))


def forget(house: House, number: int) -> None:
    at = house.clock()
    house.writer.run(lambda unit: retention.forget(unit, number, at=at))


def case(house: House, number: int) -> Case | None:
    with house.database.read() as unit:
        return unit.cases.get(number)


def everything(database: Database) -> str:
    with database.writing() as connection:
        seen = MetaData()
        seen.reflect(connection)
        return str([connection.execute(table.select()).all() for table in seen.tables.values()])


# --- what goes on after ------------------------------------------------------------------


def test_a_later_case_of_the_same_customer_shows_and_works_without_the_earlier_one(
    house: House,
) -> None:
    arrive(house, a_post("1"))
    close(house, 1)
    deliver_all(house)
    house.clock.advance(100 * DAY)
    arrive(house, a_post("2", "Where is it now?"))
    before = house.clock() - 50 * DAY
    assert house.writer.run(lambda unit: retention.end_old(unit, before=before)) == 1

    arrive(house, a_post("3", "Hello?", conversation=a_ref("place-2"), in_reply_to=a_ref("2")))

    later = case(house, 2)
    assert later
    assert (later.previous, later.messages) == (1, 2)
    assert case(house, 1) is None
    with house.database.read() as unit:
        sight = Sight(desk=house.desk, channel="care")
        told = profile(unit, sight, ZOE.ref)
        known = contacts.contacts(unit, {ZOE.ref})[ZOE.ref]
        assert [author.handle for author in contacts.search(unit, sight, "zander", limit=9)]
    assert (told.cases, known.cases, known.newest) == (1, 1, later)
    close(house, 2)
    deliver_all(house)
    house.clock.advance(100 * DAY)
    arrive(house, a_post("4", "And once more"))
    assert case(house, 3)


def test_somebody_whose_last_case_went_writes_for_the_first_time_again(house: House) -> None:
    arrive(house, a_post("1"))
    close(house, 1)
    deliver_all(house)
    house.clock.advance(100 * DAY)
    house.writer.run(lambda unit: retention.end_old(unit, before=house.clock()))
    with house.database.read() as unit:
        assert unit.identities.find({ZOE.ref}) == {}

    assert arrive(house, a_post("1")) == [Outcome.NEW]

    assert [facts.first_contact for facts in house.router.asked] == [True, True]
    opened = case(house, 2)
    assert opened
    assert opened.previous is None


def test_what_is_told_of_a_case_that_is_gone_says_that_it_may_have_been_deleted(
    house: House,
) -> None:
    arrive(house, a_post("1"))
    close(house, 1)
    deliver_all(house)
    forget(house, 1)
    with pytest.raises(Refusal, match="It may have been deleted"):
        close(house, 1)
    with pytest.raises(Refusal, match="It may have been deleted"):
        forget(house, 1)


# --- by a person's word ------------------------------------------------------------------


def test_what_a_network_repeats_of_a_forgotten_case_opens_none(house: House) -> None:
    """A webhook that was not acknowledged comes again for days, and would be answered again."""
    first, again = a_post("1"), a_post("1b", conversation=a_ref("place-1"))
    arrive(house, first, again, a_post("other", author=an_author()))
    ours = a_post("ours", "We wrote", conversation=first.conversation, in_reply_to=first.ref)
    arrive(house, Echoed(message=ours, to=ZOE))
    close(house, 1)
    deliver_all(house)
    forget(house, 1)

    news: Sequence[Event] = (
        Posted(message=first),
        Edited(message=again, at=house.clock()),
        Deleted(ref=first.ref, at=house.clock()),
        Echoed(message=ours, to=ZOE),
        Posted(message=first),
    )
    assert {*arrive(house, *news)} == {Outcome.KNOWN}
    assert case(house, 3) is None
    with house.database.read() as unit:
        assert unit.messages.find({first.ref, again.ref, ours.ref}) == {}

    assert arrive(house, a_post("2")) == [Outcome.NEW]
    assert case(house, 3)


def test_with_the_last_case_goes_what_the_customer_wrote_without_one(house: House) -> None:
    arrive(house, a_post("1"), a_post("2", in_reply_to=a_ref("far")))
    arrive(house, a_post("3", "to be ignored", in_reply_to=a_ref("far")))
    arrive(house, a_post("4", "to be ignored, too", author=an_author()))
    for number in (1, 2):
        close(house, number)
    deliver_all(house)
    forget(house, 1)
    with house.database.read() as unit:
        assert unit.messages.find({a_ref("3")})  # there is a case of theirs still
    forget(house, 2)
    left = everything(house.database)
    assert not any(word in left for word in ("zoe", "Zoe", "badger"))
    assert "to be ignored, too" in left


# --- helpdesks ---------------------------------------------------------------------------


def test_news_of_a_deleted_cases_ticket_harm_nothing_and_are_not_kept(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.write()
        stage.escalate()
        stage.carry()
        stage.close()
        stage.carry()
        (ticket,) = stage.helpdesk.kept
        stage.clock.advance(100 * DAY)
        assert stage.run(lambda unit: retention.end_old(unit, before=stage.clock())) == 1

        stage.helpdesk.comment(ticket, "It left today.")
        stage.look()
        with stage.house.database.read() as unit:
            assert unit.tickets.case_of("support", ticket) is None
        assert "It left today" not in everything(stage.house.database)


def test_news_of_it_that_may_be_anothers_are_kept_no_longer_than_other_names(
    tmp_path: Path,
) -> None:
    with Stage(tmp_path) as stage:
        stage.write()
        stage.escalate()
        told = Commented(
            ticket="t-of-a-deleted-case",
            id="1",
            author="Rita",
            text="It left late",
            public=True,
            at=NOW,
        )
        assert stage.tell(told) == 0
        assert "It left late" in everything(stage.house.database)
        stage.run(lambda unit: unit.tickets.forget_early(stage.clock() + DAY))
        assert "It left late" not in everything(stage.house.database)
