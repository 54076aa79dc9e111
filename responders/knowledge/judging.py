"""Whether an article is sent by itself, as far as question and articles decide it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.knowledge import Article, Hit
from inbox.ports import Knowledge
from responders.knowledge.terms import terms
from responders.knowledge.vocabulary import TELLS

LONGEST_QUESTION = 400
"""Characters: a longer message tells a story, which a person should read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The one article that is certain enough, None where none is; `why_not` it is not sent is
    empty where it may be.
    """

    hit: Hit | None
    why_not: str = ""

    @property
    def sent(self) -> Hit | None:
        return None if self.why_not else self.hit


def judge(knowledge: Knowledge, text: str, language: str | None) -> Judgement:
    """Internal articles compete and are never sent: where one is the best, a person answers."""
    if why_not := not_asked(knowledge, text, language):
        return Judgement(hit=None, why_not=why_not)
    hits = knowledge.search(text, language=language, limit=2, internal=True)
    hit = knowledge.certainty.sure(hits)
    if hit is None:
        return Judgement(hit=None, why_not="no article stands out")
    return Judgement(hit=hit, why_not=not_sent(hit, text, language))


def not_asked(knowledge: Knowledge, text: str, language: str | None) -> str:
    """Why no article is looked for; empty where one is."""
    if language is None:
        return "the language is unknown"
    spoken = knowledge.certainty.spoken
    if spoken is not None and language not in spoken:
        return f"the reply that an article is sent with has no text in {language}"
    long = len(text) > LONGEST_QUESTION
    return f"the message is longer than {LONGEST_QUESTION} characters" if long else ""


def not_sent(hit: Hit, text: str, language: str | None) -> str:
    """Why what was found for a question is not sent by itself; empty where it may be."""
    if told := _told(text, language).difference(hit.matched):
        said = ", ".join(f"“{word}”" for word in sorted(told))
        return f"it tells something ({said}) of which the article says nothing"
    return _never_sent(hit.article, language)


def _told(text: str, language: str | None) -> frozenset[str]:
    """Words of who tells of a trouble, or praises: how it works is no answer to them."""
    return frozenset(term.word for term in terms(text, language) if term.concept == TELLS)


def _never_sent(article: Article, language: str | None) -> str:
    if not article.public:
        return "it is internal: only agents see it"
    if not article.url:
        return "it has no address where customers can read it (knowledge.address, or its own url)"
    return "" if language and article.speaks(language) else f"it has no text in {language}"
