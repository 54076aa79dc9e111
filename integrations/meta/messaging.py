"""Private messages of Messenger and Instagram as ours."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
from integrations.meta.choices import chosen
from integrations.meta.webhook import Entry, read
from integrations.meta.wire import Attached, Messaging, Postback, Reworded, Said

NOT_SHOWN = "(Meta does not pass this kind of message on. It can be read in Meta's own inbox.)"
_HTTP = ("http://", "https://")
_MOST_URL = 4_000
_REMEMBERED = 2_000


class Ours:
    """The newest messages that we sent ourselves, by their ids, and under which key."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, str] = OrderedDict()

    def add(self, id: str, key: str) -> None:  # noqa: A002 - the field's own name
        self._keys[id] = key
        while len(self._keys) > _REMEMBERED:
            self._keys.popitem(last=False)

    def __contains__(self, id: object) -> bool:  # noqa: A002 - the field's own name
        return id in self._keys

    def of_another(self, id: str, key: str) -> bool:  # noqa: A002 - the field's own name
        """Whether it is surely another answer than the one of this key, though it reads alike."""
        return self._keys.get(id, key) != key


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterbox:
    """What is needed to understand a private message to `me`, the number of our own account.

    `who` gives the author with a number; `app_id` is our own app, where it is known.
    """

    account: Account
    me: str
    handle: str
    who: Callable[[str], Author]
    ours: Ours
    app_id: str | None = None

    def to_events(self, entry: Entry) -> Iterator[Event]:
        for item in (*entry.messaging, *entry.standby):
            if event := self.to_event(item):
                yield event

    def to_event(self, item: dict[str, Any]) -> Event | None:
        """None for what is no message, not for us, or our own."""
        found = read(Messaging, item)
        if found is None or self.me not in (found.sender.id, found.recipient.id):
            return None
        if found.message is not None:
            return self._message(found, found.message)
        if found.postback is not None and found.sender.id != self.me:
            return Posted(message=self._pressed(found, found.postback))
        if found.message_edit is not None and found.sender.id != self.me:
            return self._edited(found, found.message_edit)
        return None

    def _message(self, found: Messaging, said: Said) -> Event | None:
        if said.is_deleted:
            return Deleted(ref=self._ref(said.mid), at=found.timestamp)
        if said.is_echo or found.sender.id == self.me:
            return self._echo(found, said)
        return Posted(message=self._said(found, said, self.who(found.sender.id)))

    def _echo(self, found: Messaging, said: Said) -> Event | None:
        """An answer in our name: our own is known by its id or by our app."""
        by_us = self.app_id is not None and said.app_id == self.app_id
        if said.mid in self.ours or by_us:
            return None
        to = self.who(found.recipient.id)
        me = Author(ref=self._ref(self.me), handle=self.handle, name=self.handle, staff=True)
        return Echoed(message=self._said(found, said, me, to), to=to)

    def _said(
        self, found: Messaging, said: Said, author: Author, to: Author | None = None
    ) -> Message:
        customer = to or author
        reader = found.recipient.id if to else found.sender.id
        attachments = tuple(a for one in said.attachments if (a := attachment(one)))
        story = said.reply_to.story if said.reply_to else None
        if story is not None and _is_link(story.url):
            attachments += (Attachment(kind="story", url=story.url or ""),)
        pressed = said.quick_reply.payload if said.quick_reply else ""
        text = clean(chosen(pressed, said.text))
        answered = said.reply_to.mid if said.reply_to else None
        return Message(
            ref=self._ref(said.mid),
            conversation=conversation(customer.ref),
            author=author,
            text=text if text or attachments else NOT_SHOWN,
            visibility=Visibility.PRIVATE,
            kind=Kind.DM,
            created_at=found.timestamp,
            in_reply_to=self._ref(answered) if answered else None,
            attachments=attachments,
            native={"reader": reader},
        )

    def _pressed(self, found: Messaging, postback: Postback) -> Message:
        """A press on a menu or button is what it says."""
        at = int(found.timestamp.timestamp() * 1000)
        said = Said(
            mid=postback.mid or f"postback:{found.sender.id}:{at}",
            text=chosen(postback.payload, postback.title),
        )
        return self._said(found, said, self.who(found.sender.id))

    def _edited(self, found: Messaging, new: Reworded) -> Event:
        said = Said(mid=new.mid, text=new.text)
        message = self._said(found, said, self.who(found.sender.id))
        return Edited(message=message, at=found.timestamp)

    def _ref(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        return Ref(self.account.network, self.account.name, id)


def conversation(author: Ref) -> Ref:
    """The one that holds all private messages with an author."""
    return author.sibling(f"dm:{author.id}")


def attachment(one: Attached) -> Attachment | None:
    """A file behind a link of Meta's, which ends after some days."""
    url = one.payload.url if one.payload else None
    if not _is_link(url):
        return None
    title = one.payload.title if one.payload else None
    alt = clean(title, most=1500) if title else None
    return Attachment(kind=clean(one.type, most=50), url=url or "", alt=alt)


def _is_link(url: str | None) -> bool:
    return url is not None and url.startswith(_HTTP) and len(url) <= _MOST_URL
