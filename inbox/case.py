"""A case: one author's matter in one conversation of one account."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from inbox.decision import Priority
from inbox.message import Account, Author, Ref
from inbox.ticket import TicketLink


class Status(StrEnum):
    """Whose turn it is: `new` nobody has it, `open` ours, `pending` the customer's."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on hold"
    CLOSED = "closed"


class ActorKind(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    RULE = "rule"
    SYSTEM = "system"
    HELPDESK = "helpdesk"


class Actor(Struct, frozen=True, kw_only=True):
    """Who did it: an agent's Slack user id, a rule's name, a customer's handle, somebody's name
    in a helpdesk.
    """

    kind: ActorKind
    id: str


SYSTEM = Actor(kind=ActorKind.SYSTEM, id="tierdesk")


class Afterwards(StrEnum):
    """What becomes of a case once an answer is sent."""

    WAIT = "wait"
    CLOSE = "close"
    KEEP = "keep"


class Case(Struct, frozen=True, kw_only=True):
    """The state of a case, folded from its events; `version` counts them.

    `channel` is the key of the channel where it is worked; `waiting_since` is when the customer
    began to wait for us; `dm` is the private conversation that belongs to it; `last` the newest
    message of the customer, `last_public` the newest one that stands in public; `team` is the one
    that a rule named, None for the tier's own. `helpdesk` is where it has, or shall get, its
    `ticket`.
    """

    number: int
    account: Account
    author: Author
    conversation: Ref
    tier: int
    channel: str
    opened_at: datetime
    changed_at: datetime
    status: Status = Status.NEW
    priority: Priority = Priority.MEDIUM
    team: str | None = None
    owner: str | None = None
    tags: tuple[str, ...] = ()
    rule: str = ""
    dm: Ref | None = None
    last: Ref | None = None
    last_public: Ref | None = None
    messages: int = 0
    waiting_since: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    claimed_at: datetime | None = None
    automatic_at: datetime | None = None
    closed_at: datetime | None = None
    snoozed_until: datetime | None = None
    resolution: str | None = None
    watched: bool = False
    previous: int | None = None
    language: str | None = None
    helpdesk: str | None = None
    ticket: TicketLink | None = None
    version: int = 0
