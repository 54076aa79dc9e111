"""Tier 0: an article answers a first message by itself, says so, and offers a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from inbox.case import Case
from inbox.decision import Decision
from inbox.errors import Refusal
from inbox.knowledge import Article, Hit
from inbox.message import Message, Visibility
from inbox.plain import paragraphs, sentences
from inbox.ports import Knowledge, Plan
from responders.knowledge.judging import judge
from responders.public_reply import Automatic

TEMPLATE = "article_answer"
"""The reply that an article is sent with; its gaps say title, address and answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleAnswer:
    """Plans the answer where one article is certain enough; an empty plan leaves it to people."""

    automatic: Automatic
    knowledge: Knowledge

    def find(self, text: str, language: str | None) -> Hit | None:
        return judge(self.knowledge, text, language).sent

    def plan(
        self, case: Case, message: Message, decision: Decision, hit: Hit, *, at: datetime
    ) -> Plan:
        connection = self.automatic.answering.connection(case.account)
        private = message.visibility is Visibility.PRIVATE
        way = connection.private if private else connection.public
        if way is None or _to_others(message.text, connection.handle):
            return Plan()
        text = self._longest(hit.article, case, message)
        if text is None:
            return Plan()
        change, item = self.automatic.send(
            case,
            message,
            text,
            message.visibility,
            decision.rule,
            at=at,
            article=hit.article.edition,
        )
        if item is None:
            return Plan()  # personal data in it, or the network's own conditions: a person's
        return Plan(
            changes=(change,), items=(item,), article=hit.article.key, because=_because(hit)
        )

    def _longest(self, article: Article, case: Case, message: Message) -> str | None:
        """As much of it as the network takes."""
        for answer in _shorter_and_shorter(article, case.language or ""):
            text = self._said(article, answer, case)
            if text is None or self.automatic.fits(case, message, text):
                return text
        return None

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


def _to_others(text: str, us: str) -> bool:
    """Whether it begins with handles, and none of them is ours: people call their friends under
    our posts, and answer each other there.
    """
    ours = f"@{us.strip('@').partition('@')[0]}".casefold()
    called = [*takewhile(lambda word: word.startswith("@"), text.casefold().split())]
    return bool(called) and not any(word.startswith(ours) for word in called)


def _because(hit: Hit) -> str:
    words = ", ".join(f"“{word}”" for word in hit.matched)
    return f"article {hit.article.key} answers it ({words})"


def _shorter_and_shorter(article: Article, language: str) -> Iterator[str]:
    """All of it, its beginning, ever less of its first paragraph."""
    said = paragraphs(article.said_in(language))
    for number in range(len(said), 0, -1):
        yield "\n\n".join(said[:number])
    yield from _beginnings(said[0]) if said else ()


def _beginnings(paragraph: str) -> Iterator[str]:
    """Fewer and fewer sentences; of points and rows, which are lines, fewer lines."""
    lines = paragraph.splitlines()
    parts, between = (lines, "\n") if len(lines) > 1 else (sentences(paragraph), " ")
    for number in range(len(parts) - 1, 0, -1):
        yield between.join(parts[:number])
