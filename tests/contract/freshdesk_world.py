"""A Freshdesk with Rita at work in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette

from inbox.decision import Priority
from inbox.ports import HelpdeskConnection, TicketEvent, TicketStatus
from integrations.freshdesk import PRIORITIES, STATUSES
from integrations.freshdesk import helpdesk as freshdesk
from tests.contract.helpdesk_worlds import Drained, Seen, World, now
from tests.contract.worlds import NOBODY
from tests.helpdesks.freshdesk import KEY, RITA, FakeFreshdesk
from tests.helpdesks.next_write import WriteFaults
from tests.hosts import a_host
from tests.servers import Loopback

WRITES = ("POST /tickets", "PUT /tickets/{id}", "POST /tickets/{id}/notes")


@dataclass
class FreshdeskWorld:
    desk: FakeFreshdesk
    faults: WriteFaults
    opened: ExitStack
    base_url: str
    secret: str = KEY
    knows = frozenset({"search", "status", "priority", "assignee", "tags", "notes", "agent"})
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
        data, secrets = {"base_url": base_url}, {"FRESHDESK_SUPPORT_KEY": secret}
        connection = freshdesk.connect("support", data, secrets, host=a_host(now))
        self.opened.callback(connection.close)
        return connection

    def tickets(self) -> Sequence[Seen]:
        return [self._seen(one) for one in self.desk.tickets.values() if not one["deleted"]]

    def _seen(self, one: dict[str, Any]) -> Seen:
        """The description says the same of every ticket, so it is no entry."""
        written = self.desk.of(one["id"])
        contacts = {contact["id"]: contact for contact in self.desk.contacts.values()}
        agent = self.desk.agents.get(one["responder_id"])
        return Seen(
            id=str(one["id"]),
            subject=one["subject"],
            requester=contacts[one["requester_id"]]["name"],
            entries=tuple(each["body_text"] for each in written),
            public=tuple(each["body_text"] for each in written if not each["private"]),
            status=STATUSES[one["status"]],
            priority=PRIORITIES[one["priority"]],
            assignee=agent["contact"]["email"] if agent else None,
            tags=frozenset(one["tags"]),
        )

    def changes(self) -> list[TicketEvent]:
        return self._drained()

    def comment(self, ticket: str, text: str, *, public: bool = True) -> None:
        self.desk.write(ticket, text, private=not public)

    def set(
        self,
        ticket: str,
        *,
        status: TicketStatus | None = None,
        priority: Priority | None = None,
        assignee: str | None = None,
    ) -> None:
        chosen = {
            "status": next((n for n, ours in STATUSES.items() if ours is status), None),
            "priority": next((n for n, ours in PRIORITIES.items() if ours is priority), None),
            "responder_id": RITA if assignee else None,
        }
        self.desk.set(ticket, **{name: value for name, value in chosen.items() if value})

    def merge(self, ticket: str, into: str) -> None:
        raise AssertionError("Freshdesk tells of no merge")

    def delete(self, ticket: str) -> None:
        self.desk.delete(ticket)

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        self.faults.next_write(kind, retry_after=retry_after)


@contextmanager
def a_freshdesk_world() -> Iterator[World]:
    faults = WriteFaults(WRITES)
    desk = FakeFreshdesk(faults, now)
    with Loopback(Starlette(routes=desk.routes)) as server, ExitStack() as opened:
        yield FreshdeskWorld(desk, faults, opened, server.url)
