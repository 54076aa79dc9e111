"""Google Play's reviews to ours. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

from integrations.googleplay.wire import DeveloperComment, Moment, UserComment, Written
from integrations.reviews.review import Reply, Review


def to_review(written: Written, *, package: str, web_url: str) -> Review | None:
    """None where its author wrote nothing. Play tells only when it was last changed."""
    said = _last_of_user(written)
    if said is None:
        return None
    at = _at(said.last_modified)
    answer = _last_of_developer(written)
    return Review(
        id=written.review_id,
        name=written.author_name,
        text="\n".join(part.strip() for part in said.text.split("\t") if part.strip()),
        rating=said.star_rating if said.star_rating in range(1, 6) else None,
        created=at,
        changed=at,
        language=said.reviewer_language,
        url=f"{web_url}?id={quote(package)}&reviewId={quote(written.review_id)}",
        reply=Reply(text=answer.text, at=_at(answer.last_modified)) if answer else None,
    )


def _last_of_user(written: Written) -> UserComment | None:
    said = [one.user_comment for one in written.comments if one.user_comment]
    return max(said, key=lambda one: one.last_modified.seconds, default=None)


def _last_of_developer(written: Written) -> DeveloperComment | None:
    said = [one.developer_comment for one in written.comments if one.developer_comment]
    answer = max(said, key=lambda one: one.last_modified.seconds, default=None)
    return answer if answer and answer.text.strip() else None


def _at(moment: Moment) -> datetime:
    return datetime.fromtimestamp(moment.seconds, UTC)
