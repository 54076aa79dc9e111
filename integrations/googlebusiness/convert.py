"""Reviews of places to ours. Pure."""

from __future__ import annotations

from integrations.googlebusiness.wire import STARS, Written
from integrations.reviews.review import Reply, Review

_TRANSLATED, _ORIGINAL = "(Translated by Google)", "(Original)"


def to_review(written: Written, location: str, *, url: str) -> Review:
    """Its id is that of the place and its own."""
    reply = written.review_reply
    anonymous = written.reviewer.is_anonymous
    return Review(
        id=f"{location}/{written.review_id}",
        name="" if anonymous else written.reviewer.display_name,
        text=original(written.comment),
        rating=STARS.get(written.star_rating),
        created=written.create_time,
        changed=written.update_time,
        url=url,
        reply=Reply(text=reply.comment, at=reply.update_time)
        if reply and reply.comment.strip()
        else None,
    )


def original(comment: str) -> str:
    """The author's own words: Google adds a translation, before or behind them."""
    if _TRANSLATED not in comment:
        return comment.strip()
    before, _, after = comment.partition(_TRANSLATED)
    _, marked, words = after.partition(_ORIGINAL)
    return (words if marked else before).strip() or comment.strip()
