"""The sandbox's helpdesk, which speaks Zendesk's API, with Rita at work in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.routing import Mount

from inbox.decision import Priority
from inbox.ports import HelpdeskConnection, Request, TicketEvent, TicketStatus
from integrations.zendesk import PRIORITIES, STATUSES
from integrations.zendesk import helpdesk as zendesk
from sandbox.feed import Feed
from sandbox.helpdesk import Helpdesk, helpdesk
from sandbox.helpdesk.accounts import BOT, SIGNING_SECRET
from sandbox.helpdesk.webhook import Delivery
from tests.contract.helpdesk_worlds import Drained, Seen, World
from tests.contract.worlds import NOBODY
from tests.helpdesks.next_write import WriteFaults
from tests.hosts import a_host
from tests.servers import Loopback

TOKEN = "sandbox-helpdesk-token"
EVERYTHING = frozenset(
    {
        "search",
        "status",
        "priority",
        "assignee",
        "tags",
        "notes",
        "closed",
        "merged",
        "deleted",
        "agent",
        "delivered",
    }
)
WRITES = ("POST /api/v2/tickets", "PUT /api/v2/tickets/{id}")


class Ahead:
    """The real time, and so many seconds more: an export leaves out the last minute."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return time.time() + self.seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self(), UTC)


@dataclass
class ZendeskWorld:
    desk: Helpdesk
    faults: WriteFaults
    clock: Ahead
    opened: ExitStack
    base_url: str
    secret: str = TOKEN
    knows = EVERYTHING
    agent = "rita@brightleaf.example"

    def __post_init__(self) -> None:
        self.connection = self.with_secret(self.secret)
        assert self.connection.watch
        self._drained = Drained(self.connection.watch)

    def with_secret(self, secret: str) -> HelpdeskConnection:
        return self._at(self.base_url, secret)

    def unreachable(self) -> HelpdeskConnection:
        return self._at(NOBODY, self.secret)

    def _at(self, base_url: str, secret: str) -> HelpdeskConnection:
        data = {"base_url": base_url, "email": BOT.email, "webhooks": True}
        signing = SIGNING_SECRET if secret == TOKEN else secret
        secrets = {"ZENDESK_SUPPORT_TOKEN": secret, "ZENDESK_SUPPORT_SIGNING_SECRET": signing}
        connection = zendesk.connect("support", data, secrets, host=a_host(self.clock.now))
        self.opened.callback(connection.close)
        return connection

    def tickets(self) -> Sequence[Seen]:
        return [
            Seen(
                id=one["id"],
                subject=one["subject"],
                requester=one["requester"],
                entries=tuple(entry["text"] for entry in one["entries"]),
                public=tuple(entry["text"] for entry in one["entries"] if entry["public"]),
                status=STATUSES[one["status"]],
                priority=PRIORITIES[one["priority"]] if one["priority"] else None,
                assignee=one["assignee"],
                tags=frozenset(one["tags"]),
            )
            for one in self.desk.dump()
            if not one["merged_into"]
        ]

    def changes(self) -> list[TicketEvent]:
        self.clock.seconds += 61
        return self._drained()

    def comment(self, ticket: str, text: str, *, public: bool = True) -> None:
        self._act(ticket, "reply" if public else "note", text=text)

    def set(
        self,
        ticket: str,
        *,
        status: TicketStatus | None = None,
        priority: Priority | None = None,
        assignee: str | None = None,
    ) -> None:
        chosen = {
            "status": status and word(STATUSES, status),
            "priority": priority and word(PRIORITIES, priority),
            "assignee": assignee and assignee.partition("@")[0],
        }
        self._act(ticket, "set", **chosen)

    def merge(self, ticket: str, into: str) -> None:
        self._act(ticket, "merge", into=into)

    def delete(self, ticket: str) -> None:
        self._act(ticket, "delete")

    def _act(self, ticket: str, kind: str, **more: object) -> None:
        assert self.desk.act({"as": "rita", "type": kind, "ticket": ticket, **more})

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        self.faults.next_write(kind, retry_after=retry_after)

    def delivery(self) -> Request:
        newest = [one for one in self.desk.postman.sent if b"ticket.comment_added" in one.body][-1]
        return received(newest, self.clock.now())


def received(delivery: Delivery, at: datetime) -> Request:
    headers = {name.lower(): value for name, value in delivery.headers.items()}
    return Request(method="POST", query={}, headers=headers, body=delivery.body, received_at=at)


def word(table: dict[str, TicketStatus] | dict[str, Priority], ours: object) -> str:
    return next(theirs for theirs, meant in table.items() if meant is ours)


@contextmanager
def town(
    clock: Callable[[], float] = time.time, *, generous: int = 100
) -> Iterator[tuple[Helpdesk, WriteFaults, str]]:
    """The helpdesk behind HTTP, its faults and its address."""
    faults = WriteFaults(WRITES)
    desk = helpdesk(Feed(), faults, clock=clock, generous=generous)
    routes = [Mount("/zendesk", routes=desk.routes)]
    with Loopback(Starlette(routes=routes)) as server:
        yield desk, faults, f"{server.url}/zendesk"


@contextmanager
def a_zendesk_world() -> Iterator[World]:
    clock = Ahead()
    with town(clock) as (desk, faults, url), ExitStack() as opened:
        yield ZendeskWorld(desk, faults, clock, opened, url)
