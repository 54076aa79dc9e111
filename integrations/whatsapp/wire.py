"""What WhatsApp sends (Cloud API: "Webhooks", messages reference of 2026-06-17)."""

from __future__ import annotations

from typing import Any

from integrations.http import Entries
from integrations.meta.webhook import Id, Part, Readable
from integrations.meta.wire import Moment


class Number(Part):
    phone_number_id: Id


class Profile(Part):
    name: str = ""
    username: str = ""


class Contact(Part):
    """Since 2026 a person may be known by `user_id` alone."""

    profile: Profile = Profile()
    wa_id: Id | None = None
    user_id: Id | None = None


class Body(Part):
    body: str = ""


class File(Part):
    caption: str = ""
    filename: str | None = None
    url: str | None = None


class Context(Part):
    id: Id | None = None


class Chosen(Part):
    id: str = ""
    title: str = ""


class Interactive(Part):
    button_reply: Chosen | None = None
    list_reply: Chosen | None = None


class Pressed(Part):
    text: str = ""


class Place(Part):
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


class Written(Part):
    """A message of any type; its content stands under the type's own name. Somebody wrote it also
    where that cannot be read.

    `to` and `to_user_id` are there in echoes of what was written in the WhatsApp Business app.
    """

    id: Id
    sender: Id | None = None
    from_user_id: Id | None = None
    to: Id | None = None
    to_user_id: Id | None = None
    timestamp: Moment
    type: str
    text: Readable[Body] = None
    image: Readable[File] = None
    video: Readable[File] = None
    audio: Readable[File] = None
    document: Readable[File] = None
    sticker: Readable[File] = None
    location: Readable[Place] = None
    interactive: Readable[Interactive] = None
    button: Readable[Pressed] = None
    context: Readable[Context] = None


class Trouble(Part):
    code: int


class Status(Part):
    """What became of a message of ours. `biz_opaque_callback_data` is what we gave it."""

    id: Id
    status: str
    timestamp: Moment
    errors: Entries[Trouble] = ()
    biz_opaque_callback_data: str | None = None


class Value(Part):
    metadata: Number
    contacts: Entries[Contact] = ()
    messages: tuple[dict[str, Any], ...] = ()
    message_echoes: tuple[dict[str, Any], ...] = ()
    statuses: tuple[dict[str, Any], ...] = ()
