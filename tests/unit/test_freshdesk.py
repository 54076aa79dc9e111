"""What only Freshdesk needs to hold: tickets in two steps, times in seconds, tables by number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette

from inbox.decision import Priority
from inbox.errors import Rejected, Retryable, Uncertain
from inbox.ports import (
    Commented,
    HelpdeskConnection,
    Requester,
    TicketChanged,
    TicketDraft,
    TicketEntry,
    TicketEvent,
    TicketStatus,
    TicketUpdate,
)
from integrations.freshdesk import helpdesk as freshdesk
from sandbox.faults import Fault, Faults
from tests.helpdesks.freshdesk import KEY, FakeFreshdesk
from tests.hosts import a_host
from tests.servers import Loopback

BEGIN = datetime(2026, 11, 22, 8, tzinfo=UTC)
NOTE = "POST /tickets/{id}/notes"


class Place:
    """A Freshdesk and Tierdesk's connection to it; `host` survives a restart of the latter."""

    def __init__(self, url: str, desk: FakeFreshdesk, opened: ExitStack) -> None:
        self.url = url
        self.desk = desk
        self.at = BEGIN
        desk.clock = lambda: self.at
        self._opened = opened
        self.host = a_host(lambda: self.at)
        self.connection = self.connect()

    def connect(self, **data: object) -> HelpdeskConnection:
        secrets = {"FRESHDESK_SUPPORT_KEY": KEY}
        plain = {"base_url": self.url}
        connection = freshdesk.connect("support", plain | data, secrets, host=self.host)
        self._opened.callback(connection.close)
        return connection

    def open(self, number: int = 1042, **fields: object) -> str:
        return self.connection.desk.create(a_draft(number, **fields)).id

    def ticket(self, id_: str) -> dict[str, object]:
        return self.desk.tickets[int(id_)]

    def look(self, cursor: str | None = None) -> tuple[list[TicketEvent], str]:
        assert self.connection.watch
        page = self.connection.watch.changes(cursor)
        assert not page.more
        return [*page.events], page.cursor

    def fault(self, method: str, kind: str) -> None:
        self.desk.faults.add(Fault(target="helpdesk", method=method, kind=kind))


@pytest.fixture
def place() -> Iterator[Place]:
    desk = FakeFreshdesk(Faults(), lambda: BEGIN)
    with Loopback(Starlette(routes=desk.routes)) as server, ExitStack() as opened:
        yield Place(server.url, desk, opened)


def a_draft(number: int = 1042, **fields: object) -> TicketDraft:
    plain: dict[str, object] = {
        "key": f"ticket:{number}:1",
        "subject": "Ana Popescu on Mastodon",
        "body": "Ana wrote: Where is my parcel?",
        "requester": Requester(key="mastodon:care:ana", name="Ana", email="ana@mail.example"),
        "priority": Priority.CRITICAL,
    }
    return TicketDraft(**plain | fields)  # type: ignore[arg-type]  # a test names what it is about


def an_entry(number: int = 1, *, from_customer: bool = True) -> TicketEntry:
    return TicketEntry(
        key=f"entry:1042:{number}",
        author="Ana",
        text=f"Message {number}",
        at=BEGIN,
        from_customer=from_customer,
    )


def comments(events: list[TicketEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, Commented)]


def test_the_description_says_nothing_and_the_contact_has_no_address(place: Place) -> None:
    ticket = place.ticket(place.open())
    assert ticket["description"] == "The conversation stands in the notes."
    assert place.desk.contacts["mastodon:care:ana"]["email"] is None
    (note,) = place.desk.conversations
    assert note["private"]
    assert "Where is my parcel?" in note["body_text"]


@pytest.mark.parametrize("kind", ["429", "500", "reset", "reset_after"])
@pytest.mark.parametrize("method", ["POST /tickets", NOTE])
def test_a_ticket_of_two_steps_is_made_once_and_whole_whatever_fails(
    place: Place, method: str, kind: str
) -> None:
    """As the product does it: look after an unknown end, else try again."""
    place.fault(method, kind)
    done = None
    for _ in range(3):
        try:
            done = done or place.open()
        except Uncertain:
            place.connection = place.connect()
            found = place.connection.desk.find("ticket:1042:1")
            done = found.id if found else None
        except Retryable:
            continue
    assert [str(ticket) for ticket in place.desk.tickets] == [done]
    assert ["parcel" in one["body_text"] for one in place.desk.conversations] == [True]
    assert not any(value for value in place.host.keep.values.values())  # type: ignore[attr-defined]


def test_a_ticket_is_found_while_the_index_does_not_have_it(place: Place) -> None:
    place.desk.lags = True
    ticket = place.open()
    found = place.connection.desk.find("ticket:1042:1")
    assert found
    assert found.id == ticket


def test_a_marker_that_an_agent_quotes_is_none_of_ours(place: Place) -> None:
    ticket = place.open()
    place.desk.write(ticket, "Did you see [entry:1042:1]", private=True)
    assert not place.connection.desk.holds(ticket, an_entry(1))
    place.connection.desk.add(ticket, an_entry(11))
    assert not place.connection.desk.holds(ticket, an_entry(1))


@pytest.mark.parametrize("status", [3, 4, 5, 6, 7])
def test_what_the_customer_writes_opens_a_ticket_again_and_our_notes_do_not(
    place: Place, status: int
) -> None:
    ticket = place.open()
    place.desk.set(ticket, status=status)
    place.connection.desk.add(ticket, an_entry(1, from_customer=False))
    assert place.ticket(ticket)["status"] == status
    held = place.connection.desk.add(ticket, an_entry(2))
    assert (place.ticket(ticket)["status"], held.status) == (2, TicketStatus.OPEN)


def test_a_deleted_ticket_takes_nothing_and_says_why(place: Place) -> None:
    ticket = place.open()
    place.desk.delete(ticket)
    with pytest.raises(Rejected, match="deleted"):
        place.connection.desk.add(ticket, an_entry())
    assert place.connection.desk.find("ticket:1042:1") is None


def test_two_answers_of_one_second_are_told_though_a_look_came_between(place: Place) -> None:
    ticket = place.open()
    _, cursor = place.look()
    place.desk.write(ticket, "First", private=False)
    events, cursor = place.look(cursor)
    assert comments(events) == ["First"]
    place.desk.write(ticket, "Second", private=False)
    events, cursor = place.look(cursor)
    assert comments(events) == ["Second"]
    place.at += timedelta(minutes=10)
    assert place.look(cursor)[0] == []


def test_a_settled_ticket_is_read_no_more(place: Place) -> None:
    ticket = place.open()
    _, cursor = place.look()
    place.desk.write(ticket, "First", private=False)
    place.at += timedelta(minutes=5)
    _, cursor = place.look(cursor)
    before = place.desk.calls.count("GET /tickets/{id}/conversations")
    place.look(cursor)
    assert place.desk.calls.count("GET /tickets/{id}/conversations") == before


def test_a_customers_own_message_there_is_never_an_answer_to_them(place: Place) -> None:
    ticket = place.open()
    _, cursor = place.look()
    place.desk.write(ticket, "I found your portal", private=False, who=None)
    (told,) = [event for event in place.look(cursor)[0] if isinstance(event, Commented)]
    assert not told.public


def test_the_tables_are_by_number(place: Place) -> None:
    place.connection = place.connect(
        statuses={2: "open", 9: "pending", 4: "solved"}, priorities={1: "low", 2: "high"}
    )
    ticket = place.open()
    assert place.ticket(ticket)["priority"] == 2
    _, cursor = place.look()
    place.desk.set(ticket, status=9)
    (told,) = [event for event in place.look(cursor)[0] if isinstance(event, TicketChanged)]
    assert told.status is TicketStatus.PENDING
    place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.CLOSED))
    assert place.ticket(ticket)["status"] == 4


def test_tags_are_added_and_those_of_the_helpdesk_stay(place: Place) -> None:
    ticket = place.open(tags=("delivery",))
    place.desk.set(ticket, tags=["theirs"])
    place.connection.desk.update(ticket, TicketUpdate(tags=("delivery",)))
    assert place.ticket(ticket)["tags"] == ["theirs", "delivery"]


def test_looks_are_rarer_while_little_of_the_limit_is_left(place: Place) -> None:
    place.look()
    assert place.connection.pace() == 1.0
    place.desk.left = 20
    place.look()
    assert place.connection.pace() > 1.0


def test_a_missing_field_is_a_finding(place: Place) -> None:
    place.open()
    assert place.connection.examiner
    assert all(each.well for each in place.connection.examiner.examine())
    other = place.connect(key_field="cf_other")
    assert other.examiner
    (wrong,) = [each.says for each in other.examiner.examine() if not each.well]
    assert "cf_other" in wrong
