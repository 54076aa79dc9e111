"""A helpdesk in memory: strict, with people at work in it, and with ways to fail."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec.structs import replace

from inbox.decision import Priority
from inbox.errors import (
    AuthFailed,
    BadPayload,
    IntegrationError,
    Rejected,
    Retryable,
    Uncertain,
    Unsupported,
    Unverified,
)
from inbox.message import MAX_TEXT, clean
from inbox.ports import (
    Checkup,
    Commented,
    HelpdeskConnection,
    Request,
    Requester,
    Ticket,
    TicketChanged,
    TicketDraft,
    TicketEntry,
    TicketEvent,
    TicketGone,
    TicketPage,
    TicketStatus,
    TicketUpdate,
)
from inbox.unread import left_out
from integrations.tickets import story, told

PAGE = 50
US = "tierdesk"
SIGNATURE = "x-fake-signature"


@dataclass(kw_only=True)
class Line:
    """Something that stands in a ticket; `key` is ours."""

    id: str
    author: str
    text: str
    public: bool
    key: str | None = None


@dataclass(kw_only=True)
class Kept:
    """A ticket in the helpdesk."""

    id: str
    draft: TicketDraft
    lines: list[Line]
    status: TicketStatus = TicketStatus.NEW
    priority: Priority | None = None
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    gone: bool = False
    into: str | None = None
    follows: str | None = None


@dataclass
class FakeHelpdesk:
    """Implements TicketDesk and TicketWatch, as seen with the right secret.

    `failing` is met by every call until it is None, `faults` each by one write: an error that
    comes instead of the work, or (True) after it. `searchable`: can be asked for keys.
    `odd`: tickets that each look finds in a form that nobody knows.
    """

    clock: Callable[[], datetime]
    searchable: bool = True
    odd: int = 0
    agents: frozenset[str] = frozenset({"rita@brand.example"})
    failing: IntegrationError | None = None
    faults: list[tuple[IntegrationError, bool]] = field(default_factory=list)
    kept: dict[str, Kept] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    _told: list[tuple[str, TicketEvent]] = field(default_factory=list)
    _count: int = 0

    # --- what Tierdesk calls -------------------------------------------------------------

    def create(self, draft: TicketDraft) -> Ticket:
        after = self._meet("create")
        ticket = self._open(draft)
        self._end(after)
        return self._seen(ticket)

    def find(self, key: str) -> Ticket | None:
        self._ask("find")
        found = [t for t in self.kept.values() if t.draft.key == key and not t.gone]
        return self._seen(found[-1]) if found else None

    def add(self, ticket: str, entry: TicketEntry) -> Ticket:
        after = self._meet("add")
        kept = self._there(ticket)
        if kept.status is TicketStatus.CLOSED:
            kept = self._follow_up(kept)
        kept.lines.append(
            Line(id=self._id("l"), author=US, text=told(entry), public=False, key=entry.key)
        )
        self._end(after)
        return self._seen(kept)

    def holds(self, ticket: str, entry: TicketEntry) -> bool:
        self._ask("holds")
        chain = [k for k in self.kept.values() if ticket in (k.id, k.follows)]
        return any(line.key == entry.key for kept in chain for line in kept.lines)

    def update(self, ticket: str, update: TicketUpdate) -> None:
        after = self._meet("update")
        kept = self._there(ticket)
        if kept.status is TicketStatus.CLOSED:
            raise Rejected("The ticket is closed for good.")
        if update.assignee is not None and update.assignee not in self.agents:
            raise Rejected("Nobody there has this name.")
        kept.status = update.status or kept.status
        kept.priority = update.priority or kept.priority
        kept.assignee = update.assignee or kept.assignee
        kept.tags = kept.tags if update.tags is None else update.tags
        self._tell(US, self._state(kept))
        self._end(after)

    def changes(self, cursor: str | None) -> TicketPage:
        self._ask("changes")
        for _ in range(self.odd):
            left_out()
        if cursor is None:
            return TicketPage(events=(), cursor=str(len(self._told)))
        start = int(cursor)
        page = self._told[start : start + PAGE]
        return TicketPage(
            events=tuple(event for author, event in page if author != US),
            cursor=str(start + len(page)),
            more=start + len(page) < len(self._told),
        )

    def examine(self) -> Sequence[Checkup]:
        if self.failing is not None:
            return [Checkup(well=False, says=str(self.failing))]
        return [Checkup(well=True, says="the helpdesk answers")]

    # --- what its people do --------------------------------------------------------------

    def comment(self, ticket: str, text: str, *, public: bool = True, author: str = "Rita") -> str:
        """Returns the entry's id."""
        line = Line(id=self._id("l"), author=author, text=text, public=public)
        self.kept[ticket].lines.append(line)
        self._tell(author, self._commented(ticket, line))
        return line.id

    def set(
        self,
        ticket: str,
        *,
        status: TicketStatus | None = None,
        priority: Priority | None = None,
        assignee: str | None = None,
    ) -> TicketChanged:
        kept = self.kept[ticket]
        kept.status = status or kept.status
        kept.priority = priority or kept.priority
        kept.assignee = assignee or kept.assignee
        changed = self._state(kept)
        self._tell("Rita", changed)
        return changed

    def another(self) -> str:
        """A ticket that its people opened themselves; returns its id."""
        nobody = Requester(key="", name="Somebody")
        draft = TicketDraft(key="", subject="", body="", requester=nobody, priority=Priority.MEDIUM)
        return self._open(draft).id

    def merge(self, ticket: str, into: str) -> None:
        kept = self.kept[ticket]
        kept.gone, kept.into = True, into
        self._tell("Rita", TicketGone(ticket=ticket, at=self.clock(), into=into))

    def delete(self, ticket: str) -> None:
        self.kept[ticket].gone = True
        self._tell("Rita", TicketGone(ticket=ticket, at=self.clock()))

    def newest(self) -> Commented:
        return next(e for _, e in reversed(self._told) if isinstance(e, Commented))

    def told(self) -> list[TicketEvent]:
        """All that webhooks would have told so far."""
        return [event for author, event in self._told if author != US]

    # --- inside --------------------------------------------------------------------------

    def _open(self, draft: TicketDraft, *, follows: str | None = None) -> Kept:
        kept = Kept(
            id=self._id("t"),
            draft=draft,
            lines=[Line(id=self._id("l"), author=US, text=story(draft), public=False)],
            priority=draft.priority,
            tags=draft.tags,
            follows=follows,
        )
        self.kept[kept.id] = kept
        return kept

    def _follow_up(self, closed: Kept) -> Kept:
        """The one that continues it already, where there is one."""
        there = (k for k in self.kept.values() if k.follows == closed.id and not k.gone)
        draft = replace(closed.draft, body=f"Follow-up to {closed.id}")
        return next(there, None) or self._open(draft, follows=closed.id)

    def _there(self, ticket: str) -> Kept:
        kept = self.kept.get(ticket)
        if kept is None or kept.gone:
            raise Rejected("The ticket was deleted, or merged into another one.")
        return kept

    def _seen(self, kept: Kept) -> Ticket:
        url = f"https://helpdesk.example/{kept.id}"
        return Ticket(id=kept.id, url=url, status=kept.status, follows=kept.follows)

    def _state(self, kept: Kept) -> TicketChanged:
        return TicketChanged(
            ticket=kept.id,
            status=kept.status,
            at=self.clock(),
            priority=kept.priority,
            assignee=kept.assignee,
        )

    def _commented(self, ticket: str, line: Line) -> Commented:
        return Commented(
            ticket=ticket,
            id=line.id,
            author=line.author,
            text=clean(line.text, most=MAX_TEXT),
            public=line.public,
            at=self.clock(),
        )

    def _tell(self, author: str, event: TicketEvent) -> None:
        self._told.append((author, event))

    def _id(self, kind: str) -> str:
        self._count += 1
        return f"{kind}-{self._count}"

    def _ask(self, name: str) -> None:
        self.calls.append(name)
        if self.failing is not None:
            raise self.failing
        if name in ("find", "holds") and not self.searchable:
            raise Unsupported("This helpdesk cannot be searched.")

    def _meet(self, name: str) -> IntegrationError | None:
        """Raises what comes instead of the work; returns what comes after it."""
        self._ask(name)
        if not self.faults:
            return None
        error, done = self.faults.pop(0)
        if done:
            return error
        raise error

    def _end(self, after: IntegrationError | None) -> None:
        if after is not None:
            raise after


@dataclass(frozen=True)
class FakeReceiver:
    """Implements TicketReceiver: the body is the newest comment, signed."""

    secret: str

    def verify(self, request: Request) -> None:
        signature = request.headers.get(SIGNATURE, "")
        if not hmac.compare_digest(signature, _signature(self.secret, request.body)):
            raise Unverified

    def parse(self, request: Request) -> Sequence[TicketEvent]:
        try:
            data = json.loads(request.body)
            if data == {"odd": True}:
                left_out()
                return ()
            at = datetime.fromisoformat(data.pop("at"))
            return () if data["author"] == US else (Commented(**data, at=at),)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BadPayload("body", "is not a comment") from None


def signed(secret: str, body: bytes, at: datetime) -> Request:
    headers = {SIGNATURE: _signature(secret, body)}
    return Request(method="POST", query={}, headers=headers, body=body, received_at=at)


def delivery_of(secret: str, comment: Commented) -> Request:
    data = {
        "ticket": comment.ticket,
        "id": comment.id,
        "author": comment.author,
        "text": comment.text,
        "public": comment.public,
        "at": comment.at.isoformat(),
    }
    return signed(secret, json.dumps(data).encode(), comment.at)


def _signature(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def fault_of(kind: str, retry_after: float = 30) -> tuple[IntegrationError, bool]:
    """The error, and whether the work is done all the same."""
    if kind == "429":
        return Retryable("Fake asked to wait.", after=timedelta(seconds=retry_after)), False
    if kind == "unreachable":
        return Retryable("Fake could not be reached."), False
    return Uncertain(f"Fake did not answer ({kind})."), kind == "reset_after"


def refusing() -> IntegrationError:
    return AuthFailed("Fake does not accept our token.")


def connection_to(
    helpdesk: FakeHelpdesk, *, name: str = "support", secret: str | None = None
) -> HelpdeskConnection:
    return HelpdeskConnection(
        name=name,
        kind="fake",
        desk=helpdesk,
        watch=helpdesk,
        receiver=FakeReceiver(secret) if secret else None,
        examiner=helpdesk,
    )
