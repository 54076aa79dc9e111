"""What the store promises of tickets and of news that came too early, on both databases."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError

from inbox.case import Case
from inbox.decision import Priority
from inbox.message import Attachment
from inbox.outbox import AddToTicket, Effect, NewItem, OpenTicket, UpdateTicket, What, helpdesk_lane
from inbox.ports import Commented, TicketChanged, TicketEvent, TicketGone
from inbox.ticket import TicketLink, TicketStatus
from store.database import Database
from tests.builders import NOW, a_case, minutes

TICKET = TicketLink(
    desk="support",
    id="ü/1:2",
    url="https://desk.example/t/1",
    status=TicketStatus.ON_HOLD,
    priority=Priority.CRITICAL,
    assignee="rita@brand.example",
    status_as_of=minutes(1),
    priority_as_of=minutes(2),
    assignee_as_of=minutes(3),
)


def a_comment(ticket: str = "t-1", number: int = 1) -> Commented:
    return Commented(
        ticket=ticket,
        id=f"c-{number}",
        author="Rita",
        text="日本語 \U0001f600 <!channel>\r\nIt left today.",
        public=True,
        at=minutes(number),
        attachments=(Attachment(kind="image", url="https://desk.example/i", alt=None),),
    )


def waiting(number: int, desk: str = "support") -> Case:
    return a_case(number, helpdesk=desk)


@pytest.mark.parametrize(
    "case",
    [waiting(1), a_case(1, helpdesk="support", ticket=TICKET)],
    ids=["on its way", "there"],
)
def test_a_cases_ticket_comes_back_as_it_went_in(database: Database, case: Case) -> None:
    with database.transact() as unit:
        unit.cases.save(case)
    with database.read() as unit:
        assert unit.cases.get(1) == case


def test_a_ticket_belongs_to_the_case_that_it_was_linked_to_last(database: Database) -> None:
    with database.transact() as unit:
        for number in (1, 2):
            unit.cases.save(a_case(number))
        unit.tickets.link("support", "t-1", 1)
        unit.tickets.link("support", "t-2", 1)
        assert unit.tickets.case_of("support", "t-1") == 1
        unit.tickets.link("support", "t-1", 2)
        unit.tickets.link("sales", "t-2", 2)
    with database.read() as unit:
        found = [("support", "t-1"), ("support", "t-2"), ("sales", "t-2"), ("sales", "t-1")]
        assert [unit.tickets.case_of(*each) for each in found] == [2, 1, 2, None]


def test_no_ticket_belongs_to_a_case_that_is_not_there(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transact() as unit:
        unit.tickets.link("support", "t-1", 99)


def test_cases_wait_for_a_helpdesk_until_their_ticket_is_there(database: Database) -> None:
    with database.transact() as unit:
        for case in (waiting(3), waiting(1), waiting(4, "sales"), a_case(2)):
            unit.cases.save(case)
        assert unit.tickets.awaiting("support") == [1, 3]
        unit.cases.save(replace(waiting(3), ticket=TICKET))
    with database.read() as unit:
        assert unit.tickets.awaiting("support") == [1]
        assert unit.tickets.awaiting("nobody") == []


def test_early_news_are_given_once_in_their_order_when_their_case_is_known(
    database: Database,
) -> None:
    news: list[TicketEvent] = [
        a_comment(number=5),
        TicketChanged(
            ticket="t-1",
            status=TicketStatus.PENDING,
            at=minutes(2),
            priority=Priority.LOW,
            assignee="rita",
        ),
        TicketGone(ticket="t-1", at=minutes(1), into="t-9"),
    ]
    with database.transact() as unit:
        unit.cases.save(a_case(1))
        for event in news:
            unit.tickets.keep_early("support", event, at=NOW)
        unit.tickets.keep_early("support", a_comment("t-2"), at=NOW)
        unit.tickets.keep_early("sales", a_comment("t-1"), at=NOW)
        assert unit.tickets.take_early("support") == []
    with database.transact() as unit:
        unit.tickets.link("support", "t-1", 1)
        assert unit.tickets.take_early("support") == news
    with database.transact() as unit:
        assert unit.tickets.take_early("support") == []
        unit.tickets.link("support", "t-2", 1)
        assert unit.tickets.take_early("support") == [a_comment("t-2")]
        assert unit.tickets.take_early("sales") == []


def test_early_news_of_a_transaction_that_failed_are_still_there(database: Database) -> None:
    with database.transact() as unit:
        unit.cases.save(a_case(1))
        unit.tickets.link("support", "t-1", 1)
        unit.tickets.keep_early("support", a_comment(), at=NOW)

    def fail() -> None:
        with database.transact() as unit:
            assert unit.tickets.take_early("support") == [a_comment()]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.transact() as unit:
        assert unit.tickets.take_early("support") == [a_comment()]


def test_early_news_that_nobody_asked_for_are_forgotten_in_time(database: Database) -> None:
    with database.transact() as unit:
        unit.cases.save(a_case(1))
        for number, at in ((1, minutes(-1)), (2, NOW), (3, minutes(1))):
            unit.tickets.keep_early("support", a_comment(number=number), at=at)
        assert unit.tickets.forget_early(NOW) == 1
        unit.tickets.link("support", "t-1", 1)
        assert unit.tickets.take_early("support") == [a_comment(number=2), a_comment(number=3)]


@pytest.mark.parametrize(
    "effect",
    [
        OpenTicket(case=1, desk="support", upto=3),
        AddToTicket(case=1, desk="support", seq=4),
        *(UpdateTicket(case=1, desk="support", what=what) for what in What),
    ],
    ids=str,
)
def test_what_goes_to_a_helpdesk_comes_out_of_the_outbox_as_it_went_in(
    database: Database, effect: Effect
) -> None:
    lane = helpdesk_lane("support")
    with database.transact() as unit:
        assert not unit.outbox.undone(lane, limit=1)
        unit.outbox.add([NewItem(effect=effect, lane=lane, key="ticket:1:3")])
        assert unit.outbox.undone(lane, limit=1)
    with database.transact() as unit:
        (item,) = unit.outbox.lease("worker", limit=9, lease_for=timedelta(minutes=1))
        assert (item.effect, item.key, item.lane) == (effect, "ticket:1:3", lane)
        assert unit.outbox.undone(lane, limit=1)
        assert not unit.outbox.undone(helpdesk_lane("sales"), limit=1)
