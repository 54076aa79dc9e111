"""What only Zendesk needs to hold: keys, races, reopening, exports, its webhook, its limits."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox.decision import Priority
from inbox.errors import AuthFailed, Rejected, Retryable, Uncertain, Unverified
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
from integrations.zendesk import helpdesk as zendesk
from integrations.zendesk.convert import merged_into
from integrations.zendesk.receiver import sign
from sandbox.faults import Fault
from sandbox.helpdesk import Helpdesk
from sandbox.helpdesk.accounts import BOT, RITA, SIGNING_SECRET
from sandbox.helpdesk.world import Update
from tests.contract.zendesk_world import TOKEN, received, town
from tests.hosts import a_host
from tests.servers import Loopback

BEGIN = datetime(2026, 11, 22, 8, tzinfo=UTC)
SECRETS = {"ZENDESK_SUPPORT_TOKEN": TOKEN, "ZENDESK_SUPPORT_SIGNING_SECRET": SIGNING_SECRET}


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.at = BEGIN

    def __call__(self) -> float:
        return self.at.timestamp()

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **time_: float) -> None:
        self.at += timedelta(**time_)


class Place:
    """The helpdesk and Tierdesk's connection to it; `host` survives a restart of the latter."""

    def __init__(self, clock: Clock, desk: Helpdesk, url: str, opened: ExitStack) -> None:
        self.clock = clock
        self.desk = desk
        self.url = url
        self._opened = opened
        self.host = a_host(clock.now)
        self.connection = self.connect()

    def connect(self, secrets: dict[str, str] | None = None, **data: object) -> HelpdeskConnection:
        plain = {"base_url": self.url, "email": BOT.email, "webhooks": True}
        given = SECRETS if secrets is None else secrets
        connection = zendesk.connect("support", plain | data, given, host=self.host)
        self._opened.callback(connection.close)
        return connection

    def open(self, **fields: object) -> str:
        return self.connection.desk.create(a_draft(**fields)).id

    def act(self, kind: str, ticket: str, who: str = "rita", **more: object) -> None:
        assert self.desk.act({"as": who, "type": kind, "ticket": ticket, **more})

    def look(self, cursor: str | None = None) -> tuple[list[TicketEvent], str]:
        assert self.connection.watch
        events: list[TicketEvent] = []
        while True:
            page = self.connection.watch.changes(cursor)
            events, cursor = [*events, *page.events], page.cursor
            if not page.more:
                return events, cursor

    def told(self) -> list[TicketEvent]:
        """All that the webhook delivered so far."""
        assert self.connection.receiver
        deliveries = [received(one, self.clock.now()) for one in self.desk.postman.sent]
        return [e for one in deliveries for e in self.connection.receiver.parse(one)]

    def ticket(self, id_: str) -> dict[str, object]:
        return next(one for one in self.desk.dump() if one["id"] == id_)


@contextmanager
def a_place() -> Iterator[Place]:
    clock = Clock()
    with town(clock, generous=1) as (desk, _, url), ExitStack() as opened:
        yield Place(clock, desk, url, opened)


@pytest.fixture
def place() -> Iterator[Place]:
    with a_place() as place:
        yield place


def a_draft(**fields: object) -> TicketDraft:
    plain: dict[str, object] = {
        "key": "ticket:1042:1",
        "subject": "Ana Popescu on Mastodon (case 1042)",
        "body": "Ana wrote: Where is my parcel?",
        "requester": Requester(key="mastodon:care:ana", name="Ana Popescu"),
        "priority": Priority.HIGH,
    }
    return TicketDraft(**plain | fields)  # type: ignore[arg-type]  # a test names what it is about


def an_entry(number: int = 1, *, from_customer: bool = True) -> TicketEntry:
    return TicketEntry(
        key=f"entry:1042:{number}",
        author="Ana Popescu",
        text=f"Message {number}",
        at=BEGIN,
        from_customer=from_customer,
    )


def comments(events: list[TicketEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, Commented)]


# --- out ---------------------------------------------------------------------------------


def test_the_customer_is_one_user_without_an_address_under_any_name(place: Place) -> None:
    place.open()
    requester = Requester(key="mastodon:care:ana", name="Ana P.", email="ana@mail.example")
    place.open(key="ticket:7:1", requester=requester)
    customers = [user for user in place.desk.world.users.values() if not user.staff]
    assert [(user.external_id, user.name, user.email) for user in customers] == [
        ("mastodon:care:ana", "Ana P.", None)
    ]


def test_a_key_with_another_text_is_uncertain_and_the_ticket_is_found(place: Place) -> None:
    first = place.open()
    with pytest.raises(Uncertain):
        place.open(body="Ana wrote: Where is my parcel? And my lamp?")
    found = place.connection.desk.find("ticket:1042:1")
    assert found
    assert found.id == first
    assert len(place.desk.dump()) == 1


def test_after_two_hours_only_the_look_knows_a_key(place: Place) -> None:
    first = place.open()
    place.clock.pass_by(hours=2, seconds=1)
    assert place.connection.repeatable == timedelta(hours=2)
    found = place.connection.desk.find("ticket:1042:1")
    assert found
    assert (found.id, found.url) == (first, f"{place.url}/agent/tickets/{first}")


def test_a_user_who_may_have_been_made_makes_no_doubt_about_the_ticket() -> None:
    clock = Clock()
    with town(clock) as (desk, faults, url), ExitStack() as opened:
        place = Place(clock, desk, url, opened)
        method = "POST /api/v2/users/create_or_update"
        faults.add(Fault(target="helpdesk", method=method, kind="reset_after"))
        with pytest.raises(Retryable):
            place.open()
        assert place.open()
        assert len(desk.world.users) == 3 + 1


@pytest.mark.parametrize("status", ["pending", "hold", "solved"])
def test_what_the_customer_writes_opens_a_ticket_again_and_our_notes_do_not(
    place: Place, status: str
) -> None:
    ticket = place.open()
    place.act("set", ticket, status=status)
    place.connection.desk.add(ticket, an_entry(1, from_customer=False))
    assert place.ticket(ticket)["status"] == status
    held = place.connection.desk.add(ticket, an_entry(2))
    assert (place.ticket(ticket)["status"], held.status) == ("open", TicketStatus.OPEN)


def test_all_that_comes_after_the_end_of_a_ticket_is_in_one_follow_up(place: Place) -> None:
    ticket = place.open()
    place.act("close", ticket)
    first = place.connection.desk.add(ticket, an_entry(1))
    second = place.connection.desk.add(ticket, an_entry(2))
    assert (first.id, first.follows) == (second.id, second.follows)
    assert second.follows == ticket
    follow_up = place.ticket(second.id)
    assert (follow_up["follows"], follow_up["requester"]) == (ticket, "Ana Popescu")
    assert place.connection.desk.holds(ticket, an_entry(2))


def test_what_is_added_to_a_merged_ticket_goes_where_it_goes_on(place: Place) -> None:
    ticket, other = place.open(), place.open(key="ticket:7:1")
    place.act("merge", ticket, into=other)
    held = place.connection.desk.add(ticket, an_entry())
    assert (held.id, held.follows) == (other, ticket)
    assert place.connection.desk.holds(ticket, an_entry())
    assert place.connection.desk.find("ticket:1042:1") == held
    assert len(place.desk.dump()) == 2


def test_a_change_that_somebody_else_made_at_the_same_moment_is_not_overwritten() -> None:
    clock, race = Clock(), []

    class Between:
        """Rita solves the ticket right after we read it."""

        def __init__(self, app: Starlette) -> None:
            self._app = app

        async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
            if scope.get("method") == "PUT" and race:
                clock.pass_by(seconds=1)
                race.pop()()
            await self._app(scope, receive, send)

    with town(clock) as (desk, _, _), ExitStack() as opened:
        app = Between(Starlette(routes=desk.routes))
        server = opened.enter_context(Loopback(app))
        place = Place(clock, desk, server.url, opened)
        ticket = place.open()
        race.append(lambda: place.act("solve", ticket))
        with pytest.raises(Retryable):
            place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.PENDING))
        assert place.ticket(ticket)["status"] == "solved"


def test_tags_are_added_and_those_of_the_helpdesk_stay(place: Place) -> None:
    ticket = place.open(tags=("VIP customer",), language="pt-BR")
    assert place.ticket(ticket)["tags"] == ["tierdesk", "vip_customer", "language_pt-br"]
    place.desk.world.update(
        place.desk.world.there(int(ticket)), Update(author=RITA, changes={"tags": ("theirs",)})
    )
    place.connection.desk.update(ticket, TicketUpdate(tags=("delivery",)))
    assert place.ticket(ticket)["tags"] == ["theirs", "delivery"]


def test_an_update_of_what_is_there_already_is_not_sent(place: Place) -> None:
    ticket = place.open()
    update = TicketUpdate(status=TicketStatus.PENDING, priority=Priority.CRITICAL)
    place.connection.desk.update(ticket, update)
    place.connection.desk.update(ticket, update)
    sent = [call for call in place.desk.journal.calls() if call["method"].startswith("PUT")]
    assert len(sent) == 1


def test_the_tables_of_the_settings_are_what_is_written_and_read(place: Place) -> None:
    tables = {"statuses": {"open": "new", "hold": "pending"}, "priorities": {"low": "high"}}
    place.connection = place.connect(**tables)
    ticket = place.open()
    assert place.ticket(ticket)["priority"] == "low"
    place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.PENDING))
    assert place.ticket(ticket)["status"] == "hold"
    with pytest.raises(Rejected, match="solved"):
        place.connection.desk.update(ticket, TicketUpdate(status=TicketStatus.SOLVED))


def test_an_access_token_without_an_address_is_sent_as_oauths(place: Place) -> None:
    connection = place.connect(email=None)
    assert connection.desk.create(a_draft()).id


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
        page = connection.watch.changes(connection.watch.changes(None).cursor)
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


# --- limits and permissions --------------------------------------------------------------


def test_looks_are_rarer_while_little_of_the_minute_is_left(place: Place) -> None:
    ticket = place.open()
    assert place.connection.pace() == 1.0
    place.desk.world.clock = place.clock
    for _ in range(640):
        place.desk.limiter.use("all")
    place.connection.desk.holds(ticket, an_entry())
    assert place.connection.pace() > 1.0


def looked_often(place: Place, cursor: str) -> None:
    for _ in range(11):
        place.look(cursor)


def test_the_limit_of_exports_is_waited_for(place: Place) -> None:
    _, cursor = place.look()
    with pytest.raises(Retryable) as caught:
        looked_often(place, cursor)
    assert caught.value.after
    assert timedelta(seconds=1) <= caught.value.after <= timedelta(seconds=61)


def test_an_agents_token_is_told_that_exports_are_for_administrators(place: Place) -> None:
    secrets = {**SECRETS, "ZENDESK_SUPPORT_TOKEN": "sandbox-helpdesk-agent-token"}
    connection = place.connect(secrets, email=RITA.email)
    assert connection.watch
    assert connection.examiner
    cursor = connection.watch.changes(None).cursor
    with pytest.raises(AuthFailed):
        connection.watch.changes(cursor)
    (wrong,) = [each.says for each in connection.examiner.examine() if not each.well]
    assert "administrators" in wrong
    without = place.connect(secrets, email=RITA.email, polls=False)
    assert without.watch is None
    assert without.examiner
    assert all(each.well for each in without.examiner.examine())


def test_settings_that_let_nothing_come_back_are_a_finding(place: Place) -> None:
    connection = place.connect(polls=False, webhooks=False)
    assert (connection.watch, connection.receiver) == (None, None)
    assert connection.examiner
    assert [each.well for each in connection.examiner.examine()][-1] is False


def test_a_webhook_needs_its_secret() -> None:
    data = {"base_url": "https://brand.zendesk.example", "webhooks": True}
    secrets = {"ZENDESK_SUPPORT_TOKEN": "t"}
    (fault,) = zendesk.check("support", data, secrets)
    assert (fault.key, "ZENDESK_SUPPORT_SIGNING_SECRET" in fault.problem) == (
        "signing_secret_env",
        True,
    )
    assert zendesk.check("support", {**data, "webhooks": False}, secrets) == []
