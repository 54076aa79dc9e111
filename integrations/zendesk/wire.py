"""The parts of Zendesk's JSON that are read (developer.zendesk.com, "Ticketing", "Webhooks")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field

from inbox.message import MAX_TEXT, clean


def _number(value: object) -> object:
    """Events write numbers as texts, and nobody as "" or "0"."""
    text = str(value).strip() if isinstance(value, str | int) else ""
    return int(text) if text.isascii() and text.isdigit() and int(text[:30]) > 0 else None


def _or_empty(value: object) -> Any:
    return "" if value is None else value


def _or_none_of_it(value: object) -> Any:
    return () if value is None else value


Number = Annotated[int | None, BeforeValidator(_number)]
Name = Annotated[
    str, BeforeValidator(_or_empty), AfterValidator(lambda value: clean(value, most=200))
]
Words = Annotated[
    str, BeforeValidator(_or_empty), AfterValidator(lambda value: clean(value, most=MAX_TEXT))
]
Texts = Annotated[tuple[str, ...], BeforeValidator(_or_none_of_it)]


class User(BaseModel):
    id: int
    name: Name = ""
    email: Name = ""
    role: Name = ""


class Ticket(BaseModel):
    id: int
    external_id: str | None = None
    subject: Name = ""
    status: Name
    priority: str | None = None
    requester_id: Number = None
    assignee_id: Number = None
    tags: Texts = ()
    updated_at: AwareDatetime
    stamp: str = Field(alias="updated_at", default="")
    generated_timestamp: int = 0


class File(BaseModel):
    content_type: Name = ""
    content_url: Name = ""
    file_name: Name = ""


class Via(BaseModel):
    channel: Name = ""


class AuditEvent(BaseModel):
    """A comment, a field's new value, or something that is passed over."""

    id: Number = None
    type: Name = ""
    author_id: Number = None
    body: Words = ""
    public: bool | None = None
    attachments: Annotated[tuple[File, ...], BeforeValidator(_or_none_of_it)] = ()
    field_name: Name = ""
    via: Via | None = None


class Metadata(BaseModel):
    custom: Annotated[Mapping[str, Any], BeforeValidator(lambda value: value or {})] = {}


class Audit(BaseModel):
    id: int
    author_id: int
    created_at: AwareDatetime
    metadata: Metadata = Metadata()
    events: tuple[AuditEvent, ...] = ()


# --- what a webhook tells ----------------------------------------------------------------


class Detail(BaseModel):
    """A ticket as events show it: enumerations in capitals."""

    id: int
    actor_id: Number = None
    external_id: str | None = None
    status: Name
    priority: str | None = None
    assignee_id: Number = None
    tags: Texts = ()
    updated_at: AwareDatetime


class Writer(BaseModel):
    id: Number = None
    is_staff: bool = False
    name: Name = ""


class Written(BaseModel):
    id: int
    body: Words = ""
    is_public: bool = False
    author: Writer


class What(BaseModel):
    """What happened; which part is there depends on the type of the event."""

    comment: Written | None = None
    target_ticket_id: Number = None


class Told(BaseModel):
    type: str
    time: AwareDatetime
    detail: Detail
    event: What = What()
