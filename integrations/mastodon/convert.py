"""Mastodon's statuses to our messages, our drafts to what is posted. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from unicodedata import category

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
from integrations.mastodon.text import to_text
from integrations.mastodon.wire import Media, Person, Status

DIRECT = "direct"
_DM = "dm:"
_WIDTH = ("public", "unlisted", "private", DIRECT)
_ZERO_WIDTH_SPACE = "\u200b"
_ANY_MENTION = re.compile(r"(?<![/=])@(?=\w)")
_IN_WORDS = ("L", "Nd", "Pc")
"""What Mastodon takes for a part of a word, before which there is no mention (account.rb,
`MENTION_RE`): for Python a ² or ½ is one as well.
"""
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Root:
    """The first post of a thread; `ours` when the brand wrote it."""

    id: str
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What `POST /api/v1/statuses` is given."""

    status: str
    visibility: str
    in_reply_to_id: str | None = None
    language: str | None = None


def is_direct(conversation: Ref) -> bool:
    return conversation.id.startswith(_DM)


def direct_with(account: Account, author_id: str) -> Ref:
    """The one conversation that holds all direct messages with an author."""
    return Ref(account.network, account.name, f"{_DM}{author_id}")


def to_message(status: Status, account: Account, *, me: Person, root: Root) -> Message:
    """A status as a message; `root` is not used for direct messages.

    A mention of the brand at the start of the text is left out, so that rules and cards read
    what was said. A content warning becomes the first paragraph. Only for the mentioned (direct)
    and only for followers (private) both count as private.
    """
    name = Ref(account.network, account.name, status.id)
    direct = status.visibility == DIRECT
    conversation = direct_with(account, status.account.id) if direct else name.sibling(root.id)
    return Message(
        ref=name,
        conversation=conversation,
        author=to_author(status.account, account),
        text=clean(_text(status, me)),
        visibility=(
            Visibility.PUBLIC if status.visibility in ("public", "unlisted") else Visibility.PRIVATE
        ),
        kind=_kind(status, root),
        created_at=status.created_at.astimezone(UTC),
        in_reply_to=name.sibling(status.in_reply_to_id) if status.in_reply_to_id else None,
        url=status.url or status.uri,
        language=clean(status.language, most=35) if status.language else None,
        attachments=tuple(a for media in status.media_attachments if (a := _attachment(media))),
    )


def to_author(person: Person, account: Account) -> Author:
    return Author(
        ref=Ref(account.network, account.name, person.id),
        handle=person.acct,
        name=person.display_name.strip() or person.acct,
        url=person.url,
        followers=person.followers_count,
        verified=any(field.verified_at for field in person.fields),
        bot=person.bot,
    )


def edited_at(status: Status) -> datetime | None:
    return status.edited_at.astimezone(UTC) if status.edited_at else None


def plain(status: Status) -> str:
    """The text of a status with all its mentions, as it was written."""
    mentioned = {mention.url: mention.acct for mention in status.mentions if mention.url}
    return to_text(status.content, mentioned)


def from_draft(draft: Draft, *, answered: str | None) -> Post:
    """What to post for a draft; `answered` is the visibility of the post that it answers.

    A public reply is never wider than the post it answers: unlisted stays unlisted. A private
    message is direct and leaves everyone but its reader unmentioned, because a direct status goes
    to all that it mentions (documentation: "Posting", visibility); it hangs on a direct message
    only, never on a public post.
    """
    private = draft.visibility is Visibility.PRIVATE
    threaded = draft.in_reply_to is not None and (not private or answered == DIRECT)
    return Post(
        status=addressed(draft),
        visibility=DIRECT if private else _narrower(answered or "public", "public"),
        in_reply_to_id=draft.in_reply_to.id if draft.in_reply_to and threaded else None,
        language=_language(draft.language),
    )


def addressed(draft: Draft) -> str:
    """The draft's text with the mention that tells its reader, which is not doubled."""
    handle = draft.to.handle.removeprefix("@")
    text = clean(draft.text).strip()
    reader = re.compile(rf"(?<![\w/=@])@{re.escape(handle)}(?!\w|[@.-]\w)", re.IGNORECASE)
    if draft.visibility is Visibility.PRIVATE:
        text = _ANY_MENTION.sub(lambda at: _silent(at, reader), text)
    return text if reader.search(text) else f"@{handle} {text}"


def same_text(one: str, other: str) -> bool:
    """Whether two texts differ in white space at most, which a server rearranges."""
    return one.split() == other.split()


def _silent(at: re.Match[str], reader: re.Pattern[str]) -> str:
    before = at.string[: at.start()][-1:]
    if before and category(before).startswith(_IN_WORDS):
        return "@"
    return "@" if reader.match(at.string, at.start()) else f"@{_ZERO_WIDTH_SPACE}"


def _text(status: Status, me: Person) -> str:
    brand = re.compile(rf"@{re.escape(me.acct)}(?!\w|[@.-]\w)[\s,:]*", re.IGNORECASE)
    text = brand.sub("", said, count=1) if brand.match(said := plain(status)) else said
    warning = status.spoiler_text.strip()
    return f"{warning}\n\n{text}" if warning else text


def _kind(status: Status, root: Root) -> Kind:
    if status.visibility == DIRECT:
        return Kind.DM
    if status.in_reply_to_id is None:
        return Kind.MENTION
    return Kind.COMMENT if root.ours else Kind.REPLY


def _attachment(media: Media) -> Attachment | None:
    address = media.url or media.remote_url
    if address is None:
        return None
    alt = clean(media.description, most=1500) if media.description else None
    return Attachment(kind=media.type, url=address, alt=alt)


def _narrower(one: str, other: str) -> str:
    ranks = [_WIDTH.index(width) if width in _WIDTH else len(_WIDTH) - 1 for width in (one, other)]
    return _WIDTH[max(ranks)]


def _language(language: str | None) -> str | None:
    """The part that Mastodon takes: ISO 639-1 or 639-3, without a region."""
    code = (language or "").lower().replace("_", "-").partition("-")[0]
    return code if _LANGUAGE.fullmatch(code) else None
