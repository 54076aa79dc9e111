"""Tier 0: an article answers a first message by itself, says so, and offers a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from inbox.case import Case
from inbox.decision import Decision
from inbox.errors import Refusal
from inbox.knowledge import Article, Hit
from inbox.message import Message, Visibility
from inbox.plain import paragraphs, sentences
from inbox.ports import Knowledge, Plan
from responders.public_reply import Automatic

TEMPLATE = "article_answer"
"""The reply that an article is sent with; its gaps say title, address and answer."""

LONGEST_QUESTION = 400
"""Characters: a longer message tells a story, which a person should read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleAnswer:
    """Plans the answer where one article is certain enough; an empty plan leaves it to people.

    Internal articles compete and are never sent: where one of them is the best, a person answers.
    """

    automatic: Automatic
    knowledge: Knowledge

    def find(self, text: str, language: str | None) -> Hit | None:
        if language is None or len(text) > LONGEST_QUESTION:
            return None
        hits = self.knowledge.search(text, language=language, limit=2, internal=True)
        hit = self.knowledge.certainty.sure(hits)
        if hit is None or not hit.article.public or not hit.article.url:
            return None
        return hit if hit.article.speaks(language) else None

    def plan(
        self, case: Case, message: Message, decision: Decision, hit: Hit, *, at: datetime
    ) -> Plan:
        connection = self.automatic.answering.connection(case.account)
        private = message.visibility is Visibility.PRIVATE
        way = connection.private if private else connection.public
        if way is None:
            return Plan()
        article = hit.article
        for answer in _shorter_and_shorter(article, case.language or ""):
            text = self._said(article, answer, case)
            if text is None:
                return Plan()
            change, item = self.automatic.send(
                case, message, text, message.visibility, decision.rule, at=at
            )
            if item is not None:
                return Plan(
                    changes=(change,), items=(item,), article=article.key, because=_because(hit)
                )
        return Plan()

    def _said(self, article: Article, answer: str, case: Case) -> str | None:
        more = {
            "article_title": article.title,
            "article_url": article.url or "",
            "answer": answer,
        }
        try:
            return self.automatic.templates.render(
                TEMPLATE, language=case.language, case=case, author=case.author, more=more
            )
        except Refusal:
            return None  # such a reply is not there, or has a gap that nothing fills


def _because(hit: Hit) -> str:
    words = ", ".join(f"“{word}”" for word in hit.matched)
    return f"article {hit.article.key} answers it ({words})"


def _shorter_and_shorter(article: Article, language: str) -> Iterator[str]:
    """All of it, its beginning, ever fewer sentences: the first that the network takes is sent."""
    text = article.answers.get(language) or article.body
    said = paragraphs(text)
    for number in range(len(said), 0, -1):
        yield "\n\n".join(said[:number])
    first = sentences(said[0]) if said else []
    for number in range(len(first) - 1, 0, -1):
        yield " ".join(first[:number])
