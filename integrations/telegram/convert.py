"""The Bot API's updates to our events, our drafts to what is sent. Pure.

A message is named <chat>/<message>: ids of messages are Telegram's per chat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from inbox.errors import Rejected
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
from integrations.telegram.kinds import not_shown
from integrations.telegram.text import mentions, said
from integrations.telegram.wire import Chat, Keyboard, Pressed, Update, User, Written

DM = "dm:"
SERVICE = frozenset({136817688, 777000, 1087968824})
"""Telegram's own users, who stand in for channels, forwards of channels and hidden managers."""
_FILES = ("animation", "audio", "document", "sticker", "video", "video_note", "voice")
_CHOICE = "choice:"
_MOST_BUTTONS = 100
_START = "/start"
NO_PERSON = "This was written as a channel, which has no private chat. Answer in public."

Root = Callable[[str], str]
"""The first message of a message's thread; itself where none is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose updates they are. `chats` are the groups that are taken, all where it is empty."""

    account: Account
    me: int
    username: str
    chats: frozenset[int] = frozenset()
    own: frozenset[int] = frozenset()
    addressed: bool = False
    take_start: bool = False


def to_event(update: Update, place: Place, root: Root, *, now: datetime) -> Event | None:
    """What an update says; None where it is nothing for us. `now` is when a button was pressed,
    which Telegram does not tell."""
    if update.callback_query is not None:
        return _pressed(update.callback_query, place, root, now)
    written = update.edited_message or update.message
    if written is None or not _taken(written, place) or _wrote(written) == place.me:
        return None
    message = to_message(written, place, root)
    if message is None:
        return None
    if message.author.staff:
        return _echo(written, message, place) if update.message else None
    if update.edited_message:
        return Edited(message=message, at=(written.edit_date or written.date).astimezone(UTC))
    return Posted(message=message)


def to_message(written: Written, place: Place, root: Root) -> Message | None:
    """None where nobody wrote anything: somebody joined, a title changed."""
    author = _author(written, place)
    attachments = _attachments(written)
    text = clean(said(written, place.username))
    if not (text.strip() or attachments):
        text = clean(not_shown(written))
    if author is None or not (text.strip() or attachments):
        return None
    private = written.chat.type == "private"
    if private and text.strip() == _START and not place.take_start:
        return None
    ref = name_of(place.account, written)
    above = written.reply_to_message
    answers = above is not None and not _opens_topic(written)
    topic = {"topic": str(written.message_thread_id)} if written.is_topic_message else {}
    return Message(
        ref=ref,
        conversation=(
            conversation_with(author) if private else ref.sibling(_thread(written, root))
        ),
        author=author,
        text=text,
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
        kind=_kind(written, place),
        created_at=written.date.astimezone(UTC),
        in_reply_to=name_of(place.account, above) if above and answers else None,
        url=link_to(written),
        language=_language(written.sender),
        attachments=attachments,
        native=topic,
    )


def conversation_with(author: Author) -> Ref:
    """A private chat has its person's id."""
    return author.ref.sibling(f"{DM}{author.ref.id}")


def name_of(account: Account, written: Written) -> Ref:
    return Ref(account.network, account.name, f"{written.chat.id}/{written.message_id}")


def numbers(ref: Ref) -> tuple[int, int]:
    """The chat and the message of a name. Raises Rejected where it has none."""
    try:
        chat, message, *_ = ref.id.split("/")
        return int(chat), int(message)
    except ValueError:
        raise Rejected("Telegram has no such message.") from None


def link_to(written: Written) -> str | None:
    """Messages of supergroups have one; in private chats and small groups none has."""
    if written.chat.type != "supergroup":
        return None
    group = written.chat.username or f"c/{str(written.chat.id).removeprefix('-100')}"
    return f"https://t.me/{group}/{written.message_id}"


def from_draft(draft: Draft) -> dict[str, Any]:
    """What sendMessage is given.

    A public answer hangs under its message, and is not sent where that is gone. In a private
    chat nothing has to hang under anything.
    """
    body: dict[str, Any] = {"text": clean(draft.text).strip(), **_buttons(draft.choices)}
    if draft.visibility is Visibility.PRIVATE:
        if not is_person(draft.to):
            raise Rejected(NO_PERSON)
        return {"chat_id": _number(draft.to.ref.id), **body}
    if draft.in_reply_to is None:
        raise Rejected("There is no message that this would answer.")
    chat, message = numbers(draft.in_reply_to)
    body |= {"chat_id": chat, "reply_parameters": {"message_id": message}}
    if topic := draft.native.get("topic"):
        body["message_thread_id"] = _number(topic)
    return body


def is_person(author: Author) -> bool:
    """Channels and groups have negative ids; what is sent to one all its readers see."""
    return not author.ref.id.startswith("-")


def _pressed(pressed: Pressed, place: Place, root: Root, now: datetime) -> Event | None:
    """The words on the button as the person's message; its number where Telegram forgot them."""
    menu, data = pressed.message, pressed.data or ""
    if menu is None or not data.startswith(_CHOICE) or not _taken(menu, place):
        return None
    author = _person(pressed.sender, place)
    private = menu.chat.type == "private"
    above = name_of(place.account, menu)
    return Posted(
        message=Message(
            ref=above.sibling(f"{above.id}/{clean(pressed.id, most=64)}"),
            conversation=(
                conversation_with(author) if private else above.sibling(_thread(menu, root))
            ),
            author=author,
            text=clean(_words(data, menu.reply_markup)),
            visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
            kind=Kind.DM if private else Kind.REPLY,
            created_at=now.astimezone(UTC),
            in_reply_to=above,
            url=link_to(menu),
            language=_language(pressed.sender),
        )
    )


def _words(data: str, keyboard: Keyboard | None) -> str:
    rows = keyboard.inline_keyboard if keyboard else ()
    known = (button.text for row in rows for button in row if button.callback_data == data)
    return next(known, data.removeprefix(_CHOICE))


def _buttons(choices: tuple[str, ...]) -> dict[str, Any]:
    """One under the other. The data is a number: it may have 64 bytes, words may need more."""
    if not choices or len(choices) > _MOST_BUTTONS:
        return {}
    rows = [
        [{"text": clean(words, most=200), "callback_data": f"{_CHOICE}{number}"}]
        for number, words in enumerate(choices, 1)
    ]
    return {"reply_markup": {"inline_keyboard": rows}}


def _taken(written: Written, place: Place) -> bool:
    """Not what channels forward to their groups by themselves."""
    if written.is_automatic_forward or written.chat.type == "channel":
        return False
    if written.chat.type == "private":
        return True
    if place.chats and written.chat.id not in place.chats:
        return False
    return not place.addressed or _addressed(written, place)


def _addressed(written: Written, place: Place) -> bool:
    above = written.reply_to_message
    to_us = above is not None and (above.is_automatic_forward or _wrote(above) == place.me)
    return to_us or mentions(written, place.username) or _wrote(written) == place.me


def _echo(written: Written, message: Message, place: Place) -> Event | None:
    """What the brand's own people wrote is an answer where it answers somebody."""
    above = written.reply_to_message
    to = _author(above, place) if above is not None and not above.is_automatic_forward else None
    return None if to is None or to.staff else Echoed(message=message, to=to)


def _kind(written: Written, place: Place) -> Kind:
    above = written.reply_to_message
    if written.chat.type == "private":
        return Kind.DM
    if above is not None and above.is_automatic_forward:
        return Kind.COMMENT
    if above is not None and not _opens_topic(written):
        return Kind.REPLY
    return Kind.MENTION if mentions(written, place.username) else Kind.POST


def _thread(written: Written, root: Root) -> str:
    """The name of the thread: of its first message.

    Supergroups tell it in message_thread_id, which in a forum is a whole topic; there, and in
    small groups, it is what was seen of the messages above.
    """
    chat, above = written.chat.id, written.reply_to_message
    if written.message_thread_id is not None and not written.is_topic_message:
        return f"{chat}/{written.message_thread_id}"
    if above is None or _opens_topic(written):
        return f"{chat}/{written.message_id}"
    return root(f"{chat}/{above.message_id}")


def _opens_topic(written: Written) -> bool:
    """In a forum a message that answers nobody answers the message that opened the topic."""
    above = written.reply_to_message
    return (
        written.is_topic_message
        and above is not None
        and above.message_id == written.message_thread_id
    )


def _wrote(written: Written) -> int | None:
    if written.sender_chat is not None:
        return written.sender_chat.id
    return written.sender.id if written.sender else None


def _author(written: Written, place: Place) -> Author | None:
    """Who writes as a channel, or as the group itself, is that channel or group."""
    chat = written.sender_chat
    if chat is not None:
        return _as_chat(chat, place, staff=chat.id in (written.chat.id, *place.own))
    if written.sender is None or written.sender.id in SERVICE:
        return None
    return _person(written.sender, place)


def _person(user: User, place: Place) -> Author:
    name = f"{user.first_name} {user.last_name}".strip()
    handle = user.username or name or f"somebody ({str(user.id)[-4:]})"
    ours = user.id == place.me or user.id in place.own
    return Author(
        ref=Ref(place.account.network, place.account.name, str(user.id)),
        handle=handle,
        name=name or handle,
        url=f"https://t.me/{user.username}" if user.username else None,
        bot=user.is_bot,
        staff=ours or None,
    )


def _as_chat(chat: Chat, place: Place, *, staff: bool) -> Author:
    handle = chat.username or chat.title or str(chat.id)
    return Author(
        ref=Ref(place.account.network, place.account.name, str(chat.id)),
        handle=handle,
        name=chat.title or handle,
        url=f"https://t.me/{chat.username}" if chat.username else None,
        staff=staff or None,
    )


def _attachments(written: Written) -> tuple[Attachment, ...]:
    """Their kinds, and names of files. A link to a file holds the bot's token: there is none."""
    url = link_to(written) or ""
    found = [Attachment(kind="photo", url=url)] if written.photo else []
    for kind in _FILES:
        file = getattr(written, kind)
        if file is not None:
            named = file.file_name or file.emoji
            alt = clean(named, most=1500) if named else None
            found.append(Attachment(kind=kind.replace("_", " "), url=url, alt=alt))
    # An animation is sent as a document as well.
    if written.animation is not None:
        found = [one for one in found if one.kind != "document"]
    if written.contact is not None:
        found.append(Attachment(kind="contact", url=url))
    return tuple(found)


def _language(user: User | None) -> str | None:
    """That of the person's app, which is likely theirs; IETF, such as pt-br."""
    return clean(user.language_code, most=35) if user and user.language_code else None


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Rejected("Telegram has no such chat.") from None
