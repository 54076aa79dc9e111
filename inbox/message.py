"""What people write on any network, in one form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

MAX_TEXT = 40_000
"""Longest text of a message, in characters; a longer one is cut at the edge, where it comes in."""

FEDERATED = frozenset({"mastodon"})
"""Networks where a handle is a name at a server."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str, *, most: int = MAX_TEXT) -> str:
    """Text from outside as it may be kept: no NUL, no lone surrogate, at most `most` characters."""
    return _UNSTORABLE.sub("", text[:most])


class Visibility(StrEnum):
    """Who can read a message where it was written."""

    PUBLIC = "public"
    PRIVATE = "private"


class Kind(StrEnum):
    """What a message is on its network."""

    MENTION = "mention"
    COMMENT = "comment"
    REPLY = "reply"
    DM = "dm"
    POST = "post"
    REVIEW = "review"


class Account(Struct, frozen=True):
    """Our presence on one network; `name` is its key in the settings."""

    network: str
    name: str

    def __str__(self) -> str:
        return f"{self.network}:{self.name}"


class Ref(Struct, frozen=True):
    """Unique name of anything on any network, as one account of ours sees it."""

    network: str
    account: str
    id: str

    def at(self) -> Account:
        return Account(self.network, self.account)

    def sibling(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        """Another thing seen by the same account."""
        return Ref(self.network, self.account, id)


class Attachment(Struct, frozen=True, kw_only=True):
    """A picture, film or file behind a link; never downloaded by us.

    `url` is empty where the network has no link that may be passed on.
    """

    kind: str
    url: str
    alt: str | None = None


class Author(Struct, frozen=True, kw_only=True):
    """Who wrote a message. What the network does not tell is None, not a guess.

    `staff`: speaks for the brand there, or is trusted by its community to answer.
    """

    ref: Ref
    handle: str
    name: str
    url: str | None = None
    followers: int | None = None
    verified: bool | None = None
    bot: bool | None = None
    staff: bool | None = None


class Message(Struct, frozen=True, kw_only=True):
    """One post, comment, reply or direct message.

    `conversation` is the thread's root, or one name for all direct messages with one author.
    `rating` is the stars of a review, 1 to 5. `native` is what only its own integration
    understands and needs for an answer; it is kept, bounded by the integration, and never shown.
    Raises ValueError where `created_at` has no time zone.
    """

    ref: Ref
    conversation: Ref
    author: Author
    text: str
    visibility: Visibility
    kind: Kind
    created_at: datetime
    in_reply_to: Ref | None = None
    url: str | None = None
    language: str | None = None
    attachments: tuple[Attachment, ...] = ()
    rating: int | None = None
    native: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.created_at.tzinfo is None:
            raise ValueError("created_at needs a time zone")


class Posted(Struct, frozen=True, kw_only=True):
    """Somebody wrote something."""

    message: Message

    @property
    def ref(self) -> Ref:
        return self.message.ref


class Edited(Struct, frozen=True, kw_only=True):
    """The author changed a message; `message` is its new form."""

    message: Message
    at: datetime

    @property
    def ref(self) -> Ref:
        return self.message.ref


class Deleted(Struct, frozen=True, kw_only=True):
    """A message is gone from its network."""

    ref: Ref
    at: datetime


class Echoed(Struct, frozen=True, kw_only=True):
    """Somebody answered in our name outside Tierdesk: in the network's own inbox, or, with an
    author who is `staff`, in the community. `to` is whom it answers, where the network tells.
    """

    message: Message
    to: Author | None = None

    @property
    def ref(self) -> Ref:
        return self.message.ref


class Undelivered(Struct, frozen=True, kw_only=True):
    """An answer of ours, `ref`, that the network had taken did not reach its reader after all.

    `reason` is for the agent: why, and what is possible instead. Never the network's own words.
    """

    ref: Ref
    reason: str
    at: datetime


class Settled(Struct, frozen=True, kw_only=True):
    """Somebody asked, and the community answered before it was anybody's work here.

    It starts no case. It is kept, since an article may be wanted where people ask again and again.
    """

    message: Message

    @property
    def ref(self) -> Ref:
        return self.message.ref


Event = Posted | Edited | Deleted | Echoed | Undelivered | Settled


class Draft(Struct, frozen=True, kw_only=True):
    """Text ready to go. Addressing it (a mention, a recipient) is the integration's work.

    `about` is the customer's public message that a private one grows out of, None where the
    customer wrote in private. `native` comes from the message that is answered (`in_reply_to`, or
    `about`). `automatic`: no person wrote or approved it. `choices` are short words to choose an
    answer from, drawn as buttons where the network has them; the text names them by number.
    """

    account: Account
    conversation: Ref
    in_reply_to: Ref | None
    to: Author
    text: str
    visibility: Visibility
    language: str | None = None
    about: Ref | None = None
    native: Mapping[str, str] = field(default_factory=dict)
    automatic: bool = False
    choices: tuple[str, ...] = ()


class Sent(Struct, frozen=True, kw_only=True):
    """Where a draft stands now on its network."""

    ref: Ref
    url: str | None = None
