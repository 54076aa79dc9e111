"""The parts of the Bot API's objects that are read (core.telegram.org/bots/api)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from inbox.message import clean


def _line(value: object) -> object:
    return clean(value, most=500) if isinstance(value, str) else value


Line = Annotated[str, BeforeValidator(_line)]


class Part(BaseModel):
    """What we do not use is not looked at."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class User(Part):
    id: int
    is_bot: bool = False
    first_name: Line = ""
    last_name: Line = ""
    username: Line | None = None
    language_code: Line | None = None


class Chat(Part):
    """`type` is private, group, supergroup or channel."""

    id: int
    type: str
    title: Line = ""
    username: Line | None = None


class Entity(Part):
    """A stretch of the text; `offset` and `length` count UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None


class File(Part):
    file_name: Line | None = None
    emoji: Line | None = None


class Location(Part):
    latitude: float
    longitude: float


class Button(Part):
    text: str
    callback_data: str | None = None


class Keyboard(Part):
    inline_keyboard: tuple[tuple[Button, ...], ...] = ()


class Written(Part):
    """A Message. `sender_chat` is there for who writes as a channel or as the group itself.

    The names of what else stands there tell of kinds that are not read; see kinds.py.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    message_id: int
    date: AwareDatetime
    chat: Chat
    sender: User | None = Field(default=None, alias="from")
    sender_chat: Chat | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    is_automatic_forward: bool = False
    edit_date: AwareDatetime | None = None
    reply_to_message: Written | None = None
    text: str = ""
    entities: tuple[Entity, ...] = ()
    caption: str = ""
    caption_entities: tuple[Entity, ...] = ()
    photo: tuple[dict[str, Any], ...] = ()
    animation: File | None = None
    audio: File | None = None
    document: File | None = None
    sticker: File | None = None
    video: File | None = None
    video_note: File | None = None
    voice: File | None = None
    location: Location | None = None
    contact: dict[str, Any] | None = None
    reply_markup: Keyboard | None = None
    migrate_to_chat_id: int | None = None


class Pressed(Part):
    """A CallbackQuery; a `message` that is too old for Telegram has date 0."""

    id: str
    sender: User = Field(alias="from")
    message: Written | None = None
    data: str | None = None


class Update(Part):
    update_id: int
    message: Written | None = None
    edited_message: Written | None = None
    callback_query: Pressed | None = None


class Bot(Part):
    id: int
    username: str
    can_read_all_group_messages: bool = False


class Hook(Part):
    """WebhookInfo; `last_error_date` is in seconds since 1970."""

    url: str = ""
    pending_update_count: int = 0
    last_error_date: datetime | None = None
    allowed_updates: tuple[str, ...] = ()
