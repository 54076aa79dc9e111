"""Comments on Instagram as messages of ours, drafts as comments. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inbox.message import (
    Account,
    Author,
    Draft,
    Echoed,
    Kind,
    Message,
    Posted,
    Ref,
    Visibility,
    clean,
)
from integrations.instagram.wire import Comment, Commenter, CommentValue
from integrations.meta.messaging import Ours
from integrations.meta.people import Face
from integrations.meta.webhook import read
from integrations.meta.windows import LIVE

WEB = "https://www.instagram.com/"
FIELDS = {"comments": False, "live_comments": True}
"""Webhook fields that bring comments, and whether these are live."""
_MOST_NAME = 100
NOBODY = "Somebody on Instagram"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """What is needed to understand comments under the media of the account `me`.

    `links` has the addresses of media as far as they are known: a comment has none of its own.
    `known` has those whose profile was shown because they wrote in private: a comment has a handle
    alone.
    """

    account: Account
    me: str
    username: str
    ours: Ours
    links: Mapping[str, str] = field(default_factory=dict)
    known: Callable[[str], Face | None] = lambda reader: None

    def to_event(
        self, value: dict[str, Any], *, at: datetime, live: bool
    ) -> Posted | Echoed | None:
        """A comment that was told `at`; None for what is our own."""
        found = read(CommentValue, {**value, "sender": value.get("from")})
        if found is None:
            return None
        native = {LIVE: "yes"} if live or found.media.media_product_type == "LIVE" else {}
        return self._new(
            found.id, found.media.id, found.parent_id, found.sender, found.text, at, native
        )

    def to_found(self, comment: Comment, media: str) -> Posted | Echoed | None:
        """A comment that a poll found."""
        sender = comment.sender or Commenter(id=f"name:{comment.username}"[:200])
        named = sender.model_copy(update={"username": sender.username or comment.username})
        return self._new(
            comment.id, media, comment.parent_id, named, comment.text, comment.timestamp, {}
        )

    def is_me(self, sender: Commenter | None, username: str = "") -> bool:
        if sender is None:
            return username.lower() == self.username.lower()
        named = (sender.username or username).lower()
        return (
            sender.id == self.me
            or bool(sender.self_ig_scoped_id)
            or named == (self.username.lower())
        )

    def _new(
        self,
        comment: str,
        media: str,
        parent: str | None,
        sender: Commenter,
        text: str,
        at: datetime,
        native: dict[str, str],
    ) -> Posted | Echoed | None:
        """Of our own comments, those count that answer somebody."""
        mine = self.is_me(sender)
        if mine and (comment in self.ours or parent is None):
            return None
        message = Message(
            ref=self._ref(comment),
            conversation=self._ref(media),
            author=self._me() if mine else self._author(sender),
            text=clean(text),
            visibility=Visibility.PUBLIC,
            kind=Kind.COMMENT,
            created_at=at,
            in_reply_to=self._ref(parent or media),
            url=self.links.get(media),
            native={**native, **({"parent": parent} if parent else {})},
        )
        return Echoed(message=message) if mine else Posted(message=message)

    def _author(self, sender: Commenter) -> Author:
        handle = clean(sender.username, most=_MOST_NAME).strip() or NOBODY
        face = self.known(sender.id)
        return Author(
            ref=self._ref(sender.id),
            handle=handle,
            name=face.name if face else handle,
            followers=face.followers if face else None,
            verified=face.verified if face else None,
            url=f"{WEB}{handle}" if re.fullmatch(r"[\w.]+", handle, re.ASCII) else None,
        )

    def _me(self) -> Author:
        return Author(ref=self._ref(self.me), handle=self.username, name=self.username, staff=True)

    def _ref(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        return Ref(self.account.network, self.account.name, id)


def under(draft: Draft) -> str | None:
    """The comment that an answer is posted to: Instagram has two levels, and takes answers to
    the upper one only ("IG Comment Replies").
    """
    return draft.native.get("parent") or (draft.in_reply_to.id if draft.in_reply_to else None)


def addressed(draft: Draft) -> str:
    """The text of a comment. An answer to an answer names its reader, which is not doubled."""
    text = clean(draft.text).strip()
    if draft.visibility is Visibility.PRIVATE or "parent" not in draft.native:
        return text
    reader = re.compile(rf"(?<![\w.@])@{re.escape(draft.to.handle)}(?![\w.]*\w)", re.IGNORECASE)
    return text if reader.search(text) else f"@{draft.to.handle} {text}"
