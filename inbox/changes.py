"""Everything that can happen to a case. A history is a list of these, only ever added to.

Fields of type Span tell where personal data is in a text.
"""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from msgspec import Struct

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
    "DONE",
    "TAKEN_PRIVATE",
    "WRITTEN",
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


class Received(Struct, frozen=True, kw_only=True):
    """A message of the customer joined the case. Its text is with the message."""

    message: Ref
    visibility: Visibility
    reopens: bool = True


class MessageEdited(Struct, frozen=True, kw_only=True):
    """`reopens`: it is said anew, and our turn again, as it is with reviews: who edits one writes
    to us in the only way there is."""

    message: Ref
    before: str
    before_spans: tuple[Span, ...]
    reopens: bool = False


class MessageDeleted(Struct, frozen=True, kw_only=True):
    message: Ref


class Routed(Struct, frozen=True, kw_only=True):
    """The rules decided. `channel` is where that leads; why, the message's own decision says."""

    message: Ref
    decision: Decision
    channel: str


class Corrected(Struct, frozen=True, kw_only=True):
    """An agent says where a message belonged; the case stays. `tier` None: it was not for us."""

    message: Ref
    tier: int | None


TAKEN_PRIVATE = "taken private"
"""The reason of a move that an agent makes by taking a case private."""


class Moved(Struct, frozen=True, kw_only=True):
    """To another tier or channel; `reason` is a rule's name or an agent's words."""

    tier: int
    channel: str
    before: int
    before_channel: str
    reason: str


class DmLinked(Struct, frozen=True, kw_only=True):
    """A private conversation with the author belongs to the case from now on."""

    dm: Ref


class Claimed(Struct, frozen=True, kw_only=True):
    owner: str


class Released(Struct, frozen=True, kw_only=True):
    pass


class Assigned(Struct, frozen=True, kw_only=True):
    owner: str


class Prioritised(Struct, frozen=True, kw_only=True):
    priority: Priority


class Tagged(Struct, frozen=True, kw_only=True):
    tags: tuple[str, ...]


class Snoozed(Struct, frozen=True, kw_only=True):
    until: datetime


class Woken(Struct, frozen=True, kw_only=True):
    """The date of a snooze has come."""


class Swarmed(Struct, frozen=True, kw_only=True):
    """Named experts were asked into the thread; owner and tier stay."""

    experts: tuple[str, ...]
    question: str


class AnswerQueued(Struct, frozen=True, kw_only=True):
    """An answer is on its way; `key` names it in the outbox."""

    key: str
    text: str
    spans: tuple[Span, ...]
    visibility: Visibility
    afterwards: Afterwards
    automatic: bool


class Answered(Struct, frozen=True, kw_only=True):
    """An answer stands on the network. `answers` is the customer's message it was written to;
    `older`: than an edit of theirs, or than what raised the case, which it does not answer.
    """

    key: str
    message: Ref
    url: str | None
    text: str
    spans: tuple[Span, ...]
    visibility: Visibility
    afterwards: Afterwards
    automatic: bool
    answers: Ref | None = None
    older: bool = False


class AnsweredElsewhere(Struct, frozen=True, kw_only=True):
    """Somebody answered outside Tierdesk; `by` is how the network calls them. `older`: than what
    the customer wrote last.
    """

    message: Ref
    by: str
    url: str | None
    text: str
    spans: tuple[Span, ...]
    visibility: Visibility
    older: bool = False


class Bounced(Struct, frozen=True, kw_only=True):
    """An answer that had been sent did not arrive; `reason` is for the agent."""

    message: Ref
    reason: str
    text: str
    spans: tuple[Span, ...]
    visibility: Visibility


class NotSent(Struct, frozen=True, kw_only=True):
    """An answer did not go out; `reason` is for the agent, `text` so that nothing typed is lost."""

    key: str
    reason: str
    text: str
    spans: tuple[Span, ...]
    visibility: Visibility


class Held(Struct, frozen=True, kw_only=True):
    """Nobody knows whether an answer went out; a person decides."""

    key: str
    item: int
    reason: str


class Hidden(Struct, frozen=True, kw_only=True):
    """A comment was hidden on its network, or shown again (or could not be: `reason`)."""

    message: Ref
    reason: str | None = None
    hidden: bool = True


class Liked(Struct, frozen=True, kw_only=True):
    """The brand liked a message on its network, or took that back (or could not: `reason`)."""

    message: Ref
    reason: str | None = None
    liked: bool = True


class Watched(Struct, frozen=True, kw_only=True):
    """Marketing looks on."""

    rule: str


class Closed(Struct, frozen=True, kw_only=True):
    resolution: str


class Reopened(Struct, frozen=True, kw_only=True):
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

WRITTEN: frozenset[type[Change]] = frozenset({MessageDeleted, MessageEdited, Received, Routed})
"""What the customer did, and what the rules said of it: there is no end to how often it happens."""

DONE: frozenset[type[Change]] = frozenset(get_args(Change)) - WRITTEN
"""What was done with the case."""


class CaseEvent(Struct, frozen=True, kw_only=True):
    """One line of a case's history; `seq` counts from 1 within the case."""

    case: int
    seq: int
    at: datetime
    actor: Actor
    change: Change
