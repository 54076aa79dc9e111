"""The parts of Trustpilot's reviews that are read (developers.trustpilot.com)."""

from __future__ import annotations

from pydantic import AwareDatetime

from integrations.http import CamelPart, Entries


class Consumer(CamelPart):
    id: str | None = None
    display_name: str = ""


class Answer(CamelPart):
    text: str = ""
    created_at: AwareDatetime
    updated_at: AwareDatetime | None = None


class Written(CamelPart):
    id: str
    consumer: Consumer = Consumer()
    stars: int | None = None
    title: str | None = None
    text: str | None = None
    language: str | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime | None = None
    company_reply: Answer | None = None


class Listing(CamelPart):
    reviews: Entries[Written] = ()
