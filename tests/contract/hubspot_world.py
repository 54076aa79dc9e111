"""A HubSpot with Rita at work in it, whose notes for customers begin with a mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette

from inbox.decision import Priority
from inbox.ports import HelpdeskConnection, Request, TicketEvent, TicketStatus
from integrations.html import to_text
from integrations.hubspot import PRIORITIES, STAGES
from integrations.hubspot import helpdesk as hubspot
from tests.contract.helpdesk_worlds import Drained, Seen, World, now
from tests.contract.worlds import NOBODY
from tests.helpdesks.hubspot import (
    CLIENT_SECRET,
    RITA,
    TOKEN,
    WEBHOOK,
    Delivery,
    FakeHubSpot,
)
from tests.helpdesks.next_write import WriteFaults
from tests.hosts import a_host
from tests.servers import Loopback

MARK = "To customer:"
WRITES = (
    "POST /crm/v3/objects/tickets",
    "PATCH /crm/v3/objects/tickets/{id}",
    "POST /crm/v3/objects/notes",
)


@dataclass
class HubSpotWorld:
    desk: FakeHubSpot
    faults: WriteFaults
    opened: ExitStack
    base_url: str
    secret: str = TOKEN
    knows = frozenset(
        {"search", "status", "priority", "assignee", "notes", "agent", "deleted", "merged"}
    )
    agent = "rita@brand.example"

    def __post_init__(self) -> None:
        self.connection = self.with_secret(self.secret)
        assert self.connection.watch
        self._drained = Drained(self.connection.watch)
        self._heard = 0

    def with_secret(self, secret: str) -> HelpdeskConnection:
        return self._at(self.base_url, secret)

    def unreachable(self) -> HelpdeskConnection:
        return self._at(NOBODY, self.secret)

    def _at(self, base_url: str, secret: str) -> HelpdeskConnection:
        data = {
            "base_url": base_url,
            "tickets_url": "https://app.hubspot.example/contacts/1/record/0-5",
            "public_mark": MARK,
            "webhook_url": WEBHOOK,
        }
        client = CLIENT_SECRET if secret == TOKEN else secret
        secrets = {"HUBSPOT_SUPPORT_TOKEN": secret, "HUBSPOT_SUPPORT_CLIENT_SECRET": client}
        connection = hubspot.connect("support", data, secrets, host=a_host(now))
        self.opened.callback(connection.close)
        return connection

    def tickets(self) -> Sequence[Seen]:
        return [self._seen(one) for one in self.desk.tickets.values() if not one["archived"]]

    def _seen(self, one: dict[str, Any]) -> Seen:
        """The customer's name stands at the beginning of the description."""
        properties, texts = one["properties"], [*map(to_text, self.desk.bodies(one["id"]))]
        about = properties["content"].partition("\n")[0]
        return Seen(
            id=one["id"],
            subject=properties["subject"],
            requester=about.removeprefix("Customer: ").partition(" (")[0],
            entries=tuple(texts),
            public=tuple(text for text in texts if text.startswith(MARK)),
            status=STAGES[properties["hs_pipeline_stage"]],
            priority=PRIORITIES[properties["hs_ticket_priority"]],
            assignee=self.agent if properties.get("hubspot_owner_id") == RITA else None,
        )

    def changes(self) -> list[TicketEvent]:
        """By a look, and by the deliveries since the last one."""
        assert self.connection.receiver
        receiver, told = self.connection.receiver, map(_request, self.desk.delivered[self._heard :])
        self._heard = len(self.desk.delivered)
        return [*self._drained(), *(event for each in told for event in receiver.parse(each))]

    def comment(self, ticket: str, text: str, *, public: bool = True) -> None:
        self.desk.write(ticket, f"{MARK} {text}" if public else text)

    def set(
        self,
        ticket: str,
        *,
        status: TicketStatus | None = None,
        priority: Priority | None = None,
        assignee: str | None = None,
    ) -> None:
        chosen = {
            "hs_pipeline_stage": next((n for n, ours in STAGES.items() if ours is status), None),
            "hs_ticket_priority": next(
                (n for n, ours in PRIORITIES.items() if ours is priority), None
            ),
            "hubspot_owner_id": RITA if assignee else None,
        }
        self.desk.set(ticket, **{name: value for name, value in chosen.items() if value})

    def merge(self, ticket: str, into: str) -> None:
        self.desk.merge(ticket, into)

    def delete(self, ticket: str) -> None:
        self.desk.delete(ticket)

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        self.faults.next_write(kind, retry_after=retry_after)

    def delivery(self) -> Request:
        return _request(self.desk.delivered[-1])


def _request(delivery: Delivery) -> Request:
    headers, body = delivery
    return Request(method="POST", query={}, headers=headers, body=body, received_at=now())


@contextmanager
def a_hubspot_world() -> Iterator[World]:
    faults = WriteFaults(WRITES)
    desk = FakeHubSpot(faults, now)
    with Loopback(Starlette(routes=desk.routes)) as server, ExitStack() as opened:
        yield HubSpotWorld(desk, faults, opened, server.url)
