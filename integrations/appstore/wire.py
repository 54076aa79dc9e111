"""The parts of App Store Connect's reviews that are read ("Customer Reviews", JSON:API)."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class Name(Part):
    id: str


class Related(Part):
    data: Name | None = None


class Relationships(Part):
    response: Related = Related()


class Said(Part):
    rating: int | None = None
    title: str | None = None
    body: str | None = None
    reviewer_nickname: str | None = None
    created_date: AwareDatetime
    territory: str | None = None


class Written(Part):
    id: str
    attributes: Said
    relationships: Relationships = Relationships()


class Answer(Part):
    response_body: str = ""
    last_modified_date: AwareDatetime | None = None


class Response(Part):
    id: str
    attributes: Answer = Answer()


class Links(Part):
    next: str | None = None


class Listing(Part):
    data: tuple[Written, ...] = ()
    included: tuple[Response, ...] = ()
    links: Links = Links()


class One(Part):
    data: Written
    included: tuple[Response, ...] = Field(default=())
