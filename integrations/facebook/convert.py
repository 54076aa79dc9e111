"""What happens under a Page as messages of ours. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inbox.message import (
    Account,
    Attachment,
    Author,
    Deleted,
    Echoed,
    Edited,
    Event,
    Kind,
    Message,
    Posted,
    Ref,
    Visibility,
    clean,
)
from integrations.facebook.wire import Comment, FeedValue, Shown, Writer
from integrations.meta.letters import UNNAMED
from integrations.meta.messaging import Ours
from integrations.meta.webhook import read

WEB = "https://www.facebook.com/"
_POSTS = frozenset({"post", "status", "photo", "video", "share", "link"})
_MOST_NAME = 200
_MOST_URL = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """What is needed to understand what stands under the Page with the number `page`."""

    account: Account
    page: str
    handle: str
    ours: Ours

    def to_event(self, value: dict[str, Any], *, at: datetime) -> Event | None:
        """A change of the field `feed`, told `at`; None for what is no message of somebody."""
        found = read(FeedValue, {**value, "sender": value.get("from")})
        if found is None:
            return None
        if found.item == "comment" and found.comment_id and found.post_id:
            return self._commented(found, found.comment_id, found.post_id, at)
        if found.item in _POSTS and found.post_id:
            return self._posted(found, found.post_id, at)
        return None

    def to_found(self, comment: Comment, post: str) -> Posted | Echoed | None:
        """A comment that a poll found."""
        message = self._message(
            comment.id,
            post,
            comment.parent.id if comment.parent else post,
            comment.sender,
            comment.message,
            comment.created_time,
            comment.permalink_url,
            _shown(comment.attachment),
        )
        return self._new(message, post)

    def _commented(self, found: FeedValue, comment: str, post: str, at: datetime) -> Event | None:
        if found.verb == "remove":
            return Deleted(ref=self._ref(comment), at=at)
        message = self._message(
            comment,
            post,
            found.parent_id or post,
            found.sender,
            found.message,
            found.created_time or at,
            None,
            _media(found),
        )
        if found.verb == "edited":
            return None if self._is_me(message) else Edited(message=message, at=at)
        return self._new(message, post) if found.verb == "add" else None

    def _posted(self, found: FeedValue, post: str, at: datetime) -> Event | None:
        """What a visitor wrote on the Page. The Page's own posts start nothing."""
        if found.verb == "remove":
            return Deleted(ref=self._ref(post), at=at)
        if found.sender is None or found.sender.id == self.page:
            return None
        message = Message(
            ref=self._ref(post),
            conversation=self._ref(post),
            author=self._author(found.sender, post),
            text=clean(found.message),
            visibility=Visibility.PUBLIC,
            kind=Kind.POST,
            created_at=found.created_time or at,
            url=(found.post.permalink_url if found.post else None) or f"{WEB}{post}",
            attachments=_media(found),
            native={"post": "yes"},
        )
        if found.verb == "edited":
            return Edited(message=message, at=at)
        return Posted(message=message) if found.verb == "add" else None

    def _message(
        self,
        comment: str,
        post: str,
        parent: str,
        sender: Writer | None,
        text: str,
        at: datetime,
        url: str | None,
        attachments: tuple[Attachment, ...],
    ) -> Message:
        return Message(
            ref=self._ref(comment),
            conversation=self._ref(post),
            author=self._author(sender, comment),
            text=clean(text),
            visibility=Visibility.PUBLIC,
            kind=Kind.COMMENT,
            created_at=at,
            in_reply_to=self._ref(parent),
            url=url or f"{WEB}{comment}",
            attachments=attachments,
            native={"parent": parent} if parent != post else {},
        )

    def _new(self, message: Message, post: str) -> Posted | Echoed | None:
        """Of the Page's own comments, those count that answer somebody."""
        if not self._is_me(message):
            return Posted(message=message)
        to_somebody = message.in_reply_to is not None and message.in_reply_to.id != post
        if message.ref.id in self.ours or not to_somebody:
            return None
        return Echoed(message=message)

    def _is_me(self, message: Message) -> bool:
        return message.author.ref.id == self.page

    def _author(self, sender: Writer | None, message: str) -> Author:
        """Meta names nobody whom the app may not know: then each message has its own author."""
        if sender is None:
            name = "Somebody on Facebook"
            return Author(ref=self._ref(f"{UNNAMED}{message}"), handle=name, name=name)
        if sender.id == self.page:
            return Author(
                ref=self._ref(self.page), handle=self.handle, name=self.handle, staff=True
            )
        name = clean(sender.name, most=_MOST_NAME).strip() or "Somebody on Facebook"
        return Author(ref=self._ref(sender.id), handle=name, name=name)

    def _ref(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        return Ref(self.account.network, self.account.name, id)


def _media(found: FeedValue) -> tuple[Attachment, ...]:
    linked = {"photo": "image", "video": "video"}.get(found.item, "link")
    links = (("image", found.photo), ("video", found.video), (linked, found.link))
    return tuple(Attachment(kind=kind, url=url) for kind, url in links if _is_link(url) and url)


def _shown(shown: Shown | None) -> tuple[Attachment, ...]:
    if shown is None:
        return ()
    picture = shown.media.image.src if shown.media and shown.media.image else None
    url = picture or shown.url
    if url is None or not _is_link(url):
        return ()
    title = clean(shown.title, most=1500) if shown.title else None
    return (Attachment(kind=clean(shown.type, most=50), url=url, alt=title),)


def _is_link(url: str | None) -> bool:
    return url is not None and url.startswith(("http://", "https://")) and len(url) <= _MOST_URL
