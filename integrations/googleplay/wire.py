"""The parts of Google Play's reviews that are read (androidpublisher.v3, "reviews")."""

from __future__ import annotations

from integrations.http import CamelPart, Entries


class Moment(CamelPart):
    """Seconds since 1970, which come as text."""

    seconds: int = 0


class UserComment(CamelPart):
    """`text` is the title, if there is one, a tab, and the words."""

    text: str = ""
    last_modified: Moment = Moment()
    star_rating: int | None = None
    reviewer_language: str | None = None
    app_version_name: str | None = None


class DeveloperComment(CamelPart):
    text: str = ""
    last_modified: Moment = Moment()


class Comment(CamelPart):
    user_comment: UserComment | None = None
    developer_comment: DeveloperComment | None = None


class Written(CamelPart):
    review_id: str
    author_name: str = ""
    comments: tuple[Comment, ...] = ()


class Pagination(CamelPart):
    next_page_token: str | None = None


class Listing(CamelPart):
    reviews: Entries[Written] = ()
    token_pagination: Pagination | None = None
