"""The parts of Google Play's reviews that are read (androidpublisher.v3, "reviews")."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class Moment(Part):
    """Seconds since 1970, which come as text."""

    seconds: int = 0


class UserComment(Part):
    """`text` is the title, if there is one, a tab, and the words."""

    text: str = ""
    last_modified: Moment = Moment()
    star_rating: int | None = None
    reviewer_language: str | None = None
    app_version_name: str | None = None


class DeveloperComment(Part):
    text: str = ""
    last_modified: Moment = Moment()


class Comment(Part):
    user_comment: UserComment | None = None
    developer_comment: DeveloperComment | None = None


class Written(Part):
    review_id: str
    author_name: str = ""
    comments: tuple[Comment, ...] = ()


class Pagination(Part):
    next_page_token: str | None = None


class Listing(Part):
    reviews: tuple[Written, ...] = ()
    token_pagination: Pagination | None = None
