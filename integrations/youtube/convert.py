"""YouTube's comments to our messages, our drafts to replies. Pure.

A thread has two levels: a comment, and replies. A reply to a reply hangs under the comment and
names its reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from inbox.message import Account, Author, Draft, Kind, Message, Ref, Visibility, clean
from integrations.youtube.wire import Comment

THREAD, VIDEO, HELD, CLOSED = "thread", "video", "held", "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    account: Account
    channel: str
    web_url: str

    def ref(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        return Ref(self.account.network, self.account.name, id)


def to_message(
    comment: Comment, place: Place, *, thread: str, video: str | None, closed: bool = False
) -> Message:
    """`thread` is the id of the comment on top, `closed` that its thread takes no replies."""
    said = comment.snippet
    ref, top = place.ref(comment.id), comment.id == thread
    held = said.moderation_status not in (None, "published")
    native = {THREAD: thread, VIDEO: video or said.video_id or ""}
    return Message(
        ref=ref,
        conversation=place.ref(thread),
        author=to_author(comment, place),
        text=text_of(comment),
        visibility=Visibility.PUBLIC,
        kind=Kind.COMMENT if top else Kind.REPLY,
        created_at=said.published_at.astimezone(UTC),
        in_reply_to=None if top else place.ref(thread),
        url=link_to(comment.id, native[VIDEO], place),
        native=native | ({HELD: "1"} if held else {}) | ({CLOSED: "1"} if closed else {}),
    )


def to_author(comment: Comment, place: Place) -> Author:
    said = comment.snippet
    id_ = said.author_channel_id.value if said.author_channel_id else f"unknown:{comment.id}"
    handle = said.author_display_name.removeprefix("@").strip() or id_
    known = said.author_channel_id is not None
    return Author(
        ref=place.ref(id_),
        handle=handle,
        name=handle,
        url=f"{place.web_url}/channel/{quote(id_, safe='')}" if known else None,
        staff=True if id_ == place.channel else None,
    )


def text_of(comment: Comment) -> str:
    said = comment.snippet
    return clean(said.text_display if said.text_original is None else said.text_original)


def edited_at(comment: Comment) -> datetime | None:
    """YouTube dates a comment's last change; a new one's is when it was written."""
    said = comment.snippet
    changed = said.updated_at is not None and said.updated_at > said.published_at
    return said.updated_at.astimezone(UTC) if said.updated_at and changed else None


def is_ours(comment: Comment, place: Place) -> bool:
    channel = comment.snippet.author_channel_id
    return channel is not None and channel.value == place.channel


def link_to(comment: str, video: str, place: Place) -> str:
    """A comment without a video stands on the channel's own page."""
    if not video:
        return f"{place.web_url}/channel/{place.channel}/community?lc={quote(comment)}"
    return f"{place.web_url}/watch?v={quote(video)}&lc={quote(comment)}"


def thread_of(draft: Draft) -> str:
    """The id of the comment under which an answer stands; a reply's id begins with it."""
    above = draft.in_reply_to or draft.conversation
    return draft.native.get(THREAD) or above.id.partition(".")[0]


def addressed(draft: Draft) -> str:
    """The text; with the reader's name where it answers a reply, since it hangs under the top."""
    text = clean(draft.text).strip()
    to_a_reply = draft.in_reply_to is not None and draft.in_reply_to.id != thread_of(draft)
    handle = draft.to.handle.removeprefix("@")
    reader = re.compile(rf"(?<![\w@])@{re.escape(handle)}(?![\w.-])", re.IGNORECASE)
    return f"@{handle} {text}" if to_a_reply and not reader.search(text) else text
