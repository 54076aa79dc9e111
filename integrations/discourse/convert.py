"""The forum's posts to our messages, our drafts to posts. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from inbox.message import Account, Author, Draft, Kind, Message, Ref, Visibility, clean
from integrations.discourse.text import plain
from integrations.discourse.wire import Person, Post

PRIVATE = "private"
TITLE = "title"
_PM = "pm:"
_ID = re.compile(r"(\d{1,15})/(\d{1,9})")
_MOST_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """Where messages are seen from: our account there, and whose word counts."""

    account: Account
    base_url: str
    username: str
    trusted_from: int
    trusted_users: frozenset[str]
    team: frozenset[str] = frozenset()

    def ref(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        return Ref(self.account.network, self.account.name, id)

    def post(self, topic: int, number: int) -> Ref:
        """Posts are named by topic and number: an answer names what it answers by these alone."""
        return self.ref(f"{topic}/{number}")

    def mine(self, post: Post) -> bool:
        return post.username.lower() == self.username.lower()

    def trusted(self, post: Post) -> bool:
        """Whether its writer is staff, or trusted by the community to answer."""
        level = post.trust_level or 0
        known = post.username.lower() in self.trusted_users
        return self.staff(post) or known or level >= self.trusted_from

    def staff(self, post: Post) -> bool:
        """Whether its writer speaks for the brand, as staff or as a colleague."""
        return post.staff or post.username.lower() in self.team

    def ours(self, username: str) -> bool:
        """Whether it is our account, or a colleague's."""
        return username.lower() in {self.username.lower(), *self.team}


def place_of(ref: Ref) -> tuple[int, int] | None:
    """Topic and number of a post."""
    found = _ID.fullmatch(ref.id)
    return (int(found[1]), int(found[2])) if found else None


def private_with(account: Account, user: str) -> Ref:
    """The one conversation that holds all personal messages with somebody, by their user id."""
    return Ref(account.network, account.name, f"{_PM}{user}")


def to_message(post: Post, forum: Forum, *, private_of: int | None = None) -> Message:
    """A post as a message; `private_of` is the user that a personal message is with.

    The first post of a topic begins with the topic's title, which often holds the question.
    """
    text, files = plain(post.cooked, base_url=forum.base_url)
    conversation = (
        forum.ref(str(post.topic_id))
        if private_of is None
        else private_with(forum.account, str(private_of))
    )
    return Message(
        ref=forum.post(*post.place),
        conversation=conversation,
        author=to_author(post, forum),
        text=text if post.post_number > 1 else _titled(post.topic_title, text),
        visibility=Visibility.PUBLIC if private_of is None else Visibility.PRIVATE,
        kind=_kind(post, private=private_of is not None),
        created_at=post.created_at.astimezone(UTC),
        in_reply_to=_answered(post, forum),
        url=link(forum, *post.place),
        attachments=files,
        native={
            TITLE: post.topic_title[:_MOST_TITLE],
            **({PRIVATE: "yes"} if private_of is not None else {}),
        },
    )


def to_author(post: Post, forum: Forum) -> Author:
    return Author(
        ref=forum.ref(str(post.user_id)),
        handle=post.username,
        name=post.name.strip() or post.username,
        url=f"{forum.base_url}/u/{post.username}",
        bot=post.user_id < 0,
        staff=forum.trusted(post),
    )


def person(user: Person, forum: Forum) -> Author:
    return Author(
        ref=forum.ref(str(user.id)),
        handle=user.username,
        name=user.name.strip() or user.username,
        url=f"{forum.base_url}/u/{user.username}",
    )


def edited_at(post: Post) -> datetime | None:
    """When its text was last changed, as far as the forum says; None where it never was."""
    return (post.updated_at or post.created_at).astimezone(UTC) if post.version > 1 else None


def link(forum: Forum, topic: int, number: int) -> str:
    return f"{forum.base_url}/t/{topic}/{number}"


def mentions(post: Post, username: str) -> bool:
    at = re.compile(rf'class="mention"[^>]*>@{re.escape(username)}<', re.IGNORECASE)
    return bool(at.search(post.cooked))


def public_post(draft: Draft, topic: int, number: int) -> dict[str, Any]:
    return {"raw": raw(draft), "topic_id": topic, "reply_to_post_number": number}


def private_reply(draft: Draft, topic: int) -> dict[str, Any]:
    return {"raw": raw(draft), "topic_id": topic}


def private_topic(draft: Draft, *, to: str, key: str, title: str) -> dict[str, Any]:
    """A new personal message to a name; the forum takes the same `external_id` once."""
    about = draft.native.get(TITLE)
    return {
        "title": f"Re: {about}" if about else title,
        "raw": raw(draft),
        "archetype": "private_message",
        "target_recipients": to,
        "external_id": hashlib.sha256(key.encode()).hexdigest()[:40],
    }


def raw(draft: Draft) -> str:
    return clean(draft.text).strip()


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in white space at most, which the forum rearranges."""
    return one.split() == other.split()


def is_private(native: Mapping[str, str]) -> bool:
    return PRIVATE in native


def _titled(title: str, text: str) -> str:
    """The title before the text, where the text does not begin with the same words."""
    words = " ".join(title.split()).rstrip("…. ")
    begins = " ".join(text.split()).startswith(words)
    return text if begins else f"{title}\n\n{text}".strip()


def _kind(post: Post, *, private: bool) -> Kind:
    if private:
        return Kind.DM
    return Kind.POST if post.post_number == 1 else Kind.REPLY


def _answered(post: Post, forum: Forum) -> Ref | None:
    if post.post_number == 1:
        return None
    return forum.post(post.topic_id, post.reply_to_post_number or 1)
