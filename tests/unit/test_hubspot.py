"""What only HubSpot needs to hold: tickets in two steps, notes on their own, a mark for answers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette

from inbox.decision import Priority
from inbox.errors import BadPayload, Rejected, Retryable, Uncertain, Unverified
from inbox.ports import (
    Commented,
    HelpdeskConnection,
    Request,
    Requester,
    TicketChanged,
    TicketDraft,
    TicketEntry,
    TicketEvent,
    TicketGone,
    TicketStatus,
    TicketUpdate,
)
from integrations.hubspot import helpdesk as hubspot
from integrations.hubspot.receiver import Receiver
from sandbox.faults import Fault, Faults
from tests.helpdesks.hubspot import TOKEN, FakeHubSpot
from tests.hosts import a_host
from tests.servers import Loopback

BEGIN = datetime(2026, 11, 22, 8, tzinfo=UTC)
NOTE = "POST /crm/v3/objects/notes"


class Place:
    """A HubSpot and Tierdesk's connection to it; `host` survives a restart of the latter."""

    def __init__(self, url: str, desk: FakeHubSpot, opened: ExitStack) -> None:
        self.url = url
        self.desk = desk
        self.at = BEGIN
        desk.clock = lambda: self.at
        self._opened = opened
        self.host = a_host(lambda: self.at)
        self.connection = self.connect()

    def connect(self, **data: object) -> HelpdeskConnection:
        secrets = {"HUBSPOT_SUPPORT_TOKEN": TOKEN}
        plain = {"base_url": self.url}
        connection = hubspot.connect("support", plain | data, secrets, host=self.host)
        self._opened.callback(connection.close)
        return connection

    def open(self, number: int = 1042) -> str:
        return self.connection.desk.create(a_draft(number)).id

    def look(
        self, cursor: str | None = None, *, by: HelpdeskConnection | None = None
    ) -> tuple[list[TicketEvent], str]:
        watch = (by or self.connection).watch
        assert watch
        page = watch.changes(cursor)
        return [*page.events], page.cursor

    def fault(self, method: str, kind: str) -> None:
        self.desk.faults.add(Fault(target="helpdesk", method=method, kind=kind))

    def wrong(self, **data: object) -> list[str]:
        examiner = self.connect(**data).examiner
        assert examiner
        return [each.says for each in examiner.examine() if not each.well]


@pytest.fixture
def place() -> Iterator[Place]:
    desk = FakeHubSpot(Faults(), lambda: BEGIN)
    with Loopback(Starlette(routes=desk.routes)) as server, ExitStack() as opened:
        yield Place(server.url, desk, opened)


def a_draft(number: int = 1042) -> TicketDraft:
    return TicketDraft(
        key=f"ticket:{number}:1",
        subject="Ana Popescu on Mastodon",
        body="Ana wrote: Where is my parcel?",
        requester=Requester(key="mastodon:care:ana", name="Ana", email="ana@mail.example"),
        priority=Priority.CRITICAL,
        tags=("delivery", "vip"),
    )


def an_entry(number: int = 1, text: str = "Message", *, from_customer: bool = True) -> TicketEntry:
    return TicketEntry(
        key=f"entry:1042:{number}",
        author="Ana",
        text=text,
        at=BEGIN,
        from_customer=from_customer,
    )


def comments(events: list[TicketEvent]) -> list[tuple[str, str, bool]]:
    return [(one.author, one.text, one.public) for one in events if isinstance(one, Commented)]


# --- out ---------------------------------------------------------------------------------


def test_the_description_says_who_and_the_notes_say_what(place: Place) -> None:
    id_ = place.open()
    there = place.desk.tickets[id_]["properties"]
    assert there["content"] == (
        "Customer: Ana (mastodon:care:ana)\ndelivery, vip\nThe conversation stands in the notes."
    )
    assert "ana@mail.example" not in str(there)
    assert (there["hs_pipeline_stage"], there["hs_ticket_priority"]) == ("1", "URGENT")
    (note,) = place.desk.bodies(id_)
    assert "Where is my parcel?" in note
    assert note.endswith("[tierdesk ticket:1042:1]")


def test_a_key_that_is_there_already_makes_no_second_ticket_nor_a_second_note(
    place: Place,
) -> None:
    assert place.open() == place.open()
    assert (len(place.desk.tickets), len(place.desk.notes)) == (1, 1)


def test_a_ticket_whose_note_is_missing_is_finished_after_a_restart(place: Place) -> None:
    place.fault(NOTE, "500")
    with pytest.raises(Uncertain):
        place.open()
    assert place.desk.notes == {}
    found = place.connect().desk.find("ticket:1042:1")
    assert found
    assert "Where is my parcel?" in place.desk.bodies(found.id)[0]


def test_a_new_ticket_is_found_while_the_index_is_behind(place: Place) -> None:
    place.desk.lags = True
    id_ = place.open()
    found = place.connection.desk.find("ticket:1042:1")
    assert found
    assert (found.id, found.url) == (id_, None)
    place.connection.desk.add(id_, an_entry())
    assert place.connection.desk.holds(id_, an_entry())


def test_a_key_that_somebody_quotes_is_no_entry_of_ours(place: Place) -> None:
    id_ = place.open()
    place.desk.write(id_, "See [tierdesk entry:1042:1] above")
    assert not place.connection.desk.holds(id_, an_entry())


def test_an_entry_is_found_among_many_notes(place: Place) -> None:
    id_ = place.open()
    place.connection.desk.add(id_, an_entry())
    for number in range(620):
        place.desk.write(id_, f"Note {number}")
    place.connection.desk.add(id_, an_entry(2))
    assert place.connection.desk.holds(id_, an_entry(1))
    assert place.connection.desk.holds(id_, an_entry(2))
    assert not place.connection.desk.holds(id_, an_entry(3))


@pytest.mark.parametrize("text", ['<&"' * 30_000, "x" * 90_000], ids=["escaped", "plain"])
def test_a_text_too_long_for_a_note_is_cut_and_keeps_its_key(place: Place, text: str) -> None:
    id_ = place.open()
    _, cursor = place.look()
    place.connection.desk.add(id_, an_entry(1, text))
    assert "[…]" in place.desk.bodies(id_)[1]
    assert place.connection.desk.holds(id_, an_entry(1))
    assert comments(place.look(cursor)[0]) == []


@pytest.mark.parametrize(
    ("from_customer", "stage"), [(True, "3"), (False, "4")], ids=["customer", "agent"]
)
def test_a_closed_ticket_is_opened_when_the_customer_writes_again(
    place: Place, from_customer: bool, stage: str
) -> None:
    id_ = place.open()
    place.desk.set(id_, hs_pipeline_stage="4")
    place.connection.desk.add(id_, an_entry(from_customer=from_customer))
    assert place.desk.tickets[id_]["properties"]["hs_pipeline_stage"] == stage


def test_a_deleted_ticket_takes_nothing_and_says_why(place: Place) -> None:
    id_ = place.open()
    place.desk.delete(id_)
    with pytest.raises(Rejected, match="deleted"):
        place.connection.desk.add(id_, an_entry())
    assert place.connection.desk.find("ticket:1042:1") is None


def test_an_update_of_what_is_there_writes_nothing(place: Place) -> None:
    id_ = place.open()
    update = TicketUpdate(status=TicketStatus.SOLVED, assignee="rita@brand.example", tags=("vip",))
    place.connection.desk.update(id_, update)
    place.connection.desk.update(id_, update)
    assert place.desk.calls.count("PATCH /crm/v3/objects/tickets/{id}") == 1


def test_a_refusal_names_the_property_and_never_its_value(place: Place) -> None:
    desk = place.connect(priorities={"SECRET-WORD": "critical"}).desk
    with pytest.raises(Rejected) as caught:
        desk.create(a_draft())
    assert str(caught.value) == "HubSpot refused it because of: hs_ticket_priority."


def test_a_number_that_is_none_is_never_sent(place: Place) -> None:
    with pytest.raises(Rejected):
        place.connection.desk.add("1/../2", an_entry())
    assert place.desk.calls == []


# --- back --------------------------------------------------------------------------------


def test_without_a_mark_every_note_is_internal(place: Place) -> None:
    id_ = place.open()
    _, cursor = place.look()
    place.desk.write(id_, "To customer: it left today")
    events, _ = place.look(cursor)
    assert comments(events) == [("Rita Vogel", "To customer: it left today", False)]


def test_a_note_with_the_mark_is_an_answer_without_it(place: Place) -> None:
    id_ = place.open()
    marking = place.connect(public_mark="To customer:")
    _, cursor = place.look(by=marking)
    for text in ("to Customer:  it left today\nRita", "Not yet. To customer: it left today"):
        place.desk.write(id_, text)
    events, _ = place.look(cursor, by=marking)
    assert comments(events) == [
        ("Rita Vogel", "it left today\nRita", True),
        ("Rita Vogel", "Not yet. To customer: it left today", False),
    ]


def test_what_no_person_wrote_is_no_answer_even_with_the_mark(place: Place) -> None:
    """A workflow may copy what the customer wrote into a note."""
    id_ = place.open()
    marking = place.connect(public_mark="To customer:")
    _, cursor = place.look(by=marking)
    place.desk.write(id_, "To customer: your password is 123", who=None)
    events, _ = place.look(cursor, by=marking)
    assert comments(events) == [("Somebody", "To customer: your password is 123", False)]


def test_notes_on_tickets_of_others_are_left_alone(place: Place) -> None:
    theirs = place.open(7)
    place.desk.tickets[theirs]["properties"]["tierdesk_key"] = None
    _, cursor = place.look()
    place.desk.write(theirs, "None of Tierdesk's business")
    place.desk.set(theirs, hs_pipeline_stage="4")
    events, _ = place.look(cursor)
    assert [event for event in events if event.ticket == theirs] == []


def test_what_the_index_shows_late_comes_once(place: Place) -> None:
    id_ = place.open()
    _, cursor = place.look()
    place.at += timedelta(seconds=10)
    place.desk.write(id_, "Written first, shown last")
    place.desk.lags = True
    events, cursor = place.look(cursor)
    assert events == []
    place.desk.lags = False
    place.at += timedelta(minutes=4)
    place.desk.write(id_, "Written last")
    events, cursor = place.look(cursor)
    assert [text for _, text, _ in comments(events)] == [
        "Written first, shown last",
        "Written last",
    ]
    assert comments(place.look(cursor)[0]) == []


def test_a_stage_that_the_table_does_not_name_is_open(place: Place) -> None:
    id_ = place.open()
    few = place.connect(stages={1: "new", 4: "closed"})
    _, cursor = place.look(by=few)
    place.desk.set(id_, hs_pipeline_stage="2")
    (state,) = [e for e in place.look(cursor, by=few)[0] if isinstance(e, TicketChanged)]
    assert (state.status, state.priority) == (TicketStatus.OPEN, Priority.CRITICAL)


# --- the webhook -------------------------------------------------------------------------

URL = "https://desk.example/webhooks/helpdesk/support?from=hubspot"
SECRET = b"a-client-secret"


def a_delivery(*events: dict[str, object], **fields: object) -> Request:
    """Signed as HubSpot does, without what the receiver uses for it."""
    body, sent = json.dumps(events).encode(), str(int(BEGIN.timestamp() * 1000))
    signed = b"POST" + URL.encode() + body + sent.encode()
    signature = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    headers = {"x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": sent}
    plain = Request(method="POST", query={}, headers=headers, body=body, received_at=BEGIN)
    return replace(plain, **fields)  # type: ignore[arg-type]  # a test names what it is about


DELETED: dict[str, object] = {
    "eventId": 1,
    "subscriptionType": "ticket.deletion",
    "objectId": 65059681032,
    "occurredAt": 1795334400000,
    "changeSource": "CRM_UI",
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": b"[]"},
        {"method": "PUT"},
        {"headers": {}},
        {"received_at": BEGIN + timedelta(milliseconds=300_001)},
        {"received_at": BEGIN - timedelta(milliseconds=300_001)},
    ],
    ids=["body", "method", "headers", "old", "of the future"],
)
def test_a_delivery_is_verified_with_its_address_and_its_time(wrong: dict[str, object]) -> None:
    receiver = Receiver(SECRET, URL)
    receiver.verify(a_delivery(DELETED))
    receiver.verify(a_delivery(DELETED, received_at=BEGIN + timedelta(milliseconds=300_000)))
    with pytest.raises(Unverified):
        receiver.verify(a_delivery(DELETED, **wrong))
    for other in (Receiver(b"another", URL), Receiver(SECRET, "http://inside:8080/webhooks")):
        with pytest.raises(Unverified):
            other.verify(a_delivery(DELETED))


def test_an_empty_secret_verifies_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        Receiver(b"", URL)


def test_deleted_and_merged_tickets_are_told_of_and_nothing_else() -> None:
    merged = {
        "objectId": 3,
        "primaryObjectId": 1,
        "mergedObjectIds": [2],
        "newObjectId": 3,
        "occurredAt": 1795334400000,
    }
    told = Receiver(SECRET, URL).parse(
        a_delivery(
            {**DELETED, "subscriptionType": "contact.deletion"},
            DELETED,
            {**DELETED, "subscriptionType": "object.deletion", "objectTypeId": "0-1"},
            {**DELETED, "subscriptionType": "object.deletion", "objectTypeId": "0-5"},
            {**merged, "subscriptionType": "ticket.merge"},
            {"subscriptionType": "conversation.newMessage", "messageId": "x"},
        )
    )
    at = datetime.fromtimestamp(1795334400, UTC)
    assert told == (
        TicketGone(ticket="65059681032", at=at),
        TicketGone(ticket="65059681032", at=at),
        TicketGone(ticket="2", at=at, into="3"),
        TicketGone(ticket="1", at=at, into="3"),
    )


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b'["x"]', b'[{"objectId": "../1"}]'])
def test_a_body_of_another_form_is_no_delivery(body: bytes) -> None:
    with pytest.raises(BadPayload):
        Receiver(SECRET, URL).parse(a_delivery(body=body))


def test_there_is_a_webhook_only_with_its_address_and_the_secret(place: Place) -> None:
    assert place.connection.receiver is None
    data, token = {"webhook_url": URL}, {"HUBSPOT_SUPPORT_TOKEN": TOKEN}
    (fault,) = hubspot.check("support", data, token)
    assert fault.key == "client_secret_env"
    secrets = {**token, "HUBSPOT_SUPPORT_CLIENT_SECRET": SECRET.decode()}
    connection = hubspot.connect("support", data, secrets, host=place.host)
    connection.close()
    assert connection.receiver
    connection.receiver.verify(a_delivery(DELETED))


# --- how it is ---------------------------------------------------------------------------


def test_looks_are_rarer_while_few_calls_of_the_day_are_left(place: Place) -> None:
    place.desk.left = 20_000
    place.look()
    assert place.connection.pace() == 4.0
    place.desk.left = 200_000
    place.look()
    assert place.connection.pace() == 1.0


def test_a_fault_while_looking_moves_nothing(place: Place) -> None:
    id_ = place.open()
    _, cursor = place.look()
    place.desk.write(id_, "It left today")
    place.fault("POST /crm/v4/associations/notes/tickets/batch/read", "500")
    with pytest.raises(Retryable):
        place.look(cursor)
    assert comments(place.look(cursor)[0]) == [("Rita Vogel", "It left today", False)]


def test_the_examiner_says_what_is_not_set_up(place: Place) -> None:
    assert place.wrong() == []
    (says,) = place.wrong(stages={"1": "new", "77": "closed"})
    assert "no stage 77. It has: 1 (New), 2 (Waiting on contact)" in says
    (says,) = place.wrong(pipeline="9")
    assert "no pipeline 9" in says
    (says,) = place.wrong(key_field="other")
    assert "no property other" in says
    place.desk.unique = False
    (says,) = place.wrong()
    assert "does not require unique values" in says
