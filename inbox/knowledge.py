"""What the team has written down: articles, what a search finds, and when it is certain. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from msgspec import Struct, field


class Edition(Struct, frozen=True, kw_only=True):
    """An article as it was when an answer was made of it; `mark` tells it from any other state."""

    article: str
    mark: str


class Article(Struct, frozen=True, kw_only=True):
    """One article. `key` is its path within the knowledge folder, without the ending.

    `languages` are those the body can be sent in, the first is its own; `questions` are what
    customers ask, by language; `answers` short answers to send, by language. `public` articles
    may be sent to customers, others only agents see. `url` is where customers can read it.
    """

    key: str
    title: str
    languages: tuple[str, ...]
    questions: Mapping[str, tuple[str, ...]]
    body: str
    public: bool
    updated: date
    answers: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None
    url: str | None = None

    def speaks(self, language: str) -> bool:
        """Whether there is a text in this language to send."""
        return language in self.answers or language in self.languages

    def said_in(self, language: str | None) -> str:
        """The short answer of this language, else its own text; in Markdown."""
        return self.answers.get(language or "") or self.body

    @property
    def edition(self) -> Edition:
        """Of what customers are told: another owner, day or question changes nothing of that."""
        told = (self.title, self.body, self.answers, self.url, self.public)
        mark = hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()[:32]
        return Edition(article=self.key, mark=mark)


class Hit(Struct, frozen=True, kw_only=True):
    """An article that a search found; `score` is 0 to 1, `matched` the words that found it."""

    article: Article
    score: float
    matched: tuple[str, ...] = ()


class Certainty(Struct, frozen=True, kw_only=True):
    """When the best article is good enough: to be shown to agents, and to be sent by itself.

    `threshold` and `margin` (over the second article) are for sending; they are calibrated on
    the team's own questions. `suggest` is the least score of what agents are shown. `spoken` are
    the languages in which customers can be told that an answer is automatic; None: all.
    """

    threshold: float = 0.38
    margin: float = 0.16
    suggest: float = 0.25
    spoken: frozenset[str] | None = None

    def sure(self, hits: Sequence[Hit]) -> Hit | None:
        """The best of `hits` (best first), where nothing else comes near it."""
        if not hits or hits[0].score < self.threshold:
            return None
        second = hits[1].score if len(hits) > 1 else 0.0
        return hits[0] if hits[0].score - second >= self.margin else None

    def worth_showing(self, hits: Sequence[Hit]) -> Sequence[Hit]:
        return [hit for hit in hits if hit.score >= self.suggest]
