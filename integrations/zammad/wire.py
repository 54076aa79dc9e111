"""The parts of Zammad's JSON that are read (docs.zammad.org, "REST API"; "Webhook Payload")."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from inbox.message import clean

MOST_TEXT = 400_000
"""Of an article, whose HTML is longer than the text in it."""


def _named(value: object) -> object:
    """A related thing, which a webhook writes whole and an answer of the API by its name."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("login")
    return value if isinstance(value, str) else ""


def _text(value: object) -> object:
    return clean(value, most=MOST_TEXT) if isinstance(value, str) else ""


Named = Annotated[
    str, BeforeValidator(_named), AfterValidator(lambda value: clean(value, most=200))
]
Text = Annotated[str, BeforeValidator(_text)]


class User(BaseModel):
    id: int
    login: Named = ""
    firstname: Named = ""
    lastname: Named = ""


class Ticket(BaseModel):
    """With the attributes that this Zammad has of its own."""

    model_config = ConfigDict(extra="allow")

    id: int
    title: Named = ""
    state: Named
    priority: Named = ""
    owner: Named = ""
    updated_at: AwareDatetime
    updated_by_id: int = 0

    def own(self, field: str) -> str | None:
        value: Any = (self.model_extra or {}).get(field)
        return value if isinstance(value, str) and value else None


class File(BaseModel):
    id: int
    filename: Named = ""


class Article(BaseModel):
    id: int
    ticket_id: int
    body: Text = ""
    subject: Named = ""
    content_type: Named = ""
    sender: Named = ""
    author: Named = Field(default="", alias="from")
    created_by: Named = ""
    created_by_id: int
    created_at: AwareDatetime
    internal: bool = True
    attachments: tuple[File, ...] = ()


class Link(BaseModel):
    link_type: Named = ""
    link_object: Named = ""
    link_object_value: int


class Told(BaseModel):
    """What a webhook delivers: a ticket, and what was written last where something was."""

    ticket: Ticket
    article: Article | None = None
