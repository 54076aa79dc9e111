"""The parts of X's objects that are read (docs.x.com, "Data dictionary", "Event payloads")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from inbox.message import clean


def _identifier(value: str) -> str:
    if not (value.isascii() and value.isdigit() and len(value) <= 20):
        raise ValueError("not an id of X")
    return value


def _web(value: object) -> object:
    """A link that may be shown; anything but http and https is nothing."""
    text = clean(value, most=2048) if isinstance(value, str) else ""
    return text if text.startswith(("https://", "http://")) else None


def _unwrapped(value: object) -> object:
    """Deliveries of some kinds put each user into {"data": ...} once more."""
    inner = value.get("data") if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else value


def _or_none_of_it(value: object) -> Any:
    return () if value is None else value


def _or_nothing(value: object) -> Any:
    return {} if value is None else value


def _or_unread(value: object, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError:
        return None


Id = Annotated[str, AfterValidator(_identifier)]
Text = Annotated[str, AfterValidator(lambda value: clean(value, most=500))]
Body = Annotated[str, AfterValidator(clean)]
Link = Annotated[str | None, BeforeValidator(_web)]
_Entity = TypeVar("_Entity")
Many = Annotated[tuple[_Entity, ...], BeforeValidator(_or_none_of_it)]
Readable = Annotated[_Entity | None, WrapValidator(_or_unread)]
"""None where it cannot be read: what comes beside messages spoils none of them."""


class Metrics(BaseModel):
    followers_count: int | None = None


class Affiliation(BaseModel):
    description: Text | None = None


class User(BaseModel):
    id: Id
    username: Text
    name: Text = ""
    verified: bool | None = None
    public_metrics: Annotated[Metrics, BeforeValidator(_or_nothing)] = Metrics()
    affiliation: Annotated[Affiliation, BeforeValidator(_or_nothing)] = Affiliation()
    receives_your_dm: bool | None = None


Person = Annotated[User, BeforeValidator(_unwrapped)]


class Url(BaseModel):
    url: Annotated[str, Field(min_length=1)]
    expanded_url: Link = None
    media_key: str | None = None


class Mention(BaseModel):
    username: Text
    id: Id | None = None


class Entities(BaseModel):
    urls: Many[Url] = ()
    mentions: Many[Mention] = ()


Marked = Annotated[Entities, BeforeValidator(_or_nothing)]


class Note(BaseModel):
    """The whole of a post that is longer than 280."""

    text: Body
    entities: Marked = Entities()


class Reference(BaseModel):
    type: str
    id: Id


class Attached(BaseModel):
    media_keys: Many[str] = ()


class Post(BaseModel):
    id: Id
    text: Body
    author_id: Id
    created_at: AwareDatetime
    conversation_id: Id | None = None
    in_reply_to_user_id: Id | None = None
    lang: Text | None = None
    entities: Marked = Entities()
    referenced_tweets: Many[Reference] = ()
    attachments: Annotated[Attached, BeforeValidator(_or_nothing)] = Attached()
    note_tweet: Note | None = None
    edit_history_tweet_ids: Many[Id] = ()


class Variant(BaseModel):
    url: Link = None
    bit_rate: int = 0


class Media(BaseModel):
    media_key: str
    type: Text
    url: Link = None
    preview_image_url: Link = None
    alt_text: str | None = None
    variants: Many[Variant] = ()


class Includes(BaseModel):
    users: Many[Readable[Person]] = ()
    media: Many[Readable[Media]] = ()
    tweets: Many[Any] = ()


class Message(BaseModel):
    """An event of a direct message, API v2."""

    id: Id
    event_type: str = "MessageCreate"
    text: Body = ""
    sender_id: Id
    created_at: AwareDatetime
    dm_conversation_id: Text = ""
    participant_ids: Many[Id] = ()
    entities: Marked = Entities()
    attachments: Annotated[Attached, BeforeValidator(_or_nothing)] = Attached()


class Meta(BaseModel):
    next_token: str | None = None


class Problem(BaseModel):
    """A partial error: it comes beside data, with status 200."""

    type: str = ""
    resource_id: str = ""
    value: str = ""


class Listing(BaseModel):
    """A page; its entries are read one by one, so that one bad entry spoils no other."""

    data: Many[Any] = ()
    includes: Annotated[Includes, BeforeValidator(_or_nothing)] = Includes()
    meta: Annotated[Meta, BeforeValidator(_or_nothing)] = Meta()
    errors: Many[Problem] = ()


class Created(BaseModel):
    id: Id


class CreatedMessage(BaseModel):
    dm_event_id: Id


class Target(BaseModel):
    recipient_id: Id


class OldMedia(BaseModel):
    type: Text = "photo"
    url: str = ""
    media_url_https: Link = None


class OldAttachment(BaseModel):
    media: OldMedia | None = None


class OldData(BaseModel):
    text: Body = ""
    entities: Marked = Entities()
    attachment: OldAttachment | None = None


class OldCreate(BaseModel):
    target: Target
    sender_id: Id
    message_data: OldData


class OldMessage(BaseModel):
    """A direct message in the form of the API v1.1, which deliveries still have."""

    type: Literal["message_create"]
    id: Id
    created_timestamp: int
    message_create: OldCreate


class OldMessages(BaseModel):
    direct_message_events: Annotated[tuple[OldMessage, ...], Field(min_length=1)]
    users: Annotated[dict[str, Readable[Person]], BeforeValidator(_or_nothing)] = {}


class Filter(BaseModel):
    user_id: Id


class Gone(BaseModel):
    id: Id


class Activity(BaseModel):
    """What the X Activity API delivers; the form of `payload` follows from `event_type`."""

    event_type: str
    filter: Filter
    payload: dict[str, Any] = {}
    includes: Annotated[Includes, BeforeValidator(_or_nothing)] = Includes()


class Delivery(BaseModel):
    data: Activity
