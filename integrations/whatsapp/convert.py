"""WhatsApp's messages as ours, drafts as what is posted. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from inbox.message import (
    Account,
    Attachment,
    Author,
    Draft,
    Echoed,
    Event,
    Kind,
    Message,
    Posted,
    Ref,
    Undelivered,
    Visibility,
    clean,
)
from integrations.meta.choices import chosen, payload, title
from integrations.meta.errors import undelivered
from integrations.meta.messaging import conversation
from integrations.meta.webhook import read
from integrations.whatsapp.wire import Contact, File, Status, Value, Written

MOST_BUTTONS = 3
MOST_ROWS = 10
_MOST_BODY = 1024
"""Longest text over buttons and lists, in characters."""
_SILENT = frozenset({"reaction", "system", "ephemeral"})
"""Types that say nothing: a heart, a change of number."""
_NOT_SHOWN = (
    "(WhatsApp does not pass this kind of message on: {kind}. It can be seen on the phone.)"
)
_ECHO = frozenset({"smb_message_echoes"})
_MOST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is needed to understand what happens at the number with the id `me`."""

    account: Account
    me: str
    handle: str

    def to_events(self, field: str, value: dict[str, Any]) -> Iterator[Event]:
        found = read(Value, value)
        if found is None or found.metadata.phone_number_id != self.me:
            return
        echoes = found.message_echoes if field in _ECHO else ()
        for item in (*found.messages, *echoes):
            written = read(Written, {**item, "sender": item.get("from")})
            if written is not None and written.type not in _SILENT:
                event = self._event(written, found.contacts, echo=item in echoes)
                if event is not None:
                    yield event
        for item in found.statuses:
            status = read(Status, item)
            ours = status is not None and status.biz_opaque_callback_data is not None
            if status is not None and ours and status.status == "failed":
                yield self._failed(status)

    def _event(self, written: Written, contacts: Sequence[Contact], *, echo: bool) -> Event | None:
        wa_id = written.to if echo else written.sender
        user_id = written.to_user_id if echo else written.from_user_id
        customer = self._author(wa_id, user_id, contacts)
        if customer is None:
            return None
        me = Author(ref=self._ref(self.me), handle=self.handle, name=self.handle, staff=True)
        message = self._message(written, me if echo else customer, customer)
        return Echoed(message=message, to=customer) if echo else Posted(message=message)

    def _message(self, written: Written, author: Author, customer: Author) -> Message:
        file = _file(written)
        attachments = (
            (Attachment(kind=written.type, url=file.url, alt=file.filename),)
            if file and file.url and file.url.startswith(("http://", "https://"))
            else ()
        )
        text = clean(_text(written, file))
        answered = written.context.id if written.context else None
        return Message(
            ref=self._ref(written.id),
            conversation=conversation(customer.ref),
            author=author,
            text=text if text or attachments else _NOT_SHOWN.format(kind=clean(written.type[:30])),
            visibility=Visibility.PRIVATE,
            kind=Kind.DM,
            created_at=written.timestamp,
            in_reply_to=self._ref(answered) if answered else None,
            attachments=attachments,
            native=_address(written),
        )

    def _author(
        self, wa_id: str | None, user_id: str | None, contacts: Sequence[Contact]
    ) -> Author | None:
        """`user_id` is there with and without a phone number, so it names the person."""
        contact = next(
            (
                c
                for c in contacts
                if (user_id and c.user_id == user_id) or (wa_id and c.wa_id == wa_id)
            ),
            Contact(),
        )
        id_ = contact.user_id or user_id or contact.wa_id or wa_id
        if id_ is None:
            return None
        name = clean(contact.profile.name, most=_MOST_NAME).strip()
        username = clean(contact.profile.username, most=_MOST_NAME).strip().removeprefix("@")
        handle = username or name or f"somebody ({id_[-4:]})"
        return Author(ref=self._ref(id_), handle=handle, name=name or handle)

    def _failed(self, status: Status) -> Undelivered:
        code = status.errors[0].code if status.errors else 0
        return Undelivered(ref=self._ref(status.id), reason=undelivered(code), at=status.timestamp)

    def _ref(self, id: str) -> Ref:  # noqa: A002 - the field's own name
        return Ref(self.account.network, self.account.name, id)


def from_draft(
    draft: Draft, *, key: str, user_id_field: str = "recipient", list_button: str = "Choose"
) -> dict[str, Any]:
    """What is posted. `key` comes back in the statuses of the message."""
    body: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "biz_opaque_callback_data": key[:512],
        **_to(draft, user_id_field),
        **_content(clean(draft.text).strip(), draft.choices, list_button),
    }
    if draft.in_reply_to is not None:
        body["context"] = {"message_id": draft.in_reply_to.id}
    return body


def _to(draft: Draft, user_id_field: str) -> dict[str, str]:
    """By phone number where there is one, else by user id."""
    if wa_id := draft.native.get("wa_id"):
        return {"to": wa_id}
    if draft.to.ref.id.isdigit():
        return {"to": draft.to.ref.id}
    return {user_id_field: draft.native.get("user_id") or draft.to.ref.id}


def _content(text: str, choices: tuple[str, ...], list_button: str) -> dict[str, Any]:
    """Three choices are buttons, ten a list; more, or under a long text, are words alone."""
    if not choices or len(choices) > MOST_ROWS or len(text) > _MOST_BODY:
        return {"type": "text", "text": {"body": text, "preview_url": False}}
    if len(choices) <= MOST_BUTTONS:
        buttons = [
            {"type": "reply", "reply": {"id": payload(one, most=256), "title": title(one, 20)}}
            for one in choices
        ]
        action: dict[str, Any] = {"buttons": buttons}
        kind = "button"
    else:
        rows = [{"id": payload(one, most=200), "title": title(one, 24)} for one in choices]
        action = {"button": list_button, "sections": [{"rows": rows}]}
        kind = "list"
    interactive = {"type": kind, "body": {"text": text}, "action": action}
    return {"type": "interactive", "interactive": interactive}


def _file(written: Written) -> File | None:
    files = (written.image, written.video, written.audio, written.document, written.sticker)
    return next((file for file in files if file is not None), None)


def _text(written: Written, file: File | None) -> str:
    if written.text is not None:
        return written.text.body
    if written.button is not None:
        return written.button.text
    if written.interactive is not None:
        reply = written.interactive.button_reply or written.interactive.list_reply
        return chosen(reply.id, reply.title) if reply else ""
    if written.location is not None:
        place = written.location
        named = ", ".join(part for part in (place.name, place.address) if part)
        return f"{named} ({place.latitude}, {place.longitude})".strip()
    if file is None:
        return ""
    return file.caption if file.url else f"{file.caption} [{written.type}]".strip()


def _address(written: Written) -> dict[str, str]:
    """How the customer is reached."""
    wa_id, user_id = written.to or written.sender, written.to_user_id or written.from_user_id
    named = {"wa_id": wa_id, "user_id": user_id}
    return {name: value for name, value in named.items() if value}
