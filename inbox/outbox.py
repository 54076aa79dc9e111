"""Intended effects: committed with the change that wants them, carried out afterwards.

Life of an item: queued -> leased -> delivered | queued (not before) | failed | held | dropped.
A lane is a destination that takes one thing at a time, in order; when it says "later", the whole
lane waits.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from inbox.case import SYSTEM, Actor, Afterwards
from inbox.clearance import Span
from inbox.knowledge import Edition
from inbox.message import Account, Draft, Ref


class State(StrEnum):
    QUEUED = "queued"
    LEASED = "leased"
    DELIVERED = "delivered"
    FAILED = "failed"
    HELD = "held"
    DROPPED = "dropped"


class ShowCard(Struct, frozen=True, kw_only=True):
    """Post or update the case's card in a channel (a key of the settings), as it stands then."""

    case: int
    channel: str


class ShowEntry(Struct, frozen=True, kw_only=True):
    """Write one event of the case into the thread of its card in a channel."""

    case: int
    seq: int
    channel: str


class Alert(Struct, frozen=True, kw_only=True):
    """A sentence for a channel, beside the case's card there if `case` has one.

    `text` is ours or a rule's, never a customer's. `items` are held outbox items to decide on.
    """

    channel: str
    text: str
    case: int | None = None
    held: int | None = None


class Whisper(Struct, frozen=True, kw_only=True):
    """A sentence for one agent alone: a direct message, in the channel where there can be none.
    `quote` is what the agent typed.
    """

    user: str
    channel: str
    text: str
    case: int | None = None
    quote: str | None = None


class SendAnswer(Struct, frozen=True, kw_only=True):
    """Send a draft; its visibility says in public or in private.

    `answers` is the customer's newest message when it was written. `only_after` is the key of an
    answer in the same lane without which this one would not be true. `article` is what it was made
    of, if of one.
    """

    case: int
    draft: Draft
    spans: tuple[Span, ...]
    by: Actor
    afterwards: Afterwards
    automatic: bool
    answers: Ref | None = None
    only_after: str | None = None
    article: Edition | None = None

    def to_ref(self, key: str) -> Ref:
        """A name for the sent message where the network's own is not known."""
        return Ref(self.draft.account.network, self.draft.account.name, f"sent:{key}")


class HideMessage(Struct, frozen=True, kw_only=True):
    """Hide a comment on its network, or (not `hidden`) show it again. May be repeated."""

    case: int
    message: Ref
    hidden: bool = True
    by: Actor = SYSTEM


class LikeMessage(Struct, frozen=True, kw_only=True):
    """Mark a message as liked by the brand, or (not `liked`) take that back. May be repeated."""

    case: int
    message: Ref
    liked: bool = True
    by: Actor = SYSTEM


class LookAgain(Struct, frozen=True, kw_only=True):
    """Judge a message's text as it stands then once more, slowly. May be repeated."""

    case: int
    message: Ref


class OpenTicket(Struct, frozen=True, kw_only=True):
    """Open a ticket in a helpdesk (by its name in the settings), with the case up to event `upto`.

    The item's key names the ticket for ever.
    """

    case: int
    desk: str
    upto: int


class AddToTicket(Struct, frozen=True, kw_only=True):
    """Tell one event of the case in its ticket; the item's key names the entry."""

    case: int
    desk: str
    seq: int


class What(StrEnum):
    """What of a ticket shall agree with its case."""

    STATUS = "status"
    PRIORITY = "priority"
    OWNER = "owner"


class UpdateTicket(Struct, frozen=True, kw_only=True):
    """Make the ticket agree with the case as it stands then. May be repeated."""

    case: int
    desk: str
    what: What


TicketEffect = OpenTicket | AddToTicket | UpdateTicket
Effect = (
    ShowCard
    | ShowEntry
    | Alert
    | Whisper
    | SendAnswer
    | HideMessage
    | LikeMessage
    | LookAgain
    | OpenTicket
    | AddToTicket
    | UpdateTicket
)


class NewItem(Struct, frozen=True, kw_only=True):
    """An effect to be queued.

    `key` is unique for ever: a second item with the same key is not queued. `coalesce` is unique
    among a lane's queued items: while one waits, another with the same is not queued.
    """

    effect: Effect
    lane: str
    key: str | None = None
    coalesce: str | None = None
    not_before: datetime | None = None


def only_after(first: NewItem, then: NewItem) -> NewItem:
    """The second answer of the same lane, which goes out only where the first one did."""
    if not isinstance(then.effect, SendAnswer):
        raise TypeError("only an answer can depend on another one")
    return replace(then, effect=replace(then.effect, only_after=first.key))


class Item(Struct, frozen=True, kw_only=True):
    """An effect that a worker has leased.

    `maybe_done`: an earlier attempt may have gone through, so look before doing it again.
    `first_tried` is when the first attempt began.
    """

    id: int
    key: str
    lane: str
    effect: Effect
    attempts: int
    maybe_done: bool
    created_at: datetime
    first_tried: datetime | None
    state: State = State.LEASED
    reason: str | None = None


AUTOMATIC = ":automatic"

SECOND_LOOKS = "second-looks"
"""The lane of all LookAgain: one at a time, so that they take no more than one core."""


SLACK = "slack:"
"""Begins the lanes of Slack's channels."""


def slack_lane(channel: str) -> str:
    return f"{SLACK}{channel}"


def account_lane(account: Account, *, automatic: bool = False) -> str:
    """An agent's answer never waits behind automatic ones: they have a lane of their own."""
    return f"{account}{AUTOMATIC}" if automatic else str(account)


def helpdesk_lane(name: str) -> str:
    """The same as the helpdesk's name among the accounts."""
    return f"helpdesk:{name}"
