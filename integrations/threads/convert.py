"""Replies on Threads as messages of ours. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from inbox.errors import BadPayload
from inbox.message import (
    Account,
    Attachment,
    Author,
    Echoed,
    Kind,
    Message,
    Posted,
    Ref,
    Visibility,
    clean,
)
from integrations.meta.messaging import Ours
from integrations.meta.webhook import read
from integrations.threads.wire import Notice, Reply

WEB = "https://www.threads.net/@"
_KINDS = {"IMAGE": "image", "VIDEO": "video", "AUDIO": "audio", "CAROUSEL_ALBUM": "image"}
_NAME = re.compile(r"[\w.]+", re.ASCII)
_MOST_NAME = 100
_MOST_URL = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is needed to understand replies to the profile `username` with the number `me`."""

    account: Account
    me: str
    username: str
    ours: Ours

    def to_events(self, body: object) -> Iterator[Posted | Echoed]:
        """The replies that a webhook tells of, one or a list. Raises BadPayload."""
        for item in body if isinstance(body, list) else [body]:
            try:
                notice = Notice.model_validate(item)
            except ValidationError:
                raise BadPayload("values", "is missing or not as documented") from None
            if notice.values.field == "replies" and self._is_ours(notice):
                reply = read(Reply, notice.values.value)
                event = self.to_event(reply) if reply else None
                if event is not None:
                    yield event

    def to_event(self, reply: Reply, *, root: str | None = None) -> Posted | Echoed | None:
        """None for an own reply that we sent, or that answers nobody else.

        `root` is the post under which a poll found it.
        """
        above = reply.replied_to.id if reply.replied_to else root
        top = reply.root_post.id if reply.root_post else (root or above or reply.id)
        mine = self.is_me(reply)
        if mine and (reply.id in self.ours or above in (None, top)):
            return None
        message = Message(
            ref=self._ref(reply.id),
            conversation=self._ref(top),
            author=self._me() if mine else self._author(reply),
            text=clean(reply.text),
            visibility=Visibility.PUBLIC,
            kind=Kind.COMMENT,
            created_at=reply.timestamp,
            in_reply_to=self._ref(above) if above else None,
            url=link(reply.permalink),
            attachments=_attachments(reply),
        )
        return Echoed(message=message) if mine else Posted(message=message)

    def is_me(self, reply: Reply) -> bool:
        return bool(reply.is_reply_owned_by_me) or reply.username.lower() == self.username.lower()

    def _is_ours(self, notice: Notice) -> bool:
        """Whether it is told to this profile: an app may have several. In doubt it is."""
        root = notice.values.value.get("root_post")
        owner = root.get("owner_id") if isinstance(root, dict) else None
        name = root.get("username") if isinstance(root, dict) else None
        told = {str(value) for value in (notice.target_id, owner) if value is not None}
        if self.me in told or (isinstance(name, str) and name.lower() == self.username.lower()):
            return True
        return not told and name is None

    def _author(self, reply: Reply) -> Author:
        name = clean(reply.username, most=_MOST_NAME).strip() or "somebody"
        return Author(
            ref=self._ref(name.lower()),
            handle=name,
            name=name,
            url=f"{WEB}{name}" if _NAME.fullmatch(name) else None,
            verified=reply.is_verified,
        )

    def _me(self) -> Author:
        return Author(
            ref=self._ref(self.username.lower()),
            handle=self.username,
            name=self.username,
            staff=True,
        )

    def _ref(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        return Ref(self.account.network, self.account.name, id)


def link(url: str | None) -> str | None:
    good = url is not None and url.startswith(("http://", "https://")) and len(url) <= _MOST_URL
    return url if good else None


def _attachments(reply: Reply) -> tuple[Attachment, ...]:
    url = link(reply.media_url)
    if url is None:
        return ()
    return (Attachment(kind=_KINDS.get(reply.media_type, "file"), url=url),)


def container(text: str, above: str) -> dict[str, Any]:
    """What makes a reply that nobody sees yet."""
    return {"media_type": "TEXT", "text": text, "reply_to_id": above}
