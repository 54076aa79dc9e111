"""What a helpdesk can do for us, role by role: tickets out, answers and states back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct

from inbox.decision import Priority
from inbox.message import Account, Attachment
from inbox.ports.networks import Examiner, Fault, Handshake, Host, Request
from inbox.ticket import TicketStatus


class Requester(Struct, frozen=True, kw_only=True):
    """The customer as the helpdesk knows them; `key` is unique, as in `mastodon:main:123`."""

    key: str
    name: str
    url: str | None = None
    email: str | None = None


class TicketDraft(Struct, frozen=True, kw_only=True):
    """A ticket to open. All text is already masked by the helpdesk's clearance.

    `body` is the whole story in plain text: it becomes an internal note, never a mail to the
    customer. `key` names the ticket for ever: the helpdesk keeps it in a field that can be
    searched. `link` leads to the card in Slack.
    """

    key: str
    subject: str
    body: str
    requester: Requester
    priority: Priority
    tags: tuple[str, ...] = ()
    language: str | None = None
    link: str | None = None
    attachments: tuple[Attachment, ...] = ()


class TicketEntry(Struct, frozen=True, kw_only=True):
    """Something to add to a ticket: what the customer wrote, what we answered, a note.

    `author` is who said it, in words. It never leaves the helpdesk by mail. `key` is unique.
    """

    key: str
    author: str
    text: str
    at: datetime
    from_customer: bool = False
    attachments: tuple[Attachment, ...] = ()


class TicketUpdate(Struct, frozen=True, kw_only=True):
    """New values for a ticket; None leaves what is there. `assignee` is the helpdesk's own name."""

    status: TicketStatus | None = None
    priority: Priority | None = None
    assignee: str | None = None
    tags: tuple[str, ...] | None = None


class Ticket(Struct, frozen=True, kw_only=True):
    """A ticket as it stands. `follows` is the closed one that it continues."""

    id: str
    url: str | None = None
    status: TicketStatus = TicketStatus.NEW
    follows: str | None = None


# --- what comes back ---------------------------------------------------------------------


class Commented(Struct, frozen=True, kw_only=True):
    """Somebody of the helpdesk wrote; `public`: meant for the customer. `id` is unique there."""

    ticket: str
    id: str
    author: str
    text: str
    public: bool
    at: datetime
    attachments: tuple[Attachment, ...] = ()


class TicketChanged(Struct, frozen=True, kw_only=True):
    """The state of a ticket as of `at`, whole; older news than what is known is left aside."""

    ticket: str
    status: TicketStatus
    at: datetime
    priority: Priority | None = None
    assignee: str | None = None


class TicketGone(Struct, frozen=True, kw_only=True):
    """A ticket was deleted, or merged `into` another one."""

    ticket: str
    at: datetime
    into: str | None = None


TicketEvent = Commented | TicketChanged | TicketGone


class TicketPage(Struct, frozen=True, kw_only=True):
    """What a look for changes brought, oldest first. `more`: look again at once."""

    events: tuple[TicketEvent, ...]
    cursor: str
    more: bool = False


class TicketDesk(Protocol):
    """Writes to tickets. Each call raises any IntegrationError; Uncertain where nobody knows."""

    def create(self, draft: TicketDraft) -> Ticket: ...
    def find(self, key: str) -> Ticket | None:
        """The ticket with this key, None where it surely is not there; the newest follow-up (with
        `follows`) of one that was continued.

        Raises Unsupported where the helpdesk cannot be asked: then a person decides. There the
        `id` of a ticket is what the connection's `named` makes of its key.
        """
        ...

    def add(self, ticket: str, entry: TicketEntry) -> Ticket:
        """The ticket that holds it now: a follow-up where the helpdesk takes nothing more.

        A closed ticket gets one follow-up: what comes later goes to the one that is there.
        Raises Rejected where the ticket was deleted.
        """
        ...

    def holds(self, ticket: str, entry: TicketEntry) -> bool:
        """Whether this entry, by its key, already stands in the ticket or in its follow-up.

        Raises Unsupported where the helpdesk cannot be asked.
        """
        ...

    def update(self, ticket: str, update: TicketUpdate) -> None:
        """May be repeated."""
        ...


class TicketWatch(Protocol):
    def changes(self, cursor: str | None) -> TicketPage:
        """What happened to our tickets after `cursor`, without what we wrote ourselves.

        Without a cursor only the place to begin at. Raises Retryable, AuthFailed.
        """
        ...


class TicketReceiver(Protocol):
    def verify(self, request: Request) -> None:
        """Raises Unverified."""
        ...

    def parse(self, request: Request) -> Sequence[TicketEvent]:
        """Without what we wrote ourselves. Raises BadPayload."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpdeskConnection:
    """A configured helpdesk. `name` is its key in the settings, `kind` the integration's name.

    `repeatable` is how long it recognises a repeated `create` by itself. `named` is the id of a
    ticket by its key, where it cannot be searched. `pace` and `expires` are as a network's
    Connection has them.
    """

    name: str
    kind: str
    desk: TicketDesk
    watch: TicketWatch | None = None
    receiver: TicketReceiver | None = None
    handshake: Handshake | None = None
    examiner: Examiner | None = None
    repeatable: timedelta | None = None
    named: Callable[[str], str] = lambda key: key
    pace: Callable[[], float] = lambda: 1.0
    expires: Callable[[], datetime | None] = lambda: None
    close: Callable[[], None] = lambda: None

    @property
    def account(self) -> Account:
        return desk_account(self.name)


def desk_account(name: str) -> Account:
    """A helpdesk's name among the accounts: for its cursor, its lane, its health."""
    return Account("helpdesk", name)


def kept_story(key: str) -> str:
    """The name under which the text of a new ticket's note that is still to come is kept."""
    return f"story {key}"


def kept_beginning(key: str) -> str:
    """The name under which it is kept when a ticket was begun."""
    return f"begun {key}"


class Helpdesk(Protocol):
    """A kind of helpdesk. Found by the entry points of the group `tierdesk.helpdesks`."""

    @property
    def name(self) -> str: ...

    def secret_names(self, account: str, data: Mapping[str, object]) -> Sequence[str]: ...
    def check(
        self, account: str, data: Mapping[str, object], secrets: Mapping[str, str]
    ) -> Sequence[Fault]: ...
    def connect(
        self,
        account: str,
        data: Mapping[str, object],
        secrets: Mapping[str, str],
        *,
        host: Host,
    ) -> HelpdeskConnection:
        """Works while it is down. Raises ValueError where `check` finds anything."""
        ...
