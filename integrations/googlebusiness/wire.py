"""The parts of a place's reviews that are read (mybusiness v4, "accounts.locations.reviews")."""

from __future__ import annotations

from pydantic import AwareDatetime

from integrations.http import CamelPart, Entries

STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}


class Reviewer(CamelPart):
    display_name: str = ""
    is_anonymous: bool = False


class Answer(CamelPart):
    comment: str = ""
    update_time: AwareDatetime


class Written(CamelPart):
    """`comment` is missing where only stars were given."""

    review_id: str
    reviewer: Reviewer = Reviewer()
    star_rating: str = ""
    comment: str = ""
    create_time: AwareDatetime
    update_time: AwareDatetime
    review_reply: Answer | None = None


class Listing(CamelPart):
    reviews: Entries[Written] = ()
    next_page_token: str | None = None
