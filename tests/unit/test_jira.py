"""What only Jira needs to hold: a search that is behind, transitions, documents, its webhook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from starlette.applications import Starlette

from inbox.decision import Priority
from inbox.errors import Rejected, Retryable, Uncertain, Unverified
from inbox.ports import (
    Commented,
    HelpdeskConnection,
    Request,
    Requester,
    TicketDraft,
    TicketEntry,
    TicketEvent,
    TicketGone,
    TicketStatus,
    TicketUpdate,
)
from integrations.jira import helpdesk as jira
from integrations.jira.desk import SETTLED
from integrations.jira.document import to_document, to_text
from sandbox.faults import Fault, Faults
from tests.helpdesks.jira import EMAIL, TOKEN, WEBHOOK_SECRET, FakeJira
from tests.hosts import a_host
from tests.servers import Loopback

BEGIN = datetime(2026, 11, 22, 8, tzinfo=UTC)


class Place:
    """A Jira and Tierdesk's connection to it; `host` survives a restart of the latter."""

    def __init__(self, url: str, desk: FakeJira, opened: ExitStack) -> None:
        self.url = url
        self.desk = desk
        self.at = BEGIN
        desk.clock = lambda: self.at
        self._opened = opened
        self.host = a_host(lambda: self.at)
        self.connection = self.connect()

    def connect(self, secret: str = WEBHOOK_SECRET) -> HelpdeskConnection:
        secrets = {"JIRA_SUPPORT_TOKEN": TOKEN, "JIRA_SUPPORT_WEBHOOK_SECRET": secret}
        data = {"base_url": self.url, "email": EMAIL, "project": "SUP", "webhooks": True}
        connection = jira.connect("support", data, secrets, host=self.host)
        self._opened.callback(connection.close)
        return connection

    def open(self, number: int = 1042, **fields: object) -> str:
        return self.connection.desk.create(a_draft(number, **fields)).id

    def state(self, key: str) -> str:
        return str(self.desk.issues[key]["fields"]["status"]["name"])

    def look(self, cursor: str | None = None) -> tuple[list[TicketEvent], str]:
        assert self.connection.watch
        page = self.connection.watch.changes(cursor)
        assert not page.more
        return [*page.events], page.cursor

    def requests(self) -> list[Request]:
        return [
            Request(method="POST", query={}, headers=headers, body=body, received_at=self.at)
            for headers, body in self.desk.delivered
        ]

    def told(self) -> list[TicketEvent]:
        assert self.connection.receiver
        return [e for one in self.requests() for e in self.connection.receiver.parse(one)]


@pytest.fixture
def place() -> Iterator[Place]:
    desk = FakeJira(Faults(), lambda: BEGIN)
    with Loopback(Starlette(routes=desk.routes)) as server, ExitStack() as opened:
        yield Place(server.url, desk, opened)


def a_draft(number: int = 1042, **fields: object) -> TicketDraft:
    plain: dict[str, object] = {
        "key": f"ticket:{number}:1",
        "subject": "Ana Popescu\non Mastodon",
        "body": "Ana wrote: *Where* is my parcel?",
        "requester": Requester(key="mastodon:care:ana", name="Ana", email="ana@mail.example"),
        "priority": Priority.MEDIUM,
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


def test_while_the_search_is_behind_nobody_says_that_a_ticket_is_not_there(place: Place) -> None:
    place.desk.lags = True
    assert place.connection.desk.find("ticket:1042:1") is None
    place.desk.faults.add(Fault(target="helpdesk", method="POST /issue", kind="reset_after"))
    with pytest.raises(Uncertain):
        place.open()
    place.connection = place.connect()
    with pytest.raises(Retryable) as caught:
        place.connection.desk.find("ticket:1042:1")
    assert caught.value.after
    place.desk.lags = False
    found = place.connection.desk.find("ticket:1042:1")
    assert found
    assert [found.id] == list(place.desk.issues)


def test_after_the_search_has_settled_what_it_does_not_show_is_not_there(place: Place) -> None:
    place.desk.faults.add(Fault(target="helpdesk", method="POST /issue", kind="reset"))
    with pytest.raises(Uncertain):
        place.open()
    place.at += SETTLED
    assert place.connection.desk.find("ticket:1042:1") is None


@pytest.mark.parametrize("state", ["Waiting for customer", "Resolved", "Closed"])
def test_what_the_customer_writes_opens_a_ticket_again_and_our_notes_do_not(
    place: Place, state: str
) -> None:
    ticket = place.open()
    place.desk.set(ticket, status={"name": state})
    place.connection.desk.add(ticket, an_entry(1, from_customer=False))
    assert place.state(ticket) == state
    held = place.connection.desk.add(ticket, an_entry(2))
    assert (place.state(ticket), held.status) == ("Waiting for support", TicketStatus.OPEN)


def test_a_state_is_reached_by_the_transitions_there_are(place: Place) -> None:
    ticket = place.open()
    place.desk.blocked = frozenset({"Resolved"})
    place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.SOLVED))
    assert place.state(ticket) == "Closed"
    place.desk.blocked = frozenset({"Waiting for support"})
    with pytest.raises(Rejected, match="transition"):
        place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.OPEN))


def test_a_look_goes_through_all_pages(place: Place) -> None:
    place.desk.page = 2
    tickets = [place.open(number) for number in range(5)]
    _, cursor = place.look()
    for ticket in tickets:
        place.desk.write(ticket, f"About {ticket}", public=True)
    events, cursor = place.look(cursor)
    assert comments(events) == [f"About {ticket}" for ticket in tickets]
    assert place.look(cursor)[0] == []


def test_an_entry_behind_pages_that_hold_fewer_than_was_asked_for_is_there(place: Place) -> None:
    """Else it would be written again where the first attempt's end is not known."""
    place.desk.page = 2
    ticket = place.open()
    _, cursor = place.look()
    for number in range(5):
        place.connection.desk.add(ticket, an_entry(number, from_customer=False))
    assert all(place.connection.desk.holds(ticket, an_entry(number)) for number in range(5))
    place.desk.write(ticket, "The newest", public=True)
    assert comments(place.look(cursor)[0]) == ["The newest"]


def test_a_deleted_ticket_takes_nothing_and_is_told_of_by_webhook(place: Place) -> None:
    ticket = place.open()
    place.desk.delete(ticket)
    with pytest.raises(Rejected, match="deleted"):
        place.connection.desk.add(ticket, an_entry())
    assert [e for e in place.told() if isinstance(e, TicketGone)] == [
        TicketGone(ticket=ticket, at=BEGIN)
    ]


def test_what_we_did_ourselves_is_in_no_delivery_also_after_a_restart(place: Place) -> None:
    ticket = place.open()
    place.connection.desk.add(ticket, an_entry())
    place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.SOLVED))
    assert len(place.desk.delivered) == 3
    place.connection = place.connect()
    assert place.told() == []


def test_the_signature_is_as_jira_documents_it(place: Place) -> None:
    """The vector of Jira's page on webhooks."""
    receiver = place.connect("It's a Secret to Everybody").receiver
    assert receiver
    digest = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    headers = {"x-hub-signature": f"sha256={digest}"}
    request = Request(
        method="POST", query={}, headers=headers, body=b"Hello World!", received_at=BEGIN
    )
    receiver.verify(request)
    with pytest.raises(Unverified):
        receiver.verify(replace(request, headers={"x-hub-signature": f"sha1={digest}"}))


@given(st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \n")))
def test_a_text_comes_back_from_its_document(text: str) -> None:
    expected = "\n".join(line.rstrip() for line in text.split("\n")).strip()
    assert to_text(to_document(text)) == expected


@pytest.mark.parametrize("node", [None, 7, [], {"content": 5}, {"type": "text"}, {"attrs": []}])
def test_what_is_no_document_is_read_as_nothing(node: object) -> None:
    assert to_text(node) == ""
