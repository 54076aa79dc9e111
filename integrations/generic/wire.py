"""The documented JSON of the webhook channel: docs/generic-webhook.md is its contract."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    TypeAdapter,
    ValidationInfo,
    field_validator,
)

from inbox.message import Kind, Visibility

MOST_MESSAGES = 500

_YEARS = range(1990, 2101)


def _utc(value: datetime) -> datetime:
    if value.year not in _YEARS:
        raise ValueError(f"must be between {_YEARS.start} and {_YEARS.stop - 1}")
    return value.astimezone(UTC)


Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Link = Annotated[
    str, StringConstraints(max_length=2048, pattern=r"^https?://[^\s\x00-\x1f/]+[^\s\x00-\x1f]*$")
]
Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}$")]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Writer(Part):
    id: Id
    handle: Annotated[str, StringConstraints(max_length=200)] | None = None
    name: Annotated[str, StringConstraints(max_length=500)] | None = None
    url: Link | None = None
    followers: Annotated[int, Field(ge=0, le=10**12)] | None = None
    verified: bool | None = None
    bot: bool | None = None


class File(Part):
    kind: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    url: Link
    alt: Annotated[str, StringConstraints(max_length=1500)] | None = None


class Written(Part):
    """What a new message and the new form of an edited one have alike."""

    id: Id
    author: Writer
    text: str
    created_at: Moment
    visibility: Visibility
    kind: Kind | None = None
    conversation: Id | None = None
    in_reply_to: Id | None = None
    url: Link | None = None
    language: Language | None = None
    attachments: Annotated[tuple[File, ...], Field(max_length=20)] = ()

    @field_validator("kind")
    @classmethod
    def _seen_by_its_kind(cls, kind: Kind | None, info: ValidationInfo) -> Kind | None:
        if kind is Kind.DM and info.data.get("visibility") is Visibility.PUBLIC:
            raise ValueError("a dm is private: write another kind, or visibility private")
        return kind


class PostedMessage(Written):
    event: Literal["posted"] = "posted"


class EditedMessage(Written):
    event: Literal["edited"]
    edited_at: Moment


class DeletedMessage(Part):
    event: Literal["deleted"]
    id: Id
    deleted_at: Moment


def _event(value: Any) -> Any:
    return value.get("event", "posted") if isinstance(value, dict) else "posted"


Item = Annotated[
    Annotated[PostedMessage, Tag("posted")]
    | Annotated[EditedMessage, Tag("edited")]
    | Annotated[DeletedMessage, Tag("deleted")],
    Discriminator(_event),
]
EVENTS: dict[str, type[BaseModel]] = {
    "posted": PostedMessage,
    "edited": EditedMessage,
    "deleted": DeletedMessage,
}


class Batch(Part):
    messages: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MOST_MESSAGES)]


ONE: TypeAdapter[PostedMessage | EditedMessage | DeletedMessage] = TypeAdapter(Item)
MANY: TypeAdapter[Batch] = TypeAdapter(Batch)
