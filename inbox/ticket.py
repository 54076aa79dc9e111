"""A case's ticket in a helpdesk, as we know it, and how its state and the case's agree. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from inbox.decision import Priority


class TicketStatus(StrEnum):
    """Where a ticket stands, in our words; each helpdesk's settings map its own to these."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on hold"
    SOLVED = "solved"
    CLOSED = "closed"


WORKED = frozenset({TicketStatus.NEW, TicketStatus.OPEN})
DONE = frozenset({TicketStatus.SOLVED, TicketStatus.CLOSED})


class TicketLink(Struct, frozen=True, kw_only=True):
    """A ticket `id` in the helpdesk `desk` of the settings.

    `assignee` is the helpdesk's own name. The times tell since when each is so, None for what it
    was when we made it: we may set one while the helpdesk tells of another.
    """

    desk: str
    id: str
    url: str | None = None
    status: TicketStatus = TicketStatus.NEW
    priority: Priority | None = None
    assignee: str | None = None
    status_as_of: datetime | None = None
    priority_as_of: datetime | None = None
    assignee_as_of: datetime | None = None


def is_older(told: datetime, known: datetime | None) -> bool:
    return known is not None and told < known


def agree(one: TicketStatus, other: TicketStatus) -> bool:
    """Whether both say the same of a case: that it is worked, or that it is done."""
    return one is other or any({one, other} <= group for group in (WORKED, DONE))
