"""What the contract suite wants of each helpdesk: its people at work, and a way to fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from inbox.decision import Priority
from inbox.ports import (
    HelpdeskConnection,
    Request,
    TicketEvent,
    TicketStatus,
    TicketWatch,
)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A ticket as its people see it. `entries` are the texts in it, oldest first: the body, then
    what was added. `public` are those of them that the customer could see, or was mailed.
    `assignee` is the helpdesk's own name.
    """

    id: str
    subject: str
    requester: str
    entries: tuple[str, ...]
    public: tuple[str, ...] = ()
    status: TicketStatus = TicketStatus.NEW
    priority: Priority | None = None
    assignee: str | None = None
    tags: frozenset[str] = frozenset()


class World(Protocol):
    """`secret` opens the helpdesk. `knows` names what there is in it:

    "search": a ticket and an entry are found by their keys · "status", "priority", "assignee",
    "tags": can be set by us, and (but for tags) are told of · "notes": what its people write for
    each other is told apart from what is meant for the customer · "closed": a ticket can be closed
    for good · "merged", "deleted": is told of · "agent": an `agent` that tickets can be given to ·
    "delivered": a webhook's delivery has what was written in it, not only that something was.
    """

    connection: HelpdeskConnection
    secret: str
    knows: frozenset[str]
    agent: str

    def tickets(self) -> Sequence[Seen]:
        """In the order in which they were made; without what is deleted or merged away."""
        ...

    def changes(self) -> list[TicketEvent]:
        """What came in since the last call, in its order; see `Drained`."""
        ...

    def comment(self, ticket: str, text: str, *, public: bool = True) -> None:
        """One of the helpdesk's people writes."""
        ...

    def set(
        self,
        ticket: str,
        *,
        status: TicketStatus | None = None,
        priority: Priority | None = None,
        assignee: str | None = None,
    ) -> None:
        """One of the helpdesk's people changes it. CLOSED is for good where it knows "closed"."""
        ...

    def merge(self, ticket: str, into: str) -> None: ...
    def delete(self, ticket: str) -> None: ...
    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        """What the next write meets: 429, 500, 503, reset (not done), reset_after (done)."""
        ...

    def with_secret(self, secret: str) -> HelpdeskConnection: ...
    def unreachable(self) -> HelpdeskConnection:
        """The same helpdesk where nobody listens."""
        ...


class Notified(Protocol):
    """With a TicketReceiver."""

    def delivery(self) -> Request:
        """The signed delivery of the newest comment, as the helpdesk sends it."""
        ...


class Drained:
    """All that a watch tells, from now on."""

    def __init__(self, watch: TicketWatch) -> None:
        self._watch = watch
        self._cursor = watch.changes(None).cursor

    def __call__(self) -> list[TicketEvent]:
        events: list[TicketEvent] = []
        while True:
            page = self._watch.changes(self._cursor)
            events += page.events
            self._cursor = page.cursor
            if not page.more:
                return events
