"""What can happen between a case and a helpdesk; part of inbox.changes.

`desk` is a helpdesk's name in the settings, `ticket` an id there.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from inbox.clearance import Span
from inbox.decision import Priority
from inbox.ticket import TicketStatus


class TicketWanted(Struct, frozen=True, kw_only=True):
    """The helpdesk shall get the case as it is up to here."""

    desk: str


class TicketOpened(Struct, frozen=True, kw_only=True):
    desk: str
    ticket: str
    url: str | None = None


class NotedForHelpdesk(Struct, frozen=True, kw_only=True):
    """An agent's note for the people of the helpdesk. The customer never sees it."""

    text: str


class HelpdeskAnswered(Struct, frozen=True, kw_only=True):
    """Somebody of the helpdesk wrote for the customer; `entry` is its id there.

    `relayed` is the key of the answer that went on to the customer, None where none did, and
    `why_not` says why, for the agent, where it should have.
    """

    desk: str
    ticket: str
    entry: str
    author: str
    text: str
    spans: tuple[Span, ...]
    relayed: str | None = None
    why_not: str | None = None


class HelpdeskNoted(Struct, frozen=True, kw_only=True):
    """Somebody of the helpdesk wrote for colleagues."""

    desk: str
    ticket: str
    entry: str
    author: str
    text: str
    spans: tuple[Span, ...]


class HelpdeskChanged(Struct, frozen=True, kw_only=True):
    """The ticket's state is another one since `as_of`.

    `followed`: the case goes along. `owner` is the Slack user who has it then, None for no change.
    `asks`: it is solved, and a person is asked about the case.
    """

    desk: str
    ticket: str
    status: TicketStatus
    as_of: datetime
    priority: Priority | None = None
    assignee: str | None = None
    owner: str | None = None
    followed: bool = False
    asks: bool = False


class TicketUpdated(Struct, frozen=True, kw_only=True):
    """We made the ticket agree with the case; what is None was left as it was."""

    desk: str
    ticket: str
    as_of: datetime
    status: TicketStatus | None = None
    priority: Priority | None = None
    assignee: str | None = None


class TicketMoved(Struct, frozen=True, kw_only=True):
    """The case goes on in the ticket `into`, which the old one was merged into or continued by.

    `shared` is another case that has this ticket already.
    """

    desk: str
    ticket: str
    into: str
    url: str | None = None
    follow_up: bool = False
    shared: int | None = None


class TicketDeleted(Struct, frozen=True, kw_only=True):
    """Somebody deleted it in the helpdesk: the case has none any more."""

    desk: str
    ticket: str


class TicketFailed(Struct, frozen=True, kw_only=True):
    """Something did not reach the helpdesk; `what` says which thing, `reason` why.

    `opening`: there is no ticket. `held`: nobody knows, and a person decides.
    """

    desk: str
    what: str
    reason: str
    opening: bool = False
    held: bool = False


TicketChange = (
    TicketWanted
    | TicketOpened
    | NotedForHelpdesk
    | HelpdeskAnswered
    | HelpdeskNoted
    | HelpdeskChanged
    | TicketUpdated
    | TicketMoved
    | TicketDeleted
    | TicketFailed
)
