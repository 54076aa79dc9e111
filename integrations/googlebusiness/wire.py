"""The parts of a place's reviews that are read (mybusiness v4, "accounts.locations.reviews")."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class Reviewer(Part):
    display_name: str = ""
    is_anonymous: bool = False


class Answer(Part):
    comment: str = ""
    update_time: AwareDatetime


class Written(Part):
    """`comment` is missing where only stars were given."""

    review_id: str
    reviewer: Reviewer = Reviewer()
    star_rating: str = ""
    comment: str = ""
    create_time: AwareDatetime
    update_time: AwareDatetime
    review_reply: Answer | None = None


class Listing(Part):
    reviews: tuple[Written, ...] = ()
    next_page_token: str | None = None
