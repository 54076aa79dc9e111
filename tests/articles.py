"""A small knowledge base for tests, and questions put to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from inbox.knowledge import Article, Hit
from responders.knowledge.index import KnowledgeIndex


def an_article(key: str, **fields: Any) -> Article:
    plain: dict[str, Any] = {
        "key": key,
        "title": key.capitalize(),
        "languages": ("en",),
        "questions": {"en": (f"What about {key}?",)},
        "body": f"All that there is to say about {key}.",
        "public": True,
        "updated": date(2026, 3, 1),
        "url": f"https://shop.example/help/{key}",
    }
    return Article(**plain | fields)


HOURS = an_article(
    "hours",
    title="Opening hours",
    questions={
        "en": ("When are you open?", "Is the shop open on Sundays?"),
        "ro": ("Care e programul?", "La ce oră deschideți?"),
        "ja": ("営業時間を教えてください",),
    },
    body="We are open from nine to six, and closed on Sundays.",
    answers={"ro": "Suntem deschiși între nouă și optsprezece."},
)
RETURNS = an_article(
    "returns",
    title="Returns",
    questions={
        "en": ("How do I return something?", "How long do I have to send it back?"),
        "ro": ("Cum fac un retur?",),
        "ja": ("返品したいのですが",),
    },
    body="Send it back within 30 days.\n\nThe label is in the parcel. It costs nothing.",
)
GIFTS = an_article(
    "gifts",
    title="Gift cards",
    questions={"en": ("Can one buy gift cards?",), "tr": ("Hediye kartı alabilir miyim?",)},
    body="Gift cards are sold in every shop.",
)
GOODWILL = an_article(
    "goodwill",
    title="Goodwill after a scratch",
    questions={"en": ("My table has a scratch",)},
    body="Offer ten percent. Never say so in public.",
    public=False,
)
ALL = (HOURS, RETURNS, GIFTS, GOODWILL)


def an_index(*articles: Article) -> KnowledgeIndex:
    return KnowledgeIndex(articles or ALL)


def keys(hits: list[Hit]) -> list[str]:
    return [hit.article.key for hit in hits]
