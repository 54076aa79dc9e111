"""A HubSpot in memory at a time that stands still, and our connection to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from starlette.applications import Starlette

from inbox.decision import Priority
from inbox.ports import (
    Commented,
    HelpdeskConnection,
    Requester,
    TicketDraft,
    TicketEntry,
    TicketEvent,
)
from integrations.hubspot import helpdesk as hubspot
from sandbox.faults import Fault, Faults
from tests.helpdesks.hubspot import TOKEN, FakeHubSpot
from tests.hosts import a_host
from tests.servers import Loopback

BEGIN = datetime(2026, 11, 22, 8, tzinfo=UTC)


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


@contextmanager
def a_place() -> Iterator[Place]:
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
