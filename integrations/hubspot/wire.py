"""The parts of HubSpot's JSON that are read (developers.hubspot.com, CRM objects v3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field

from inbox.message import clean

STAGE = "hs_pipeline_stage"
PIPELINE = "hs_pipeline"
PRIORITY = "hs_ticket_priority"
OWNER = "hubspot_owner_id"
BODY = "hs_note_body"


def _or_empty(value: object) -> Any:
    return "" if value is None else value


Id = Annotated[str, Field(coerce_numbers_to_str=True, pattern=r"^\d{1,20}$")]
Name = Annotated[
    str, BeforeValidator(_or_empty), AfterValidator(lambda value: clean(value, most=200))
]


class Record(BaseModel):
    """A ticket or a note: every property is a text."""

    id: Id
    properties: Mapping[str, str | None] = {}
    created: AwareDatetime = Field(alias="createdAt")
    updated: AwareDatetime = Field(alias="updatedAt")

    def value(self, name: str) -> str:
        """Empty where nobody has set it."""
        return self.properties.get(name) or ""


class Owner(BaseModel):
    """A user, as whom tickets are given to and notes are written by."""

    id: Id
    email: Name = ""
    first: Name = Field(default="", alias="firstName")
    last: Name = Field(default="", alias="lastName")

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip() or self.email


class Stage(BaseModel):
    id: Name
    label: Name = ""


class Pipeline(BaseModel):
    label: Name = ""
    stages: tuple[Stage, ...] = ()


class Property(BaseModel):
    unique: bool = Field(default=False, alias="hasUniqueValue")


class Linked(BaseModel):
    id: Id = Field(alias="toObjectId")


class Source(BaseModel):
    id: Id


class Links(BaseModel):
    """What one record is associated with (associations v4)."""

    source: Source = Field(alias="from")
    to: tuple[Linked, ...] = ()


class Told(BaseModel):
    """One of the events of a webhook's delivery; `kind` as in ticket.deletion, object.merge."""

    kind: Name = Field(default="", alias="subscriptionType")
    object_type: Name = Field(default="", alias="objectTypeId")
    object: Id | None = Field(default=None, alias="objectId")
    primary: Id | None = Field(default=None, alias="primaryObjectId")
    merged: tuple[Id, ...] = Field(default=(), alias="mergedObjectIds")
    new: Id | None = Field(default=None, alias="newObjectId")
    at: int | None = Field(default=None, alias="occurredAt", ge=0, le=10**14)
