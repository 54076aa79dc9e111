"""X's posts and messages to ours, our drafts to what is posted. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from msgspec.structs import replace

from inbox.message import (
    Account,
    Attachment,
    Author,
    Draft,
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
from integrations.x import ids, wire
from integrations.x.text import to_text, without_lead

SUMMONED = "summoned"
"""In `Message.native`: how its author called us, "mention", "reply" or "quote"; or not at all."""
CLOSED = "messages"
"""In `Message.native`: "closed" where its author takes no direct messages from us."""
_DM = "dm:"
_MESSAGE = "message:"
_AUTOMATED = "Automated"
_STATUS = r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/{name}/status/\d+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """Who looks: our account, our own user there, and where people read posts."""

    account: Account
    me: wire.User
    web_url: str

    def ref(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        return Ref(self.account.network, self.account.name, id)

    def page(self, *path: str) -> str:
        """An address for people; a name is nothing but a name in it, whatever it holds."""
        return "/".join((self.web_url.rstrip("/"), *(quote(part, safe="") for part in path)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What came with posts: their authors by id, their media by key."""

    users: Mapping[str, wire.User] = field(default_factory=dict)
    media: Mapping[str, wire.Media] = field(default_factory=dict)


def beside(includes: wire.Includes) -> Beside:
    return Beside(
        users={user.id: user for user in includes.users if user},
        media={media.media_key: media for media in includes.media if media},
    )


def post_events(post: wire.Post, eyes: Eyes, found: Beside) -> tuple[Event, ...]:
    """What a post means to us: of our own the answers, as they were written; an arrival, an edit.

    An edited post is said twice: whoever knows its first form has no use for the arrival, who
    does not has none for the edit.
    """
    message = to_message(post, eyes, found)
    if post.author_id == eyes.me.id:
        if not _answers(post):
            return ()
        said = replace(message, text=without_lead(message.text))
        return (Echoed(message=said, to=_reader(post, eyes, found)),)
    if edited(post):
        return (Posted(message=message), Edited(message=message, at=ids.made_at(newest(post))))
    return (Posted(message=message),)


def to_message(post: wire.Post, eyes: Eyes, found: Beside) -> Message:
    """A post under the id of its first form; a mention of the brand in front is left out."""
    first = post.edit_history_tweet_ids[0] if post.edit_history_tweet_ids else post.id
    name, author = eyes.ref(first), to_author(post.author_id, eyes, found)
    parent = _referenced(post, "replied_to")
    return Message(
        ref=name,
        conversation=name.sibling(post.conversation_id or first),
        author=author,
        text=clean(_without_brand(_text(post), eyes)),
        visibility=Visibility.PUBLIC,
        kind=_kind(post, eyes),
        created_at=_created(post, first),
        in_reply_to=name.sibling(parent) if parent else None,
        url=eyes.page(author.handle, "status", first),
        language=_language(post.lang),
        attachments=_attachments(post.attachments.media_keys, found),
        native=_native(post, eyes, found),
    )


def message_events(message: wire.Message, eyes: Eyes, found: Beside) -> tuple[Event, ...]:
    """A direct message to us, or one that somebody sent in our name."""
    if message.event_type != "MessageCreate":
        return ()
    from_us = message.sender_id == eyes.me.id
    other = _other(message, eyes) if from_us else message.sender_id
    if other is None:
        return ()
    name = message_ref(eyes.account, message.id)
    keys = message.attachments.media_keys
    converted = Message(
        ref=name,
        conversation=direct_with(eyes.account, other),
        author=to_author(message.sender_id, eyes, found),
        text=to_text(message.text, message.entities.urls, hidden=_for_media(message.entities)),
        visibility=Visibility.PRIVATE,
        kind=Kind.DM,
        created_at=message.created_at.astimezone(UTC),
        attachments=_attachments(keys, found),
    )
    if from_us:
        return (Echoed(message=converted, to=to_author(other, eyes, found)),)
    return (Posted(message=converted),)


def from_old(old: wire.OldMessage) -> tuple[wire.Message, tuple[wire.Media, ...]]:
    """A direct message in the form of v1.1 as one of v2, with its media."""
    created, data = old.message_create, old.message_create.message_data
    media = data.attachment.media if data.attachment else None
    pictures = (
        (wire.Media(media_key=old.id, type=media.type, url=media.media_url_https),) if media else ()
    )
    links = data.entities.urls
    if media and media.url:
        links = (*links, wire.Url(url=media.url, media_key=old.id))
    milliseconds = min(max(old.created_timestamp, 0), 253_402_300_000_000)
    message = wire.Message(
        id=old.id,
        text=data.text,
        sender_id=created.sender_id,
        created_at=datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds),
        participant_ids=(created.sender_id, created.target.recipient_id),
        entities=wire.Entities(urls=links),
        attachments=wire.Attached(media_keys=(old.id,) if media else ()),
    )
    return message, pictures


def to_author(id: str, eyes: Eyes, found: Beside) -> Author:  # noqa: A002 - the field's own name
    """Where X does not say who it is, the id stands for the name."""
    user = eyes.me if id == eyes.me.id else found.users.get(id)
    if user is None:
        return Author(ref=eyes.ref(id), handle=id, name=id)
    return Author(
        ref=eyes.ref(id),
        handle=user.username,
        name=user.name.strip() or user.username,
        url=eyes.page(user.username),
        followers=user.public_metrics.followers_count,
        verified=user.verified,
        bot=True if user.affiliation.description == _AUTOMATED else None,
    )


def direct_with(account: Account, author_id: str) -> Ref:
    """The one conversation that holds all direct messages with an author."""
    return Ref(account.network, account.name, f"{_DM}{author_id}")


def message_ref(account: Account, id: str) -> Ref:  # noqa: A002 - the field's own name
    """Told apart from posts, whose ids are numbers as well."""
    return Ref(account.network, account.name, f"{_MESSAGE}{id}")


def is_message(ref: Ref) -> bool:
    return ref.id.startswith(_MESSAGE)


def edited(post: wire.Post) -> bool:
    return len(post.edit_history_tweet_ids) > 1


def newest(post: wire.Post) -> str:
    return post.edit_history_tweet_ids[-1] if post.edit_history_tweet_ids else post.id


def from_draft(draft: Draft) -> str:
    """The text to be sent. X itself puts the mention of its reader in front of a reply."""
    text = clean(draft.text).strip()
    if draft.visibility is Visibility.PRIVATE or draft.in_reply_to is None:
        return text
    handle = re.escape(draft.to.handle.removeprefix("@"))
    return re.sub(rf"\A@{handle}(?!\w)[\s,:]*", "", text, count=1, flags=re.IGNORECASE)


def _text(post: wire.Post) -> str:
    whole = post.note_tweet
    if whole is not None:
        return to_text(whole.text, whole.entities.urls, hidden=_for_media(whole.entities))
    return to_text(post.text, post.entities.urls, hidden=_for_media(post.entities))


def _for_media(entities: wire.Entities) -> Iterable[str]:
    return (url.url for url in entities.urls if url.media_key)


def _without_brand(text: str, eyes: Eyes) -> str:
    return re.sub(
        rf"\A@{re.escape(eyes.me.username)}(?!\w)[\s,:]*", "", text, count=1, flags=re.IGNORECASE
    )


def _native(post: wire.Post, eyes: Eyes, found: Beside) -> dict[str, str]:
    known: dict[str, str] = {}
    if how := _summoned(post, eyes):
        known[SUMMONED] = how
    author = found.users.get(post.author_id)
    if author is not None and author.receives_your_dm is False:
        known[CLOSED] = "closed"
    return known


def _summoned(post: wire.Post, eyes: Eyes) -> str | None:
    name = eyes.me.username.lower()
    marked = (post.entities, *((post.note_tweet.entities,) if post.note_tweet else ()))
    if any(m.id == eyes.me.id or m.username.lower() == name for e in marked for m in e.mentions):
        return "mention"
    if post.in_reply_to_user_id == eyes.me.id:
        return "reply"
    ours = re.compile(_STATUS.format(name=re.escape(name)), re.IGNORECASE)
    quotes = _referenced(post, "quoted") is not None
    if quotes and any(ours.match(u.expanded_url or "") for e in marked for u in e.urls):
        return "quote"
    return None


def _kind(post: wire.Post, eyes: Eyes) -> Kind:
    parent = _referenced(post, "replied_to")
    if parent is not None:
        top = parent == post.conversation_id and post.in_reply_to_user_id == eyes.me.id
        return Kind.COMMENT if top else Kind.REPLY
    return Kind.MENTION if _summoned(post, eyes) else Kind.POST


def _referenced(post: wire.Post, kind: str) -> str | None:
    return next((one.id for one in post.referenced_tweets if one.type == kind), None)


def _answers(post: wire.Post) -> bool:
    return _referenced(post, "replied_to") is not None


def _reader(post: wire.Post, eyes: Eyes, found: Beside) -> Author | None:
    to = post.in_reply_to_user_id
    return None if to is None or to == eyes.me.id else to_author(to, eyes, found)


def _other(message: wire.Message, eyes: Eyes) -> str | None:
    """The reader of a message of ours: the other half of a conversation's name, `1-101`."""
    people = message.participant_ids or tuple(message.dm_conversation_id.split("-"))
    others = [one for one in people if one != eyes.me.id and one.isdigit()]
    return others[0] if len(others) == 1 else None


def _created(post: wire.Post, first: str) -> datetime:
    return ids.made_at(first) if edited(post) else post.created_at.astimezone(UTC)


def _attachments(keys: Iterable[str], found: Beside) -> tuple[Attachment, ...]:
    media = (found.media[key] for key in keys if key in found.media)
    return tuple(made for one in media if (made := _attachment(one)))


def _attachment(media: wire.Media) -> Attachment | None:
    films = sorted(media.variants, key=lambda one: one.bit_rate, reverse=True)
    film = next((one.url for one in films if one.url), None)
    address = media.url or film or media.preview_image_url
    if address is None:
        return None
    alt = clean(media.alt_text, most=1500) if media.alt_text else None
    return Attachment(kind=media.type, url=address, alt=alt)


def _language(lang: str | None) -> str | None:
    """X's own codes for "unknown" and for posts of links or emoji are no languages."""
    known = lang and lang not in ("und", "zxx") and not lang.startswith("q")
    return lang if known else None
