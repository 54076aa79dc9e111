"""What only Zammad needs to hold: its lagging index, pending states, merges, its webhook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from starlette.applications import Starlette

from inbox.decision import Priority
from inbox.errors import Rejected, Uncertain, Unverified
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
from integrations.zammad import helpdesk as zammad
from sandbox.faults import Fault, Faults
from tests.helpdesks.zammad import BOT, RITA, SIGNATURE_TOKEN, TOKEN, FakeZammad
from tests.hosts import a_host
from tests.servers import Loopback

BEGIN = datetime(2026, 11, 22, 8, tzinfo=UTC)
SECRETS = {"ZAMMAD_SUPPORT_TOKEN": TOKEN, "ZAMMAD_SUPPORT_SIGNATURE_TOKEN": SIGNATURE_TOKEN}


class Place:
    """A Zammad and Tierdesk's connection to it; `host` survives a restart of the latter."""

    def __init__(self, url: str, desk: FakeZammad, opened: ExitStack) -> None:
        self.url = url
        self.desk = desk
        self.at = BEGIN
        self._opened = opened
        self.host = a_host(lambda: self.at)
        self.connection = self.connect()

    def connect(self, **data: object) -> HelpdeskConnection:
        plain = {"base_url": self.url, "group": "Users", "webhooks": True}
        connection = zammad.connect("support", plain | data, SECRETS, host=self.host)
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

    def told(self) -> list[TicketEvent]:
        """All that the webhook delivered so far."""
        assert self.connection.receiver
        return [e for one in self.requests() for e in self.connection.receiver.parse(one)]

    def requests(self) -> list[Request]:
        return [
            Request(method="POST", query={}, headers=headers, body=body, received_at=self.at)
            for headers, body in self.desk.delivered
        ]


@pytest.fixture
def place() -> Iterator[Place]:
    at = [BEGIN]
    desk = FakeZammad(Faults(), lambda: at[0])
    with Loopback(Starlette(routes=desk.routes)) as server, ExitStack() as opened:
        place = Place(server.url, desk, opened)
        desk.clock = lambda: place.at
        yield place


def a_draft(number: int = 1042, **fields: object) -> TicketDraft:
    plain: dict[str, object] = {
        "key": f"ticket:{number}:1",
        "subject": "Ana Popescu on Mastodon",
        "body": "Ana wrote: Where is my parcel?",
        "requester": Requester(key="mastodon:care:ana", name="Ana Maria Popescu"),
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


# --- out ---------------------------------------------------------------------------------


def test_the_customer_is_one_user_without_an_address(place: Place) -> None:
    place.open(1)
    place.open(2)
    customers = [user for user in place.desk.users.values() if user["roles"] == ["Customer"]]
    (ana,) = customers
    assert (ana["firstname"], ana["lastname"], ana["email"]) == ("Ana", "Maria Popescu", "")


def test_all_that_we_write_is_an_internal_note_in_plain_text(place: Place) -> None:
    place.connection.desk.add(place.open(), an_entry())
    assert {
        (one["type"], one["internal"], one["content_type"]) for one in place.desk.articles.values()
    } == {("note", True, "text/plain")}


def test_a_ticket_that_the_index_does_not_have_yet_is_found(place: Place) -> None:
    place.desk.lags = True
    for number in range(230):
        place.desk.tickets[number + 1000] = {
            "id": number + 1000,
            "state": "open",
            "priority": "2 normal",
            "owner": "-",
            "customer_id": BOT,
            "updated_at": "2026-11-22T08:00:00Z",
            "updated_by_id": RITA,
        }
    assert place.connection.desk.find("ticket:1042:1") is None
    place.desk.faults.add(Fault(target="helpdesk", method="POST /tickets", kind="reset_after"))
    with pytest.raises(Uncertain):
        place.open()
    found = place.connection.desk.find("ticket:1042:1")
    assert found
    assert place.ticket(found.id)["tierdesk_key"] == "ticket:1042:1"
    assert place.connection.desk.find("ticket:1042") is None


@pytest.mark.parametrize("state", ["closed", "pending reminder"])
def test_what_the_customer_writes_opens_a_ticket_again_and_our_notes_do_not(
    place: Place, state: str
) -> None:
    ticket = place.open()
    place.desk.set(ticket, state=state)
    place.connection.desk.add(ticket, an_entry(1, from_customer=False))
    assert place.ticket(ticket)["state"] == state
    held = place.connection.desk.add(ticket, an_entry(2))
    assert (place.ticket(ticket)["state"], held.status) == ("open", TicketStatus.OPEN)


def test_a_pending_state_has_its_end(place: Place) -> None:
    ticket = place.open()
    place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.PENDING))
    there = place.ticket(ticket)
    assert (there["state"], there["pending_time"]) == ("pending reminder", "2026-11-23T08:00:00Z")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (TicketStatus.ON_HOLD, "pending reminder"),
        (TicketStatus.CLOSED, "closed"),
        (TicketStatus.SOLVED, "closed"),
    ],
)
def test_a_state_that_zammad_has_no_word_for_becomes_the_one_most_like_it(
    place: Place, status: TicketStatus, state: str
) -> None:
    ticket = place.open(priority=Priority.CRITICAL)
    assert place.ticket(ticket)["priority"] == "3 high"
    place.connection.desk.update(ticket, TicketUpdate(status=status))
    assert place.ticket(ticket)["state"] == state


def test_tags_are_added_once(place: Place) -> None:
    ticket = place.open(tags=("delivery",))
    for _ in range(2):
        place.connection.desk.update(ticket, TicketUpdate(tags=("delivery", "vip")))
    assert place.desk.tags[int(ticket)] == ["tierdesk", "delivery", "vip"]


def test_what_is_added_to_a_merged_ticket_goes_where_it_goes_on(place: Place) -> None:
    ticket, other = place.open(1), place.open(2)
    place.connection.desk.add(ticket, an_entry(1))
    place.desk.merge(ticket, other)
    held = place.connection.desk.add(ticket, an_entry(2))
    assert (held.id, held.follows) == (other, ticket)
    assert all(place.connection.desk.holds(ticket, an_entry(n)) for n in (1, 2))
    assert place.connection.desk.find("ticket:1:1") == held


def test_a_deleted_ticket_takes_nothing_and_says_why(place: Place) -> None:
    ticket = place.open()
    place.desk.delete(ticket)
    with pytest.raises(Rejected, match="deleted"):
        place.connection.desk.add(ticket, an_entry())


# --- back --------------------------------------------------------------------------------


def test_an_answer_that_the_index_has_late_is_told_late_and_once(place: Place) -> None:
    first, second = place.open(1), place.open(2)
    place.desk.lags = True
    place.desk.index()
    place.at += timedelta(minutes=20)
    _, cursor = place.look()
    place.at += timedelta(minutes=5)
    place.desk.write(first, "Written first", internal=False)
    place.at += timedelta(minutes=1)
    place.desk.write(second, "Written next", internal=False)
    place.desk.index(second)
    events, cursor = place.look(cursor)
    assert comments(events) == ["Written next"]
    place.desk.index()
    events, cursor = place.look(cursor)
    assert comments(events) == ["Written first"]
    assert place.look(cursor)[0] == []


def test_an_older_answer_is_not_told_again_after_the_overlap(place: Place) -> None:
    first, second = place.open(1), place.open(2)
    _, cursor = place.look()
    told: list[str] = []
    for number in range(6):
        place.at += timedelta(minutes=7)
        place.desk.write((first, second)[number % 2], f"Answer {number}", internal=False)
        events, cursor = place.look(cursor)
        told += comments(events)
    assert told == [f"Answer {number}" for number in range(6)]


def test_a_merge_is_no_answer_and_the_ticket_that_goes_on_is_ours(place: Place) -> None:
    ticket, other = place.open(1), place.open(2)
    place.ticket(other)["tierdesk_key"] = None
    _, cursor = place.look()
    place.desk.merge(ticket, other)
    assert place.told() == []
    events, cursor = place.look(cursor)
    assert [type(event) for event in events] == [TicketGone]
    assert [event.into for event in events if isinstance(event, TicketGone)] == [other]
    place.connection = place.connect()
    place.desk.write(other, "For both of you", internal=False)
    assert comments(place.look(cursor)[0]) == ["For both of you"]
    assert comments(place.told()) == ["For both of you"]


def test_what_we_did_ourselves_is_in_no_delivery_also_after_a_restart(place: Place) -> None:
    ticket = place.open()
    place.connection.desk.add(ticket, an_entry())
    place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.SOLVED))
    assert len(place.desk.delivered) == 3
    place.connection = place.connect()
    assert place.told() == []


def test_the_signature_may_stand_with_and_without_its_name(place: Place) -> None:
    place.open()
    (request,) = place.requests()
    assert place.connection.receiver
    place.connection.receiver.verify(request)
    bare = request.headers["x-hub-signature"].removeprefix("sha1=")
    place.connection.receiver.verify(replace(request, headers={"x-hub-signature": bare}))
    with pytest.raises(Unverified):
        place.connection.receiver.verify(
            replace(request, headers={"x-hub-signature": f"sha256={bare}"})
        )


# --- set up ------------------------------------------------------------------------------


def test_a_missing_attribute_is_a_finding(place: Place) -> None:
    assert place.connection.examiner
    assert all(each.well for each in place.connection.examiner.examine())
    place.open()
    assert all(each.well for each in place.connection.examiner.examine())
    other = place.connect(key_field="another_key")
    assert other.examiner
    (wrong,) = [each.says for each in other.examiner.examine() if not each.well]
    assert "another_key" in wrong


def test_a_group_that_is_not_there_is_rejected_in_words(place: Place) -> None:
    place.connection = place.connect(group="Nowhere")
    with pytest.raises(Rejected, match="group"):
        place.open()


def test_a_webhook_needs_its_secret() -> None:
    data = {"base_url": "https://zammad.example", "group": "Users", "webhooks": True}
    secrets = {"ZAMMAD_SUPPORT_TOKEN": "t"}
    (fault,) = zammad.check("support", data, secrets)
    assert fault.key == "signature_env"
    assert "ZAMMAD_SUPPORT_SIGNATURE_TOKEN" in fault.problem
    assert zammad.check("support", {**data, "webhooks": False}, secrets) == []
