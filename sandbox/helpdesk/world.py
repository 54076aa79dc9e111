"""The helpdesk itself: tickets, what was done to each, and who did it."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from sandbox.feed import Feed
from sandbox.helpdesk import errors
from sandbox.helpdesk.accounts import STAFF, User

STATUSES = ("new", "open", "pending", "hold", "solved", "closed", "deleted")
PRIORITIES = ("low", "normal", "high", "urgent")
IDEMPOTENCY_SECONDS = 7200.0
MERGED = "closed_by_merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What somebody wrote, at a time in seconds since 1970."""

    id: int
    author: User
    body: str
    public: bool
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field's new value and its old one."""

    id: int
    field: str
    value: Any
    previous: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One update: who, when, and each thing that it did; `custom` is the client's own."""

    id: int
    author: User
    at: float
    events: tuple[Comment | Change, ...]
    custom: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What a ticket says of itself."""

    subject: str = ""
    status: str = "new"
    priority: str | None = None
    assignee_id: int | None = None
    group_id: int | None = None
    tags: tuple[str, ...] = ()
    external_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Ticket:
    """A ticket; `follows` is the closed one that it continues, `merged_into` the one that goes on.

    `generated` is the second of its last change, by which exports are ordered.
    """

    id: int
    requester: User
    submitter: User
    fields: Fields
    created_at: float
    updated_at: float
    generated: int
    follows: int | None = None
    merged_into: int | None = None
    audits: list[Audit] = field(default_factory=list)

    def comments(self) -> Iterator[Comment]:
        for audit in self.audits:
            yield from (event for event in audit.events if isinstance(event, Comment))


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What somebody asks to be done to a ticket."""

    author: User
    changes: Mapping[str, Any] = field(default_factory=dict)
    body: str | None = None
    public: bool = True
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A new ticket."""

    requester: User
    update: Update
    follows: int | None = None


Told = Callable[[Ticket, Audit, str], None]
"""Is given each update of a ticket with its kind: created, updated, merged or deleted."""


class World:
    """All tickets and users; used from one event loop only."""

    def __init__(
        self,
        feed: Feed,
        clock: Callable[[], float] = time.time,
        told: Told = lambda ticket, audit, kind: None,
    ) -> None:
        self._feed = feed
        self._told = told
        self.clock = clock
        self._ticket_ids = count(35_001)
        self._user_ids = count(70_001)
        self._event_ids = count(880_001)
        self.clear()

    def clear(self) -> None:
        """Empty it; ids go on growing."""
        self.tickets: dict[int, Ticket] = {}
        self.users: dict[int, User] = {user.id: user for user in STAFF.values()}
        self._keys: dict[str, tuple[float, str, int]] = {}

    # Reading

    def there(self, ticket_id: int) -> Ticket:
        """The ticket, 404 where it is not there or was deleted."""
        ticket = self.tickets.get(ticket_id)
        if ticket is None or ticket.fields.status == "deleted":
            raise errors.not_found()
        return ticket

    def living(self) -> Iterator[Ticket]:
        return (one for one in self.tickets.values() if one.fields.status != "deleted")

    def repeated(self, key: str, content: str) -> Ticket | None:
        """The ticket that a key made within two hours; 400 where it made another one."""
        at, first, ticket_id = self._keys.get(key, (0.0, "", 0))
        if self.clock() - at > IDEMPOTENCY_SECONDS:
            return None
        if first != content:
            raise errors.repeated_otherwise()
        return self.tickets[ticket_id]

    # Acting

    def customer(self, external_id: str, name: str) -> User:
        """The customer of this external id, by this name from now on."""
        known = next((u for u in self.users.values() if u.external_id == external_id), None)
        user = (
            replace(known, name=name)
            if known
            else User(id=next(self._user_ids), name=name, role="end-user", external_id=external_id)
        )
        self.users[user.id] = user
        return user

    def open(self, opening: Opening, *, key: str | None = None, content: str = "") -> Ticket:
        """A new ticket; a `key` is remembered with its content."""
        now = self.clock()
        ticket = Ticket(
            id=next(self._ticket_ids),
            requester=opening.requester,
            submitter=opening.update.author,
            fields=Fields(),
            created_at=now,
            updated_at=now,
            generated=int(now),
            follows=opening.follows,
        )
        self.tickets[ticket.id] = ticket
        if key is not None:
            self._keys[key] = (now, content, ticket.id)
        self._done(ticket, opening.update, "created")
        return ticket

    def update(self, ticket: Ticket, update: Update) -> Audit:
        """What changes nothing and says nothing leaves no trace but an empty audit."""
        if ticket.fields.status == "closed":
            raise errors.closed()
        return self._done(ticket, update, "updated")

    def merge(self, ticket: Ticket, into: Ticket, who: User) -> None:
        """Close it into another one, with a note in each, as the agents' page does it."""
        if ticket is into or "closed" in (ticket.fields.status, into.fields.status):
            raise errors.invalid("source", "cannot be merged")
        note = f'This request was closed and merged into request #{into.id} "{_title(into)}".'
        tags = (*ticket.fields.tags, MERGED)
        ticket.merged_into = into.id
        changes = {"status": "closed", "tags": tags}
        self._done(ticket, Update(author=who, changes=changes, body=note, public=False), "merged")
        back = f'Request #{ticket.id} "{_title(ticket)}" was closed and merged into this request.'
        self._done(into, Update(author=who, body=back, public=False), "updated")

    def delete(self, ticket: Ticket, who: User) -> None:
        self._done(ticket, Update(author=who, changes={"status": "deleted"}), "deleted")

    def _done(self, ticket: Ticket, update: Update, kind: str) -> Audit:
        now = self.clock()
        events: list[Comment | Change] = [*self._comments(update, now)]
        events += self._changes(ticket.fields, update.changes)
        ticket.fields = replace(ticket.fields, **update.changes)
        audit = Audit(
            id=next(self._event_ids),
            author=update.author,
            at=now,
            events=tuple(events),
            custom=dict(update.custom),
        )
        ticket.audits.append(audit)
        ticket.updated_at, ticket.generated = now, int(now)
        self._told(ticket, audit, kind)
        self._feed.publish("helpdesk", kind, str(ticket.id))
        return audit

    def _comments(self, update: Update, now: float) -> Iterable[Comment]:
        if update.body is not None:
            yield Comment(
                id=next(self._event_ids),
                author=update.author,
                body=update.body,
                public=update.public,
                at=now,
            )

    def _changes(self, before: Fields, changes: Mapping[str, Any]) -> Iterable[Change]:
        for name, value in changes.items():
            previous = getattr(before, name)
            if previous != value:
                yield Change(id=next(self._event_ids), field=name, value=value, previous=previous)


def _title(ticket: Ticket) -> str:
    return ticket.fields.subject
