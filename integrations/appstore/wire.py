"""The parts of App Store Connect's reviews that are read ("Customer Reviews", JSON:API)."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from integrations.http import CamelPart, Entries


class Name(CamelPart):
    id: str


class Related(CamelPart):
    data: Name | None = None


class Relationships(CamelPart):
    response: Related = Related()


class Said(CamelPart):
    rating: int | None = None
    title: str | None = None
    body: str | None = None
    reviewer_nickname: str | None = None
    created_date: AwareDatetime
    territory: str | None = None


class Written(CamelPart):
    id: str
    attributes: Said
    relationships: Relationships = Relationships()


class Answer(CamelPart):
    response_body: str = ""
    last_modified_date: AwareDatetime | None = None


class Response(CamelPart):
    id: str
    attributes: Answer = Answer()


class Links(CamelPart):
    next: str | None = None


class Listing(CamelPart):
    data: Entries[Written] = ()
    included: Entries[Response] = ()
    links: Links = Links()


class One(CamelPart):
    data: Written
    included: tuple[Response, ...] = Field(default=())
