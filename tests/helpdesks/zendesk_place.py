"""The sandbox's Zendesk at a clock that stands still, and our connection to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

from inbox.decision import Priority
from inbox.ports import (
    Commented,
    HelpdeskConnection,
    Requester,
    TicketDraft,
    TicketEntry,
    TicketEvent,
)
from integrations.zendesk import helpdesk as zendesk
from sandbox.helpdesk import Helpdesk
from sandbox.helpdesk.accounts import BOT, SIGNING_SECRET
from tests.contract.zendesk_world import TOKEN, received, town
from tests.hosts import a_host

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
