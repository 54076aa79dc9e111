"""Trustpilot's reviews to ours. Pure."""

from __future__ import annotations

from urllib.parse import quote

from integrations.reviews.review import Reply, Review
from integrations.trustpilot.wire import Answer, Written


def to_review(written: Written, web_url: str) -> Review:
    parts = [part.strip() for part in (written.title, written.text) if part and part.strip()]
    return Review(
        id=written.id,
        author=written.consumer.id,
        name=written.consumer.display_name,
        text="\n".join(parts),
        rating=written.stars if written.stars in range(1, 6) else None,
        created=written.created_at,
        changed=written.updated_at or written.created_at,
        language=written.language,
        url=f"{web_url.rstrip('/')}/reviews/{quote(written.id, safe='')}",
        reply=to_reply(written.company_reply),
    )


def to_reply(answer: Answer | None) -> Reply | None:
    if answer is None or not answer.text.strip():
        return None
    return Reply(text=answer.text, at=answer.updated_at or answer.created_at)
