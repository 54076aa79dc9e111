"""Our side of a conversation, where it did not go through Tierdesk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox import deliveries
from inbox.answering import Answer, Answering
from inbox.case import Afterwards, Case, Status
from inbox.changes import AnsweredElsewhere, Bounced
from inbox.message import Draft, Echoed, Posted, Sent, Undelivered, Visibility
from inbox.outbox import Item, SendAnswer, Whisper
from inbox.ports import Delivered, Unit
from inbox.reception import Arrival, Outcome
from tests.builders import ACCOUNT, a_message, a_ref, an_author, minutes
from tests.house import FakeDetector, House, a_connection

BRAND = an_author("brand", name="Brightleaf")


class Taking:
    """A network that takes every public reply."""

    def reply(self, draft: Draft, *, key: str) -> Sent:
        raise AssertionError("the test delivers by itself")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        takes(house, Posted(message=a_message("1")))
        yield house


def takes(house: House, *events: Posted | Echoed | Undelivered) -> list[Outcome]:
    arrivals = [Arrival(event=event) for event in events]
    return house.writer.run(lambda unit: house.reception.receive(unit, arrivals, now=minutes(5)))


def an_echo(text: str = "We open at nine.", id: str = "e1") -> Echoed:  # noqa: A002
    message = a_message(
        id, text=text, author=BRAND, conversation=a_ref("1"), in_reply_to=a_ref("1")
    )
    return Echoed(message=message, to=an_author())


def test_an_answer_that_is_older_than_what_the_customer_wrote_last_leaves_it_our_turn(
    house: House,
) -> None:
    takes(house, Posted(message=a_message("2", conversation=a_ref("1"), created_at=minutes(4))))

    takes(house, Echoed(message=replace(an_echo().message, created_at=minutes(3)), to=an_author()))

    assert (case_of(house).status, case_of(house).answered_at) == (Status.NEW, minutes(5))
    assert isinstance(changes(house)[-1], AnsweredElsewhere)


def case_of(house: House) -> Case:
    with house.database.read() as unit:
        found = unit.cases.get(1)
    assert found
    return found


def changes(house: House) -> list[object]:
    with house.database.read() as unit:
        return [event.change for event in unit.cases.history(1)]


def answer(house: House, text: str) -> Item:
    """An agent answers; the item waits."""
    connections = {ACCOUNT: a_connection(public=Taking())}
    answering = Answering(desk=house.desk, connections=connections, detector=FakeDetector())
    said = Answer(
        text=text,
        visibility=Visibility.PUBLIC,
        afterwards=Afterwards.WAIT,
        key="k-1",
        seen=case_of(house).version,
    )

    def job(unit: Unit) -> None:
        answering.reply(unit, 1, "U1", said, seen_in=None, at=minutes(2))

    house.writer.run(job)
    (item,) = [item for item in house.queued() if isinstance(item.effect, SendAnswer)]
    return item


def arrived(house: House, item: Item) -> None:
    """The network has taken the answer; it calls it e1."""

    def job(unit: Unit) -> None:
        leased = unit.outbox.lease("test", limit=50, lease_for=minutes(9) - minutes(0))
        mine = next(one for one in leased if one.id == item.id)
        deliveries.delivered(unit, house.desk, mine, Delivered(ref=a_ref("e1")), at=minutes(3))

    house.writer.run(job)


def test_an_answer_given_elsewhere_is_on_record_and_it_is_the_customers_turn(house: House) -> None:
    assert takes(house, an_echo()) == [Outcome.CHANGED]

    last = changes(house)[-1]
    assert isinstance(last, AnsweredElsewhere)
    assert (last.by, last.text) == ("Brightleaf", "We open at nine.")
    case = case_of(house)
    assert (case.status, case.waiting_since, case.answered_at) == (
        Status.PENDING,
        None,
        minutes(5),
    )


def test_an_echo_is_taken_once_and_opens_no_case(house: House) -> None:
    takes(house, an_echo())

    assert takes(house, an_echo()) == [Outcome.OWN]
    assert len([c for c in changes(house) if isinstance(c, AnsweredElsewhere)]) == 1
    stranger = a_message("9", author=BRAND, conversation=a_ref("9"))
    assert takes(house, Echoed(message=stranger)) == [Outcome.OWN]
    with house.database.read() as unit:
        assert unit.cases.get(2) is None


def test_an_echo_of_our_own_answer_that_comes_before_its_receipt_is_ours(house: House) -> None:
    item = answer(house, "We open  at nine.")

    assert takes(house, an_echo()) == [Outcome.OWN]
    arrived(house, item)
    assert takes(house, an_echo()) == [Outcome.OWN]
    assert not [c for c in changes(house) if isinstance(c, AnsweredElsewhere)]


def test_an_answer_that_did_not_arrive_is_given_back_and_it_is_our_turn(house: House) -> None:
    arrived(house, answer(house, "We open at nine."))
    assert case_of(house).status is Status.PENDING
    late = Undelivered(ref=a_ref("e1"), reason="The window is closed.", at=minutes(4))

    assert takes(house, late) == [Outcome.CHANGED]

    assert isinstance(changes(house)[-1], Bounced)
    assert case_of(house).status is Status.OPEN
    (told,) = [i.effect for i in house.queued() if isinstance(i.effect, Whisper)]
    assert (told.user, told.quote) == ("U1", "We open at nine.")
    assert "did not arrive: The window is closed." in told.text
    assert takes(house, late) == [Outcome.KNOWN]


def test_a_failure_that_is_told_before_the_answer_is_on_record_is_told_all_the_same(
    house: House,
) -> None:
    item = answer(house, "We open at nine.")
    failed = Undelivered(ref=a_ref("e1"), reason="The number is gone.", at=minutes(3))
    assert takes(house, failed) == [Outcome.KNOWN]

    arrived(house, item)

    bounced = [change for change in changes(house) if isinstance(change, Bounced)]
    assert [change.reason for change in bounced] == ["The number is gone."]
    assert takes(house, failed) == [Outcome.KNOWN]
    assert len([c for c in changes(house) if isinstance(c, Bounced)]) == 1


def test_what_is_not_our_answer_cannot_fail_to_arrive(house: House) -> None:
    of_customer = Undelivered(ref=a_ref("1"), reason="No.", at=minutes(4))
    unknown = Undelivered(ref=a_ref("7"), reason="No.", at=minutes(4))

    assert takes(house, of_customer, unknown) == [Outcome.KNOWN, Outcome.KNOWN]
    assert not [c for c in changes(house) if isinstance(c, Bounced)]
