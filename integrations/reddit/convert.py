"""Reddit's things to our messages, our drafts to what is posted. Pure.

A thing is named as Reddit names it: t1_ a comment, t3_ a post, t4_ a private message. People are
named by their names, which nobody can change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from inbox.message import Account, Attachment, Author, Draft, Kind, Message, Ref, Visibility, clean
from integrations.length import text_of
from integrations.reddit.wire import Mail, Talk, Thing, Writer

DM, MODMAIL = "dm:", "modmail"
MENTION = "username mention"
_LINK_OF_CONTEXT = re.compile(r"/comments/([a-z0-9]{1,20})/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`me` and `own` are names in lower case."""

    account: Account
    me: str
    own: frozenset[str]
    web_url: str

    def ref(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        return Ref(self.account.network, self.account.name, id)


def to_message(thing: Thing, place: Place) -> Message:
    """A thing whose author is known."""
    if thing.name.startswith("t4_"):
        return _letter(thing, place)
    ref, parent = place.ref(thing.name), thing.parent_id
    is_post = thing.name.startswith("t3_")
    return Message(
        ref=ref,
        conversation=place.ref(thing.name if is_post else _post_of(thing)),
        author=_author(thing.author or "", place),
        text=_text(thing),
        visibility=Visibility.PUBLIC,
        kind=_kind(thing, is_post=is_post),
        created_at=_utc(thing.created_utc),
        in_reply_to=place.ref(parent) if parent and not is_post else None,
        url=_link(thing, place),
        attachments=_attachments(thing, place),
    )


def to_mail(mail: Mail, talk: Talk, place: Place) -> Message:
    """A message of modmail, by whoever wrote it."""
    return Message(
        ref=place.ref(f"{MODMAIL}:{talk.id}/{mail.id}"),
        conversation=place.ref(f"{MODMAIL}:{talk.id}"),
        author=_author(mail.author.name, place),
        text=clean(mail.body_markdown),
        visibility=Visibility.PRIVATE,
        kind=Kind.DM,
        created_at=_utc(mail.date),
        url=f"{place.web_url}/mail/all/{talk.id}",
        native={MODMAIL: talk.id},
    )


def participant(writer: Writer, place: Place) -> Author | None:
    return _author(writer.name, place) if writer.name else None


def edited_at(thing: Thing) -> datetime | None:
    return _utc(thing.edited) if thing.edited else None


def conversation_with(author: Author) -> Ref:
    return author.ref.sibling(f"{DM}{author.ref.id}")


def from_draft(draft: Draft, *, subject: str, hide_author: bool) -> tuple[str, dict[str, Any]]:
    """The path, and what is posted there.

    A private answer goes on under the private message, or in the conversation of modmail; one
    that grows out of something public is a new message.
    """
    text = text_of(draft)
    if talk := draft.native.get(MODMAIL):
        return f"api/mod/conversations/{talk}", {
            "body": text,
            "isInternal": False,
            "isAuthorHidden": hide_author,
        }
    if draft.in_reply_to is not None:
        return "api/comment/", {"thing_id": draft.in_reply_to.id, "text": text}
    return "api/compose/", {"to": draft.to.handle, "subject": subject, "text": text}


def _letter(thing: Thing, place: Place) -> Message:
    author = _author(thing.author or "", place)
    subject = thing.subject.removeprefix("re: ").strip()
    first = thing.parent_id is None
    body = clean(thing.body)
    return Message(
        ref=place.ref(thing.name),
        conversation=conversation_with(author),
        author=author,
        text=f"{subject}\n\n{body}" if first and subject else body,
        visibility=Visibility.PRIVATE,
        kind=Kind.DM,
        created_at=_utc(thing.created_utc),
        in_reply_to=place.ref(thing.parent_id) if thing.parent_id else None,
        url=f"{place.web_url}/message/messages/{thing.name.removeprefix('t4_')}",
    )


def _author(name: str, place: Place) -> Author:
    id_ = name.lower()
    return Author(
        ref=place.ref(id_),
        handle=name,
        name=name,
        url=f"{place.web_url}/user/{name}",
        staff=True if id_ == place.me or id_ in place.own else None,
    )


def _kind(thing: Thing, *, is_post: bool) -> Kind:
    if is_post:
        return Kind.POST
    if thing.subject == MENTION:
        return Kind.MENTION
    return Kind.REPLY if (thing.parent_id or "").startswith("t1_") else Kind.COMMENT


def _post_of(thing: Thing) -> str:
    """The post on top of a comment's thread. In the inbox only the context tells it."""
    if thing.link_id:
        return thing.link_id
    found = _LINK_OF_CONTEXT.search(thing.context)
    return f"t3_{found[1]}" if found else thing.parent_id or thing.name


def _text(thing: Thing) -> str:
    parts = (thing.title, thing.selftext, thing.body)
    return clean("\n\n".join(part.strip() for part in parts if part.strip()))


def _link(thing: Thing, place: Place) -> str | None:
    path = thing.permalink or thing.context.partition("?")[0]
    return f"{place.web_url}{path}" if path.startswith("/r/") else None


def _attachments(thing: Thing, place: Place) -> tuple[Attachment, ...]:
    """What a post that is no text points to."""
    web = thing.url.startswith(("http://", "https://"))
    if thing.is_self or not web or thing.url == _link(thing, place):
        return ()
    kind = (thing.post_hint or "link").rpartition(":")[2]
    return (Attachment(kind=kind, url=thing.url),)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
