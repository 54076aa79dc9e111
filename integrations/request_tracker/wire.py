"""What REST2 sends, as far as it is read. Numbers come as strings or as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field


def _name(value: Any) -> Any:
    """A linked record by its name: alone, or as {"id": …, "type": …, "_url": …}."""
    return value.get("id") if isinstance(value, dict) else value


Number = Annotated[int, Field(ge=0)]
Linked = Annotated[str, BeforeValidator(_name), Field(coerce_numbers_to_str=True)]
LinkedNumber = Annotated[int, BeforeValidator(_name)]


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class CustomField(Wire):
    name: str = ""
    values: tuple[str, ...] = ()


class Ticket(Wire):
    """`effective` is the ticket that it was merged into, or itself."""

    id: Number
    effective: LinkedNumber = Field(alias="EffectiveId")
    status: str = Field(alias="Status")
    priority: int = Field(default=0, alias="Priority")
    owner: Linked = Field(default="Nobody", alias="Owner")
    fields: tuple[CustomField, ...] = Field(default=(), alias="CustomFields")

    def values(self, field: str) -> frozenset[str]:
        return frozenset(self._values(field))

    def _values(self, field: str) -> Iterator[str]:
        for each in self.fields:
            if each.name.casefold() == field.casefold():
                yield from each.values


class Creator(Wire):
    id: str = ""
    name: str = Field(default="", alias="RealName")


class Transaction(Wire):
    """Something that was done to a ticket."""

    id: Number
    ticket: Number = Field(alias="ObjectId")
    type: str = Field(alias="Type")
    field: str = Field(default="", alias="Field")
    new: str = Field(default="", alias="NewValue")
    created: AwareDatetime = Field(alias="Created")
    creator: Creator = Field(alias="Creator")


class Part(Wire):
    """An attachment: a text, one of its forms, or a file. `content` only where it was asked for."""

    id: Number
    transaction: Number = Field(alias="TransactionId")
    type: str = Field(default="", alias="ContentType")
    file: str = Field(default="", alias="Filename")
    content: str = Field(default="", alias="Content")


class FieldName(Wire):
    name: str = ""


class Link(Wire):
    ref: str = ""


class Queue(Wire):
    """`links` are what our user may do there."""

    fields: tuple[FieldName, ...] = Field(default=(), alias="TicketCustomFields")
    links: tuple[Link, ...] = Field(default=(), alias="_hyperlinks")

    def has(self, field: str) -> bool:
        return any(each.name.casefold() == field.casefold() for each in self.fields)

    @property
    def takes_tickets(self) -> bool:
        return any(each.ref == "create" for each in self.links)
