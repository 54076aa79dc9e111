"""The helpdesk in memory that the tests of the core use: it keeps the same promises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from inbox.decision import Priority
from inbox.errors import Retryable
from inbox.ports import HelpdeskConnection, Request, TicketEvent, TicketStatus
from tests.contract.helpdesk_worlds import Drained, Seen, World, now
from tests.helpdesks.fake import (
    FakeHelpdesk,
    connection_to,
    delivery_of,
    fault_of,
    refusing,
)

ALL = "search status priority assignee tags notes closed merged deleted agent delivered"


class FakeWorld:
    secret = "the-secret-of-the-fake"
    knows = frozenset(ALL.split())
    agent = "rita@brand.example"

    def __init__(self) -> None:
        self.helpdesk = FakeHelpdesk(now)
        self.connection = connection_to(self.helpdesk, secret=self.secret)
        self._drained = Drained(self.helpdesk)

    def tickets(self) -> Sequence[Seen]:
        return [
            Seen(
                id=kept.id,
                subject=kept.draft.subject,
                requester=kept.draft.requester.name,
                entries=tuple(line.text for line in kept.lines),
                public=tuple(line.text for line in kept.lines if line.public),
                status=kept.status,
                priority=kept.priority,
                assignee=kept.assignee,
                tags=frozenset(kept.tags),
            )
            for kept in self.helpdesk.kept.values()
            if not kept.gone
        ]

    def changes(self) -> list[TicketEvent]:
        return self._drained()

    def comment(self, ticket: str, text: str, *, public: bool = True) -> None:
        self.helpdesk.comment(ticket, text, public=public)

    def set(
        self,
        ticket: str,
        *,
        status: TicketStatus | None = None,
        priority: Priority | None = None,
        assignee: str | None = None,
    ) -> None:
        self.helpdesk.set(ticket, status=status, priority=priority, assignee=assignee)

    def merge(self, ticket: str, into: str) -> None:
        self.helpdesk.merge(ticket, into)

    def delete(self, ticket: str) -> None:
        self.helpdesk.delete(ticket)

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        self.helpdesk.faults.append(fault_of(kind, retry_after))

    def with_secret(self, secret: str) -> HelpdeskConnection:
        other = FakeHelpdesk(now, failing=refusing())
        return connection_to(other, secret=secret)

    def unreachable(self) -> HelpdeskConnection:
        other = FakeHelpdesk(now, failing=Retryable("Fake could not be reached."))
        return connection_to(other, secret=self.secret)

    def delivery(self) -> Request:
        return delivery_of(self.secret, self.helpdesk.newest())


@contextmanager
def a_fake_world() -> Iterator[World]:
    yield FakeWorld()
