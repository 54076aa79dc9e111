"""News of tickets where several machines work on one database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from inbox import deliveries
from inbox.answering import Answering
from inbox.changes import HelpdeskAnswered
from inbox.desk import HelpdeskPolicy
from inbox.outbox import Item, NewItem, OpenTicket, helpdesk_lane
from inbox.ports import Commented, Delivered
from inbox.ticket import TicketLink
from inbox.ticket_news import TicketNews
from store.database import Database, open_database
from tests.builders import NOW, a_case, minutes
from tests.house import FakeDetector, a_desk

DESK = a_desk(helpdesks={"support": HelpdeskPolicy(name="support")})
NEWS = TicketNews(
    desk=DESK, answering=Answering(desk=DESK, connections={}, detector=FakeDetector())
)
THERE = TicketLink(desk="support", id="t-1")
WORD = Commented(ticket="t-1", id="c-1", author="Rita", text="Soon.", public=True, at=minutes(1))


@pytest.fixture
def another(url: str) -> Iterator[Database]:
    """As another machine has it open."""
    opened = open_database(url)
    yield opened
    opened.close()


def on_its_way(database: Database) -> Item:
    """The order to open the ticket of case 1, which a machine has under way."""
    effect = OpenTicket(case=1, desk="support", upto=1)
    with database.transact() as unit:
        unit.cases.save(a_case(1, helpdesk="support"))
        unit.outbox.add([NewItem(effect=effect, lane=helpdesk_lane("support"), key="ticket:1:1")])
        (item,) = unit.outbox.lease("machine", limit=1, lease_for=timedelta(minutes=1))
    return item


def opened(database: Database, item: Item) -> None:
    with database.transact() as unit:
        deliveries.delivered(unit, DESK, item, Delivered(ticket=THERE), at=NOW)


def take(database: Database, *events: Commented) -> int:
    with database.transact() as unit:
        return NEWS.take(unit, "support", events, at=NOW)


def answers(database: Database) -> int:
    with database.read() as unit:
        history = unit.cases.history(1)
    return sum(isinstance(event.change, HelpdeskAnswered) for event in history)


def test_what_two_machines_are_told_at_once_is_taken_once(
    database: Database, another: Database
) -> None:
    opened(database, on_its_way(database))
    start = Barrier(2, timeout=30)

    def work(machine: Database) -> int:
        start.wait()
        return take(machine, WORD)

    with ThreadPoolExecutor(2) as machines:
        taken = list(machines.map(work, (database, another)))
    assert sorted(taken) == [0, 1]
    assert answers(database) == 1


class Meanwhile:
    """The tickets of a transaction; after so many calls something happens on another machine."""

    def __init__(self, tickets: object, calls: int, happen: Callable[[], object]) -> None:
        self._tickets = tickets
        self._calls = calls
        self._happen = happen

    def __getattr__(self, name: str) -> Any:
        ask = getattr(self._tickets, name)

        def asked(*arguments: Any, **named: Any) -> Any:
            answer = ask(*arguments, **named)
            self._calls -= 1
            if self._calls == 0:
                self._happen()
            return answer

        return asked


@pytest.mark.parametrize("calls", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_news_of_a_ticket_that_another_machine_opens_just_then_are_not_lost(
    database: Database, another: Database, calls: int
) -> None:
    item = on_its_way(database)
    with database.transact() as unit:
        unit.tickets = Meanwhile(unit.tickets, calls, lambda: opened(another, item))  # type: ignore[assignment]  # stands in for it
        NEWS.take(unit, "support", [WORD], at=NOW)
    opened(another, item)
    take(database)
    assert answers(database) == 1
