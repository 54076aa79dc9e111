"""What comes back from HubSpot: notes with a mark for answers, stages, what its webhook tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from inbox.decision import Priority
from inbox.errors import BadPayload, Retryable, Unverified
from inbox.ports import Request, TicketChanged, TicketGone, TicketStatus
from integrations.hubspot import helpdesk as hubspot
from integrations.hubspot.receiver import Receiver
from tests.helpdesks.hubspot import CLIENT_SECRET, TOKEN, WEBHOOK, delivery
from tests.helpdesks.hubspot_place import BEGIN, Place, a_place, comments


@pytest.fixture
def place() -> Iterator[Place]:
    with a_place() as place:
        yield place


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


def test_a_fault_while_looking_moves_nothing(place: Place) -> None:
    id_ = place.open()
    _, cursor = place.look()
    place.desk.write(id_, "It left today")
    place.fault("POST /crm/v4/associations/notes/tickets/batch/read", "500")
    with pytest.raises(Retryable):
        place.look(cursor)
    assert comments(place.look(cursor)[0]) == [("Rita Vogel", "It left today", False)]


# --- the webhook -------------------------------------------------------------------------

SECRET = CLIENT_SECRET.encode()
DELETED: dict[str, object] = {
    "eventId": 1,
    "subscriptionType": "ticket.deletion",
    "objectId": 65059681032,
    "occurredAt": 1795334400000,
    "changeSource": "CRM_UI",
}


def a_delivery(*events: dict[str, object], **fields: object) -> Request:
    headers, body = delivery(events, at=BEGIN)
    plain = Request(method="POST", query={}, headers=headers, body=body, received_at=BEGIN)
    return replace(plain, **fields)


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
    receiver = Receiver(SECRET, WEBHOOK)
    receiver.verify(a_delivery(DELETED))
    receiver.verify(a_delivery(DELETED, received_at=BEGIN + timedelta(milliseconds=300_000)))
    with pytest.raises(Unverified):
        receiver.verify(a_delivery(DELETED, **wrong))
    for other in (Receiver(b"another", WEBHOOK), Receiver(SECRET, "http://inside:8080/webhooks")):
        with pytest.raises(Unverified):
            other.verify(a_delivery(DELETED))


def test_an_empty_secret_verifies_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        Receiver(b"", WEBHOOK)


def test_deleted_and_merged_tickets_are_told_of_and_nothing_else() -> None:
    merged = {
        "objectId": 3,
        "primaryObjectId": 1,
        "mergedObjectIds": [2],
        "newObjectId": 3,
        "occurredAt": 1795334400000,
    }
    told = Receiver(SECRET, WEBHOOK).parse(
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
        Receiver(SECRET, WEBHOOK).parse(a_delivery(body=body))


def test_there_is_a_webhook_only_with_its_address_and_the_secret(place: Place) -> None:
    assert place.connection.receiver is None
    data, token = {"webhook_url": WEBHOOK}, {"HUBSPOT_SUPPORT_TOKEN": TOKEN}
    (fault,) = hubspot.check("support", data, token)
    assert fault.key == "client_secret_env"
    secrets = {**token, "HUBSPOT_SUPPORT_CLIENT_SECRET": CLIENT_SECRET}
    connection = hubspot.connect("support", data, secrets, host=place.host)
    connection.close()
    assert connection.receiver
    connection.receiver.verify(a_delivery(DELETED))
