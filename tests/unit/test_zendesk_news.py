"""What comes back from Zendesk, once and whole: by its exports, after a merge, by its webhook."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox.errors import Unverified
from inbox.ports import Commented, Request, TicketChanged, TicketGone, TicketStatus, TicketUpdate
from inbox.unread import reading
from integrations.zendesk import helpdesk as zendesk
from integrations.zendesk.convert import merged_into
from integrations.zendesk.receiver import sign
from sandbox.helpdesk.accounts import BOT
from sandbox.helpdesk.world import Update
from tests.contract.zendesk_world import received, town
from tests.helpdesks.zendesk_place import SECRETS, Place, a_draft, a_place, an_entry, comments
from tests.hosts import a_host
from tests.servers import Loopback


@pytest.fixture
def place() -> Iterator[Place]:
    with a_place() as place:
        yield place


# --- looking -----------------------------------------------------------------------------


def test_what_changed_within_the_last_minute_comes_with_a_later_look(place: Place) -> None:
    ticket = place.open()
    _, cursor = place.look()
    place.act("reply", ticket, text="It left today")
    events, cursor = place.look(cursor)
    assert events == []
    place.clock.pass_by(seconds=61)
    assert comments(place.look(cursor)[0]) == ["It left today"]


def test_what_is_written_while_a_look_goes_on_is_not_lost(place: Place) -> None:
    """Answers within one second, on several tickets, with looks between them."""
    tickets = [place.open(key=f"ticket:{number}:1") for number in range(3)]
    _, cursor = place.look()
    written, told = [], []
    for number in range(12):
        text = f"Answer {number}"
        place.act("reply", tickets[number % 3], text=text)
        written.append(text)
        place.clock.pass_by(seconds=20)
        events, cursor = place.look(cursor)
        told += comments(events)
    place.clock.pass_by(seconds=61)
    told += comments(place.look(cursor)[0])
    assert list(dict.fromkeys(told)) == written


def test_an_older_answer_on_a_ticket_that_moves_to_a_later_page_is_not_lost(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.helpdesk.lookups._EXPORT_PAGE", 1)
    one, other = place.open(), place.open(key="ticket:7:1")
    place.clock.pass_by(seconds=1)
    _, cursor = place.look()
    place.act("reply", other, text="Written first")
    place.clock.pass_by(minutes=10)
    place.act("reply", one, text="Written next")
    place.clock.pass_by(seconds=1)
    place.act("set", other, status="pending")
    place.clock.pass_by(seconds=61)
    assert sorted(comments(place.look(cursor)[0])) == ["Written first", "Written next"]


def test_an_answer_whose_ticket_comes_late_into_the_export_is_not_lost(place: Place) -> None:
    one, other = place.open(), place.open(key="ticket:7:1")
    place.clock.pass_by(seconds=1)
    _, cursor = place.look()
    place.act("reply", other, text="Written first")
    place.desk.world.there(int(other)).generated += 30
    place.clock.pass_by(seconds=20)
    place.act("reply", one, text="Written next")
    place.clock.pass_by(seconds=61)
    events, cursor = place.look(cursor)
    assert comments(events) == ["Written next"]
    place.clock.pass_by(seconds=30)
    assert comments(place.look(cursor)[0]) == ["Written first"]


def test_what_a_trigger_does_after_us_is_told_and_what_we_did_is_not(place: Place) -> None:
    ticket = place.open()
    _, cursor = place.look()
    place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.PENDING))
    place.clock.pass_by(seconds=61)
    events, cursor = place.look(cursor)
    assert events == []
    place.act("set", ticket, status="hold", assignee="sorin")
    place.clock.pass_by(seconds=61)
    (event,) = place.look(cursor)[0]
    assert isinstance(event, TicketChanged)
    assert (event.status, event.assignee) == (TicketStatus.ON_HOLD, "sorin@brightleaf.example")


def test_tickets_that_are_not_ours_cost_nothing_and_tell_nothing(place: Place) -> None:
    _, cursor = place.look()
    ticket = place.open()
    there = place.desk.world.there(int(ticket))
    there.fields = replace(there.fields, external_id="ERP-7")
    place.act("reply", ticket, text="Not about us")
    before = len(place.desk.journal.calls())
    place.clock.pass_by(seconds=61)
    assert place.look(cursor)[0] == []
    assert len(place.desk.journal.calls()) == before + 1
    assert place.told() == []


def test_the_ticket_that_ours_was_merged_into_is_ours_also_after_a_restart(place: Place) -> None:
    ticket, other = place.open(), place.open(key="ticket:7:1")
    there = place.desk.world.there(int(other))
    there.fields = replace(there.fields, external_id=None)
    _, cursor = place.look()
    place.act("merge", ticket, into=other)
    place.clock.pass_by(seconds=61)
    events, cursor = place.look(cursor)
    assert [e.into for e in events if isinstance(e, TicketGone)] == [other]
    place.connection = place.connect()
    place.act("reply", other, text="For both of you")
    place.clock.pass_by(seconds=61)
    assert comments(place.look(cursor)[0])[-1] == "For both of you"
    assert comments(place.told())[-1] == "For both of you"


@pytest.mark.parametrize(
    ("notes", "into"),
    [
        (["Hi #3", 'This request was closed and merged into request #47 "#9"'], "47"),
        (["Diese Anfrage wurde mit Anfrage #48 zusammengeführt"], "48"),
        (["merged"], None),
    ],
)
def test_the_note_of_a_merge_names_the_ticket_that_goes_on(
    notes: list[str], into: str | None
) -> None:
    assert merged_into(notes) == into


def test_a_ticket_that_cannot_be_read_holds_up_no_other(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    ticket = place.open()
    good = {
        "id": int(ticket),
        "external_id": "ERP-1",
        "status": "open",
        "updated_at": "2026-11-22T08:00:00Z",
        "generated_timestamp": int(place.clock()),
    }

    async def answer(request: HttpRequest) -> Response:
        if request.url.path.endswith("me.json"):
            return JSONResponse({"user": {"id": 1, "role": "admin"}})
        bad = {**good, "id": None, "updated_at": "secret-text"}
        body = {"tickets": [bad, good], "after_cursor": "abc", "end_of_stream": True}
        return JSONResponse(body)

    with Loopback(Starlette(routes=[Route("/{path:path}", answer)])) as server:
        connection = place.connect(base_url=server.url)
        assert connection.watch
        cursor = connection.watch.changes(None).cursor
        with reading() as unread:
            page = connection.watch.changes(cursor)
    assert unread.entries == 1
    assert (page.events, page.more) == ((), False)
    assert '"abc"' in page.cursor
    assert "secret-text" not in caplog.text


# --- webhooks ----------------------------------------------------------------------------


def test_the_signature_is_of_the_timestamp_and_the_body_with_nothing_between() -> None:
    stamp, body = "2021-03-25T05:09:27Z", b'{"hello":"there"}'
    digest = hmac.new(b"secret", b'2021-03-25T05:09:27Z{"hello":"there"}', hashlib.sha256).digest()
    assert sign(b"secret", stamp, body) == base64.b64encode(digest).decode()


@pytest.mark.parametrize(
    ("late", "taken"), [(299, True), (301, False), (-299, True), (-301, False)]
)
def test_a_delivery_is_taken_within_five_minutes(place: Place, late: int, taken: bool) -> None:
    place.act("reply", place.open(), text="It left today")
    at = place.clock.now() + timedelta(seconds=late)
    request = received(place.desk.postman.sent[-1], at)
    assert place.connection.receiver
    if taken:
        place.connection.receiver.verify(request)
        return
    with pytest.raises(Unverified):
        place.connection.receiver.verify(request)


def test_what_we_did_ourselves_is_in_no_delivery_also_after_a_restart(place: Place) -> None:
    ticket = place.open()
    place.connection.desk.add(ticket, an_entry())
    place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.PENDING))
    assert len(place.desk.postman.sent) == 4
    assert place.told() == []
    place.connection = place.connect()
    assert place.told() == []


def test_a_customers_own_comment_there_is_never_an_answer_to_them(place: Place) -> None:
    ticket = place.open()
    _, cursor = place.look()
    there = place.desk.world.there(int(ticket))
    update = Update(author=there.requester, body="I found the portal", public=True)
    place.desk.world.update(there, update)
    place.clock.pass_by(seconds=61)
    for events in (place.told(), place.look(cursor)[0]):
        (told,) = [event for event in events if isinstance(event, Commented)]
        assert (told.author, told.text, told.public) == ("Ana Popescu", "I found the portal", False)


def test_a_state_with_an_assignee_whom_we_never_met_is_left_to_the_next_look(place: Place) -> None:
    ticket = place.open()
    _, cursor = place.look()
    place.act("set", ticket, assignee="sorin")
    assert place.told() == []
    place.clock.pass_by(seconds=61)
    (event,) = place.look(cursor)[0]
    assert isinstance(event, TicketChanged)
    assert event.assignee == "sorin@brightleaf.example"
    assert [e.assignee for e in place.told() if isinstance(e, TicketChanged)] == [event.assignee]


def test_the_sandbox_pushes_what_its_people_do() -> None:
    """The helpdesk's webhook over HTTP, tried again where we answer 409."""
    came: list[Request] = []
    twice = Event()

    async def take(http: HttpRequest) -> Response:
        headers, body = dict(http.headers.items()), await http.body()
        now = datetime.now(UTC)
        came.append(Request(method="POST", query={}, headers=headers, body=body, received_at=now))
        if len(came) == 2:
            twice.set()
        return Response(status_code=409 if len(came) == 1 else 200)

    with (
        Loopback(Starlette(routes=[Route("/hook", take, methods=["POST"])])) as ours,
        town(time.time) as (desk, _, url),
        ExitStack() as opened,
    ):
        data = {"base_url": url, "email": BOT.email, "webhooks": True}
        host = a_host(lambda: datetime.now(UTC))
        connection = zendesk.connect("support", data, SECRETS, host=host)
        opened.callback(connection.close)
        ticket = connection.desk.create(a_draft()).id
        desk.postman.callback = f"{ours.url}/hook"
        given = {"as": "rita", "type": "reply", "ticket": ticket, "text": "Left today"}
        assert httpx.post(f"{url}/people/act", json=given).json() == {"ok": True, "id": ticket}
        state = httpx.get(f"{url}/people/state").json()
        assert twice.wait(10)
        assert connection.receiver
        assert came[0].body == came[1].body
        connection.receiver.verify(came[1])
        (told,) = connection.receiver.parse(came[1])
    assert isinstance(told, Commented)
    assert (told.text, told.public) == ("Left today", True)
    assert [entry["text"] for entry in state["tickets"][0]["entries"]][1:] == ["Left today"]
