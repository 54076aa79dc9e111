"""The channel's JSON to our events, our drafts to its JSON. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, from_json

from inbox.errors import BadPayload
from inbox.message import (
    Account,
    Attachment,
    Author,
    Deleted,
    Draft,
    Edited,
    Event,
    Kind,
    Message,
    Posted,
    Ref,
    Visibility,
    clean,
)
from integrations.generic.wire import (
    EVENTS,
    MANY,
    MOST_MESSAGES,
    ONE,
    DeletedMessage,
    EditedMessage,
    File,
    PostedMessage,
    Writer,
    Written,
)

_PARTS: dict[str, type[BaseModel]] = {"author": Writer, "attachments": File}
_NAME = re.compile(r"\w{1,40}", re.ASCII)
_SAID = {
    "missing": "is missing",
    "union_tag_invalid": "must be posted, edited or deleted",
    "string_pattern_mismatch": "has characters or a form that is not allowed there",
    "too_short": f"must hold 1 to {MOST_MESSAGES} messages",
    "too_long": "holds too many entries",
}
_KINDS = {Visibility.PUBLIC: Kind.POST, Visibility.PRIVATE: Kind.DM}


def to_events(body: bytes, account: Account) -> Sequence[Event]:
    """The events of a body with one message or a batch. Raises BadPayload."""
    try:
        if _is_batch(body):
            return [_to_event(item, account) for item in MANY.validate_json(body).messages]
        return [_to_event(ONE.validate_json(body), account)]
    except ValidationError as error:
        raise _bad(error) from None


def to_message(written: Written, account: Account) -> Message:
    """A public message without a conversation begins one, or joins that of the one it answers.

    A private one without a conversation is in the one that all private messages of its author
    share. What may be left out: kind is post, or dm where private; handle is the author's id.
    """
    ref = Ref(account.network, account.name, written.id)
    return Message(
        ref=ref,
        conversation=ref.sibling(written.conversation or _conversation(written)),
        author=_to_author(written.author, ref),
        text=clean(written.text),
        visibility=written.visibility,
        kind=written.kind or _KINDS[written.visibility],
        created_at=written.created_at,
        in_reply_to=ref.sibling(written.in_reply_to) if written.in_reply_to else None,
        url=written.url,
        language=written.language,
        attachments=tuple(_to_attachment(file) for file in written.attachments),
    )


def from_draft(draft: Draft) -> bytes:
    """The body that is posted to `reply_url` or `private_reply_url`."""
    return json.dumps(
        {
            "account": draft.account.name,
            "conversation": draft.conversation.id,
            "in_reply_to": draft.in_reply_to.id if draft.in_reply_to else None,
            "to": {"id": draft.to.ref.id, "handle": draft.to.handle, "name": draft.to.name},
            "text": clean(draft.text),
            "visibility": draft.visibility.value,
            "language": draft.language,
        },
        ensure_ascii=True,
        separators=(",", ":"),
    ).encode()


def _is_batch(body: bytes) -> bool:
    """Whether the key `messages` stands on top; most bodies have these letters nowhere."""
    if b'"messages"' not in body:
        return False
    try:
        return "messages" in from_json(body, cache_strings="none")
    except (ValueError, TypeError):
        return False


def _to_event(item: PostedMessage | EditedMessage | DeletedMessage, account: Account) -> Event:
    if isinstance(item, DeletedMessage):
        return Deleted(ref=Ref(account.network, account.name, item.id), at=item.deleted_at)
    message = to_message(item, account)
    if isinstance(item, EditedMessage):
        return Edited(message=message, at=item.edited_at)
    return Posted(message=message)


def private_conversation(author: Ref) -> Ref:
    """The one that holds all private messages with an author, unless a message names another."""
    return author.sibling(f"dm:{author.id}")


def _conversation(written: Written) -> str:
    if written.visibility is Visibility.PRIVATE:
        return f"dm:{written.author.id}"
    return written.in_reply_to or written.id


def _to_author(writer: Writer, message: Ref) -> Author:
    handle = clean(writer.handle or "").strip() or writer.id
    return Author(
        ref=message.sibling(writer.id),
        handle=handle,
        name=clean(writer.name or "").strip() or handle,
        url=writer.url,
        followers=writer.followers,
        verified=writer.verified,
        bot=writer.bot,
    )


def _to_attachment(file: File) -> Attachment:
    alt = clean(file.alt) if file.alt else None
    return Attachment(kind=clean(file.kind), url=file.url, alt=alt)


def _bad(error: ValidationError) -> BadPayload:
    """The first fault, by the path of its field; it never repeats a value."""
    first = error.errors(include_url=False, include_input=False)[0]
    path, place = _path(first["loc"])
    kind = first["type"]
    if kind == "extra_forbidden":
        return BadPayload(path, _unknown(str(first["loc"][-1]), place))
    if kind == "union_tag_invalid":
        return BadPayload(f"{path}.event".removeprefix("body."), _SAID[kind])
    return BadPayload(path, _SAID.get(kind) or _told(first))


def _path(loc: Iterable[int | str]) -> tuple[str, type[BaseModel]]:
    """The field as a sender knows it, without the tags of the events, and its model."""
    path: list[str] = []
    place: type[BaseModel] = PostedMessage
    for part in map(str, loc):
        if part in EVENTS and (not path or path[-1].isdigit()):
            place = EVENTS[part]
            continue
        place = _PARTS.get(part, place)
        # The name of an unknown field is the sender's own text, which may be anything.
        path.append(part if _NAME.fullmatch(part) else "?")
    return ".".join(path) or "body", place


def _unknown(field: str, place: type[BaseModel]) -> str:
    near = get_close_matches(field, [*place.model_fields, "messages"], n=1)
    return f"is not known; did you mean {near[0]}?" if near else "is not known"


def _told(error: ErrorDetails) -> str:
    if error["type"] == "json_invalid":
        return f"is not valid JSON: {error['ctx']['error']}"
    return error["msg"].removeprefix("Value error, ")
