"""A Zammad with Rita at work in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

from starlette.applications import Starlette

from inbox.decision import Priority
from inbox.ports import HelpdeskConnection, Request, TicketEvent, TicketStatus
from integrations.zammad import PRIORITIES, STATUSES
from integrations.zammad import helpdesk as zammad
from tests.contract.helpdesk_worlds import Drained, Seen, World, now
from tests.contract.worlds import NOBODY
from tests.helpdesks.next_write import WriteFaults
from tests.helpdesks.zammad import SIGNATURE_TOKEN, TOKEN, FakeZammad
from tests.hosts import a_host
from tests.servers import Loopback

WRITES = ("POST /tickets", "PUT /tickets/{id}")
WORDS = {TicketStatus.PENDING: "pending reminder", TicketStatus.SOLVED: "closed"}


@dataclass
class ZammadWorld:
    desk: FakeZammad
    faults: WriteFaults
    opened: ExitStack
    base_url: str
    secret: str = TOKEN
    knows = frozenset({"search", "status", "priority", "assignee", "tags", "notes"}) | {
        "merged",
        "agent",
        "delivered",
    }
    agent = "rita@brand.example"

    def __post_init__(self) -> None:
        self.connection = self.with_secret(self.secret)
        assert self.connection.watch
        self._drained = Drained(self.connection.watch)

    def with_secret(self, secret: str) -> HelpdeskConnection:
        return self._at(self.base_url, secret)

    def unreachable(self) -> HelpdeskConnection:
        return self._at(NOBODY, self.secret)

    def _at(self, base_url: str, secret: str) -> HelpdeskConnection:
        data = {"base_url": base_url, "group": "Users", "webhooks": True}
        signing = SIGNATURE_TOKEN if secret == TOKEN else secret
        secrets = {"ZAMMAD_SUPPORT_TOKEN": secret, "ZAMMAD_SUPPORT_SIGNATURE_TOKEN": signing}
        connection = zammad.connect("support", data, secrets, host=a_host(now))
        self.opened.callback(connection.close)
        return connection

    def tickets(self) -> Sequence[Seen]:
        return [self._seen(one) for one in self.desk.tickets.values() if one["state"] != "merged"]

    def _seen(self, one: dict[str, Any]) -> Seen:
        articles = list(self.desk.of(one["id"]))
        user = self.desk.users[one["customer_id"]]
        return Seen(
            id=str(one["id"]),
            subject=one["title"],
            requester=f"{user['firstname']} {user['lastname']}",
            entries=tuple(map(_text, articles)),
            public=tuple(article["body"] for article in articles if not article["internal"]),
            status=STATUSES[one["state"]],
            priority=PRIORITIES[one["priority"]],
            assignee=None if one["owner"] == "-" else one["owner"],
            tags=frozenset(self.desk.tags[one["id"]]),
        )

    def changes(self) -> list[TicketEvent]:
        return self._drained()

    def comment(self, ticket: str, text: str, *, public: bool = True) -> None:
        self.desk.write(ticket, text, internal=not public)

    def set(
        self,
        ticket: str,
        *,
        status: TicketStatus | None = None,
        priority: Priority | None = None,
        assignee: str | None = None,
    ) -> None:
        chosen = {
            "state": WORDS.get(status, status.value) if status else None,
            "priority": next((w for w, p in PRIORITIES.items() if p is priority), None),
            "owner": assignee,
        }
        given: dict[str, Any] = {name: value for name, value in chosen.items() if value}
        self.desk.set(ticket, **given)

    def merge(self, ticket: str, into: str) -> None:
        self.desk.merge(ticket, into)

    def delete(self, ticket: str) -> None:
        self.desk.delete(ticket)

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        self.faults.next_write(kind, retry_after=retry_after)

    def delivery(self) -> Request:
        headers, body = self.desk.delivered[-1]
        return Request(method="POST", query={}, headers=headers, body=body, received_at=now())


def _text(article: dict[str, Any]) -> str:
    is_html = article["content_type"] == "text/html"
    return unescape(article["body"]) if is_html else str(article["body"])


@contextmanager
def a_zammad_world() -> Iterator[World]:
    faults = WriteFaults(WRITES)
    desk = FakeZammad(faults, now)
    with Loopback(Starlette(routes=desk.routes)) as server, ExitStack() as opened:
        yield ZammadWorld(desk, faults, opened, server.url)
