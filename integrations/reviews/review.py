"""A review as all shops have it, and as a message. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from inbox.errors import Rejected
from inbox.message import Account, Author, Kind, Message, Ref, Visibility, clean

ANSWERED = "answered"
"""In `Message.native`: an answer that Tierdesk did not write stood there when it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The one answer of the brand that stands under a review."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """`changed` is when its author last wrote it; the same as `created` where only that is told.

    `author` is None where reviewers have no ids: then each review is by somebody of its own.
    """

    id: str
    name: str
    author: str | None = None
    text: str
    rating: int | None
    created: datetime
    changed: datetime
    language: str | None = None
    url: str | None = None
    reply: Reply | None = None


class Unwatched(Rejected):
    """The settings leave it out now: whether it stands there is not looked at."""


class Shop(Protocol):
    """One shop's calls. Reads raise Retryable, AuthFailed, Rejected; `answer` also Uncertain."""

    @property
    def name(self) -> str:
        """How agents know it."""
        ...

    def newest(self) -> Iterator[Review]:
        """The newest first; asks for the next page only when it is wanted."""
        ...

    def review(self, id: str) -> Review:  # noqa: A002 - the field's own name
        """Raises Rejected where it is gone, Unwatched where nobody looks at it any more."""
        ...

    def answer(self, id: str, text: str) -> None:  # noqa: A002 - the field's own name
        """Sets the one answer, whatever stood there."""
        ...


def digest(text: str) -> str:
    """Names words by themselves; shops rearrange white space."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def reply_name(review: str, text: str) -> str:
    """The id of an answer. Shops give none, and another text is another answer."""
    return f"{review}/reply:{digest(text)}"


def mark(review: Review) -> str:
    """Changes whenever the author changes anything."""
    return digest(f"{review.rating} {int(review.changed.timestamp())} {review.text}")


def to_message(review: Review, account: Account, *, answered: bool) -> Message:
    ref = Ref(account.network, account.name, review.id)
    name = clean(review.name, most=200).strip() or "Somebody"
    return Message(
        ref=ref,
        conversation=ref,
        author=Author(
            ref=ref.sibling(f"author:{review.author or review.id}"), handle=name, name=name
        ),
        text=clean(review.text),
        visibility=Visibility.PUBLIC,
        kind=Kind.REVIEW,
        created_at=review.created.astimezone(UTC),
        url=review.url,
        language=clean(review.language, most=35) if review.language else None,
        rating=review.rating,
        native={ANSWERED: "1"} if answered else {},
    )


def to_answer(review: Review, reply: Reply, account: Account, handle: str) -> Message:
    """The brand's answer, given elsewhere."""
    ref = Ref(account.network, account.name, review.id)
    return Message(
        ref=ref.sibling(reply_name(review.id, reply.text)),
        conversation=ref,
        author=Author(ref=brand(account), handle=handle, name=handle, staff=True),
        text=clean(reply.text),
        visibility=Visibility.PUBLIC,
        kind=Kind.REPLY,
        created_at=reply.at.astimezone(UTC),
        in_reply_to=ref,
        url=review.url,
    )


def brand(account: Account) -> Ref:
    return Ref(account.network, account.name, "brand")
