"""Everything that can happen to a case. A history is a list of these, only ever added to.

Fields of type Span tell where personal data is in a text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inbox.case import Actor, Afterwards
from inbox.clearance import Span
from inbox.decision import Decision, Priority
from inbox.message import Ref, Visibility
from inbox.ticket_changes import (
    HelpdeskAnswered,
    HelpdeskChanged,
    HelpdeskNoted,
    NotedForHelpdesk,
    TicketChange,
    TicketDeleted,
    TicketFailed,
    TicketMoved,
    TicketOpened,
    TicketUpdated,
    TicketWanted,
)

__all__ = [
    "TAKEN_PRIVATE",
    "AnswerQueued",
    "Answered",
    "AnsweredElsewhere",
    "Assigned",
    "Bounced",
    "CaseEvent",
    "Change",
    "Claimed",
    "Closed",
    "Corrected",
    "DmLinked",
    "Held",
    "HelpdeskAnswered",
    "HelpdeskChanged",
    "HelpdeskNoted",
    "Hidden",
    "Liked",
    "MessageDeleted",
    "MessageEdited",
    "Moved",
    "NotSent",
    "NotedForHelpdesk",
    "Prioritised",
    "Received",
    "Released",
    "Reopened",
    "Routed",
    "Snoozed",
    "Swarmed",
    "Tagged",
    "TicketChange",
    "TicketDeleted",
    "TicketFailed",
    "TicketMoved",
    "TicketOpened",
    "TicketUpdated",
    "TicketWanted",
    "Watched",
    "Woken",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message of the customer joined the case. Its text is with the message."""

    message: Ref
    visibility: Visibility
    reopens: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited:
    """`reopens`: it is said anew, and our turn again, as it is with reviews: who edits one writes
    to us in the only way there is."""

    message: Ref
    before: str
    before_spans: tuple[Span, ...]
    reopens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted:
    message: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """The rules decided. `channel` is where that leads."""

    message: Ref
    decision: Decision
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """An agent says where a message belonged; the case stays. `tier` None: it was not for us."""

    message: Ref
    tier: int | None


TAKEN_PRIVATE = "taken private"
"""The reason of a move that an agent makes by taking a case private."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """To another tier or channel; `reason` is a rule's name or an agent's words."""

    tier: int
    channel: str
    before: int
    before_channel: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DmLinked:
    """A private conversation with the author belongs to the case from now on."""

    dm: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prioritised:
    priority: Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snoozed:
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken:
    """The date of a snooze has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swarmed:
    """Named experts were asked into the thread; owner and tier stay."""

    experts: tuple[str, ...]
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQueued:
    """An answer is on its way; `key` names it in the outbox."""

    key: str
    text: str
    spans: tuple[Span, ...]
    visibility: Visibility
    afterwards: Afterwards
    automatic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer stands on the network. `answers` is the customer's message it was written to."""

    key: str
    message: Ref
    url: str | None
    text: str
    spans: tuple[Span, ...]
    visibility: Visibility
    afterwards: Afterwards
    automatic: bool
    answers: Ref | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredElsewhere:
    """Somebody answered outside Tierdesk; `by` is how the network calls them."""

    message: Ref
    by: str
    url: str | None
    text: str
    spans: tuple[Span, ...]
    visibility: Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounced:
    """An answer that had been sent did not arrive; `reason` is for the agent."""

    message: Ref
    reason: str
    text: str
    spans: tuple[Span, ...]
    visibility: Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """An answer did not go out; `reason` is for the agent, `text` so that nothing typed is lost."""

    key: str
    reason: str
    text: str
    spans: tuple[Span, ...]
    visibility: Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Nobody knows whether an answer went out; a person decides."""

    key: str
    item: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A comment was hidden on its network, or shown again (or could not be: `reason`)."""

    message: Ref
    reason: str | None = None
    hidden: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Liked:
    """The brand liked a message on its network, or took that back (or could not: `reason`)."""

    message: Ref
    reason: str | None = None
    liked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Marketing looks on."""

    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    resolution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    pass


Change = (
    Received
    | MessageEdited
    | MessageDeleted
    | Routed
    | Corrected
    | Moved
    | DmLinked
    | Claimed
    | Released
    | Assigned
    | Prioritised
    | Tagged
    | Snoozed
    | Woken
    | Swarmed
    | AnswerQueued
    | Answered
    | AnsweredElsewhere
    | Bounced
    | NotSent
    | Held
    | Hidden
    | Liked
    | Watched
    | Closed
    | Reopened
    | TicketChange
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """One line of a case's history; `seq` counts from 1 within the case."""

    case: int
    seq: int
    at: datetime
    actor: Actor
    change: Change
