"""The parts of Freshdesk's JSON that are read (developers.freshdesk.com, API v2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator

from inbox.message import MAX_TEXT, clean


def _or_empty(value: object) -> Any:
    return "" if value is None else value


def _or_none_of_it(value: object) -> Any:
    return {} if value is None else value


Name = Annotated[
    str, BeforeValidator(_or_empty), AfterValidator(lambda value: clean(value, most=200))
]
Text = Annotated[
    str, BeforeValidator(_or_empty), AfterValidator(lambda value: clean(value, most=MAX_TEXT))
]


class Contact(BaseModel):
    name: Name = ""
    email: Name = ""


class Agent(BaseModel):
    id: int
    contact: Contact = Contact()


class Ticket(BaseModel):
    id: int
    status: int
    priority: int = 1
    responder_id: int | None = None
    tags: tuple[str, ...] = ()
    deleted: bool = False
    custom_fields: Annotated[Mapping[str, Any], BeforeValidator(_or_none_of_it)] = {}
    updated_at: AwareDatetime

    def key(self, name: str) -> str | None:
        value = self.custom_fields.get(name)
        return value if isinstance(value, str) and value else None


class File(BaseModel):
    name: Name = ""
    content_type: Name = ""
    attachment_url: Name = ""


class Conversation(BaseModel):
    """A reply or a note; `incoming`: from the customer."""

    id: int
    body_text: Text = ""
    user_id: int | None = None
    private: bool = True
    incoming: bool = False
    created_at: AwareDatetime
    attachments: tuple[File, ...] = ()
