"""The App Store's reviews to ours. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from integrations.appstore.wire import Response, Written
from integrations.reviews.review import Reply, Review


def to_review(written: Written, included: Iterable[Response], *, url: str) -> Review:
    """Apple dates neither an edit nor names a language; the territory is a country's."""
    said = written.attributes
    parts = [part.strip() for part in (said.title, said.body) if part and part.strip()]
    return Review(
        id=written.id,
        name=said.reviewer_nickname or "",
        text="\n".join(parts),
        rating=said.rating if said.rating in range(1, 6) else None,
        created=said.created_date,
        changed=said.created_date,
        url=url,
        reply=_reply(written, included),
    )


def _reply(written: Written, included: Iterable[Response]) -> Reply | None:
    answer = written.relationships.response.data
    found = next((one for one in included if answer and one.id == answer.id), None)
    if found is None or not found.attributes.response_body.strip():
        return None
    at = found.attributes.last_modified_date or written.attributes.created_date
    return Reply(text=found.attributes.response_body, at=at)
