"""The parts of Mastodon's entities that are read (documentation: "Entities")."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator

from inbox.message import clean


def _identifier(value: str) -> str:
    if not value or clean(value, most=200) != value:
        raise ValueError("not an id")
    return value


def _web(value: object) -> object:
    """A link that may be shown; anything but http and https is nothing."""
    text = clean(value, most=2048) if isinstance(value, str) else ""
    return text if text.startswith(("https://", "http://")) else None


def _or_none_of_it(value: object) -> Any:
    """Mastodon.py gives None for what a server left out."""
    return () if value is None else value


def _or_empty(value: object) -> Any:
    return "" if value is None else value


Id = Annotated[str, AfterValidator(_identifier)]
Text = Annotated[
    str, BeforeValidator(_or_empty), AfterValidator(lambda value: clean(value, most=500))
]
_Entity = TypeVar("_Entity")
Many = Annotated[tuple[_Entity, ...], BeforeValidator(_or_none_of_it)]
Link = Annotated[str | None, BeforeValidator(_web)]


class Line(BaseModel):
    """One line of a profile; verified when the link on it leads back to the profile."""

    verified_at: datetime | None = None


class Person(BaseModel):
    id: Id
    acct: Text
    display_name: Text = ""
    url: Link = None
    followers_count: int | None = None
    bot: bool | None = None
    fields: Many[Line] = ()


class Mention(BaseModel):
    id: Id
    acct: Text
    url: str | None = None


class Media(BaseModel):
    type: Text
    url: Link = None
    remote_url: Link = None
    description: str | None = None


class Status(BaseModel):
    id: Id
    account: Person
    content: str
    visibility: str
    created_at: AwareDatetime
    edited_at: AwareDatetime | None = None
    in_reply_to_id: Id | None = None
    in_reply_to_account_id: Id | None = None
    uri: Link = None
    url: Link = None
    language: str | None = None
    spoiler_text: Text = ""
    mentions: Many[Mention] = ()
    media_attachments: Many[Media] = ()


class Notification(BaseModel):
    id: Id
    type: str
    created_at: AwareDatetime
    status: Status | None = None


class Context(BaseModel):
    """Of a thread; each status is read for itself, so that one bad one spoils no other."""

    ancestors: Many[Any] = ()
