"""Posts and chat messages of Bluesky to our messages, our drafts to records. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from inbox.message import (
    Account,
    Attachment,
    Author,
    Draft,
    Kind,
    Message,
    Ref,
    Visibility,
    clean,
)
from integrations.bluesky.text import facets, whole
from integrations.bluesky.wire import (
    Actor,
    ChatMessage,
    Embed,
    Post,
    PostView,
    Quoted,
    Strong,
    readable,
)
from integrations.length import text_of

POSTS = "app.bsky.feed.post"
ALLOWED_WHEN_UNSAID = "following"
"""Whose direct messages somebody takes who never said so (chat.bsky.actor.declaration)."""
_DM = "dm:"
_BOT = "bot"
_MOST_ALT = 1500
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where messages are seen from: our account, our DID, the website of their links."""

    account: Account
    me: str
    app_url: str

    def ref(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        return Ref(self.account.network, self.account.name, id)

    def link(self, uri: str) -> str | None:
        """The page of a post; people's handles change, their DIDs do not."""
        did, collection, key = parts(uri)
        return f"{self.app_url}/profile/{did}/post/{key}" if collection == POSTS else None


Where = Callable[[], Place]
"""Asks for the place when it is needed: our DID is known only after the login."""


def parts(uri: str) -> tuple[str, str, str]:
    """DID, collection and record key of an at:// address."""
    did, _, rest = uri.removeprefix("at://").partition("/")
    collection, _, key = rest.partition("/")
    return did, collection, key


def is_post(ref: Ref) -> bool:
    return ref.id.startswith("at://")


def direct_with(account: Account, did: str) -> Ref:
    """The one conversation that holds all direct messages with an author."""
    return Ref(account.network, account.name, f"{_DM}{did}")


def reader_of(conversation: Ref) -> str:
    """The DID of the person that a conversation of direct messages is with."""
    return conversation.id.removeprefix(_DM)


def to_message(post: PostView, author: Actor, place: Place) -> Message:
    """A post that mentions, answers or quotes us; `author` is its writer's newest profile."""
    reply = post.record.reply
    return Message(
        ref=place.ref(post.uri),
        conversation=place.ref(reply.root.uri if reply else post.uri),
        author=to_author(author, place),
        text=whole(post.record.text, post.record.facets, me=place.me),
        visibility=Visibility.PUBLIC,
        kind=_kind(post.record, place.me),
        created_at=post.indexed_at.astimezone(UTC),
        in_reply_to=place.ref(reply.parent.uri) if reply else None,
        url=place.link(post.uri),
        language=_language(post.record),
        attachments=tuple(_attachments(post.embed, place)),
        native=_native(post, author),
    )


def to_private(
    convo: str, message: ChatMessage, author: Actor, other: Actor, place: Place
) -> Message:
    """A chat message of `author`, in the conversation with `other`."""
    return Message(
        ref=place.ref(f"{convo}/{message.id}"),
        conversation=direct_with(place.account, other.did),
        author=to_author(author, place),
        text=whole(message.text or "", message.facets, me=place.me),
        visibility=Visibility.PRIVATE,
        kind=Kind.DM,
        created_at=message.sent_at.astimezone(UTC),
        attachments=tuple(_attachments(message.embed, place)),
    )


def to_author(actor: Actor, place: Place) -> Author:
    marks = actor.verification
    return Author(
        ref=place.ref(actor.did),
        handle=actor.handle,
        name=actor.display_name.strip() or actor.handle,
        url=f"{place.app_url}/profile/{actor.did}",
        followers=actor.followers,
        verified=marks is not None and "valid" in (marks.status, marks.trusted),
        bot=any(label.val == _BOT and label.src == actor.did for label in actor.labels),
    )


def record_of(
    draft: Draft, parent: Strong, root: Strong, dids: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """The post that answers `parent` in the thread of `root`."""
    language = draft.language or ""
    return {
        "$type": POSTS,
        **rich(text_of(draft), dids),
        "createdAt": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "reply": {"root": root.model_dump(), "parent": parent.model_dump()},
        **({"langs": [language]} if _LANGUAGE.fullmatch(language) else {}),
    }


def rich(text: str, dids: Mapping[str, str]) -> dict[str, Any]:
    found = facets(text, dids)
    return {"text": text, **({"facets": found} if found else {})}


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in white space at most."""
    return one.split() == other.split()


def _kind(record: Post, me: str) -> Kind:
    if record.reply is None:
        return Kind.MENTION
    return Kind.COMMENT if parts(record.reply.root.uri)[0] == me else Kind.REPLY


def _language(record: Post) -> str | None:
    """What the writer's client says, where it says one."""
    langs = record.langs or ()
    return langs[0][:35] if len(langs) == 1 and langs[0] else None


def _native(post: PostView, author: Actor) -> dict[str, str]:
    """Whether and how the author could be answered when this was seen."""
    chat = author.associated.chat if author.associated else None
    viewer = author.viewer
    closed = (post.viewer and post.viewer.closed) or (viewer and viewer.blocked_by)
    return {
        "dm": (chat.allow if chat else "") or ALLOWED_WHEN_UNSAID,
        **({"follows": "yes"} if viewer and viewer.followed_by else {}),
        **({"closed": "yes"} if closed else {}),
    }


def _attachments(given: object, place: Place) -> Iterator[Attachment]:
    embed = readable(Embed, given)
    if embed is None:
        return
    yield from _attached("image", *((picture.fullsize, picture.alt) for picture in embed.images))
    yield from _attached("video", (embed.playlist, embed.alt))
    if embed.external:
        yield from _attached("link", (embed.external.uri, embed.external.title))
    if embed.media:
        yield from _attachments(embed.media.model_dump(by_alias=True), place)
    if embed.record and (quoted := _quoted(embed.record)):
        said = quoted.value.get("text")
        yield from _attached(
            "quote", (place.link(quoted.uri), said if isinstance(said, str) else "")
        )


def _attached(kind: str, *found: tuple[str | None, str]) -> Iterator[Attachment]:
    for url, alt in found:
        if url:
            yield Attachment(kind=kind, url=url, alt=clean(alt, most=_MOST_ALT) or None)


def _quoted(view: Quoted) -> Quoted | None:
    """The quoted post: with media beside it, it lies one level deeper."""
    inner = readable(Quoted, view.record) if view.record else view
    return inner if inner and inner.uri.startswith("at://") else None
