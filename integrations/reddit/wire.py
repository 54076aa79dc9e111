"""The parts of Reddit's things that are read (reddit.com/dev/api; JSON with raw_json=1)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

from inbox.message import clean

DELETED = "[deleted]"


def _edited(value: object) -> object:
    """False, or seconds since 1970; of very old things true."""
    return None if isinstance(value, bool) else value


def _line(value: object) -> object:
    return clean(value, most=500) if isinstance(value, str) else value


Name = Annotated[str, StringConstraints(pattern=r"^t[1-6]_[a-z0-9]{1,20}$")]
Line = Annotated[str, BeforeValidator(_line)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Thing(Part):
    """A comment (t1), post (t3) or private message (t4), each with what it has."""

    name: Name
    author: Line | None = None
    created_utc: datetime
    body: str = ""
    edited: Annotated[datetime | None, BeforeValidator(_edited)] = None
    parent_id: Name | None = None
    link_id: Name | None = None
    permalink: Line | None = None
    context: Line = ""
    subject: Line = ""
    title: str = ""
    selftext: str = ""
    is_self: bool = True
    url: Line = ""
    post_hint: Line | None = None
    dest: Line = ""

    @property
    def gone(self) -> bool:
        """Its author deleted it, or the account that wrote it."""
        return self.author in (None, "", DELETED)


class Envelope(Part):
    kind: str
    data: dict[str, Any]


class Children(Part):
    children: tuple[Envelope, ...] = ()
    after: str | None = None


class Listing(Part):
    data: Children


class Camel(Part):
    """Modmail's own form."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class Writer(Camel):
    name: Line = ""
    is_mod: bool = False
    is_admin: bool = False


class Mail(Camel):
    """One message of modmail. `is_internal`: a note between moderators."""

    id: str
    author: Writer = Writer()
    body_markdown: str = ""
    date: AwareDatetime
    is_internal: bool = False


class Named(Camel):
    id: str
    key: str = ""


class Talk(Camel):
    """One conversation of modmail; `participant` is the person whom it is with."""

    id: str
    subject: Line = ""
    participant: Writer = Writer()
    num_messages: int = 0
    obj_ids: tuple[Named, ...] = ()


class Talks(Camel):
    conversations: dict[str, Talk] = {}
    messages: dict[str, Mail] = {}
    conversation_ids: tuple[str, ...] = ()


class OneTalk(Camel):
    conversation: Talk
    messages: dict[str, Mail] = {}
