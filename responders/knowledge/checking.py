"""What is wrong or weak in the articles: dead links, age, doubles, what nobody would find. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from inbox.clearance import LABELS, others
from inbox.knowledge import Article
from inbox.plain import paragraphs
from inbox.ports import Detector, Knowledge
from responders.knowledge.links import Link, links, places
from responders.knowledge.normal import normal

MOST_NAMED = 3
SOMEWHERE_ELSE = timedelta(days=1)
"""So far ahead of the day here it may be where an article was confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is to be done about one article. `fault`: it is wrong, not only weak."""

    article: str
    what: str
    remedy: str
    fault: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`languages` are those that customers are answered in; `stale_after` is counted to `today`;
    `own_contacts` are the brand's own numbers and addresses. `faulty` are the keys of articles
    that could not be read: they are told elsewhere.
    """

    articles: Sequence[Article]
    knowledge: Knowledge
    detector: Detector
    own_contacts: Collection[str]
    languages: Collection[str]
    today: date
    stale_after: timedelta
    faulty: Collection[str] = ()

    def remarks(self) -> list[Remark]:
        """Of all articles, in their order."""
        doubles = dict(self._doubles())
        found = []
        for article in self.articles:
            found += [*self._links(article), *doubles.get(article.key, ()), *self._held(article)]
            found += [*self._age(article), *self._unfound(article), *self._missing(article)]
        return found

    def _links(self, article: Article) -> Iterator[Remark]:
        for link in links((article.body, *article.answers.values())):
            if dead := self._dead(article, link):
                what, remedy = dead
                told = f"links to “{link.target}”{what}"
                yield Remark(article=article.key, what=told, remedy=remedy, fault=True)

    def _dead(self, article: Article, link: Link) -> tuple[str, str] | None:
        """What is wrong with a link, and what to do; None where it is right."""
        key = link.key(article.key)
        there = self.knowledge.article(key)
        if there is None:
            unknown = link.to_file or key in self.faulty
            return None if unknown else (", which is no article", "Correct the link")
        if article.public and not there.public:
            remedy = "Link a public article, or make that one public"
            return ", which is internal: customers cannot read it", remedy
        if link.anchor and link.anchor not in places(there.body):
            return ": there is no such heading", "Use the heading's words with - between them"
        return None

    def _held(self, article: Article) -> Iterator[Remark]:
        """What looks personal keeps an article from being sent in public."""
        held = dict(self._personal(article)) if article.public else {}
        for quoted, label in [*held.items()][:MOST_NAMED]:
            yield Remark(
                article=article.key,
                what=f"holds “{quoted}” ({label}), so it is not sent in public",
                remedy="Name it in own_contacts if it is the brand's own, else take it out",
            )

    def _personal(self, article: Article) -> Iterator[tuple[str, str]]:
        """In all its texts."""
        for language in dict.fromkeys((*article.languages, *article.answers)):
            text = "\n\n".join(paragraphs(article.said_in(language)))
            spans = self.detector.detect(text, language=language).spans
            for span in others(text, spans, self.own_contacts):
                yield text[span.start : span.end], LABELS[span.cls]

    def _age(self, article: Article) -> Iterator[Remark]:
        age = self.today - article.updated
        if age > self.stale_after:
            yield Remark(
                article=article.key,
                what=f"was last confirmed {age.days} days ago",
                remedy=f"Read it, correct it, and set `updated`{_by(article)}",
            )
        elif age < -SOMEWHERE_ELSE:
            yield Remark(
                article=article.key,
                what=f"is confirmed on a day to come ({article.updated})",
                remedy="Write the day on which somebody read it",
                fault=True,
            )

    def _unfound(self, article: Article) -> Iterator[Remark]:
        asked = [(lang, one) for lang, several in article.questions.items() for one in several]
        lost = [(one, first) for lang, one in asked if (first := self._instead(article, lang, one))]
        for question, first in lost[:MOST_NAMED]:
            yield Remark(
                article=article.key,
                what=f"is not found first by its own question “{question}” ({first} is)",
                remedy="Say in the question what only this article answers, or join the two",
            )

    def _instead(self, article: Article, language: str, question: str) -> str | None:
        """What is found first in place of the article; None where it is itself."""
        hits = self.knowledge.search(question, language=language, limit=1, internal=True)
        first = hits[0].article.key if hits else "nothing"
        return None if first == article.key else first

    def _missing(self, article: Article) -> Iterator[Remark]:
        if missing := sorted(set(self.languages) - article.questions.keys()):
            yield Remark(
                article=article.key,
                what=f"has no questions in {', '.join(missing)}",
                remedy="Add how customers ask in these languages",
            )

    def _doubles(self) -> Iterator[tuple[str, list[Remark]]]:
        """The same title, question or text in two articles; told of the later one."""
        seen: dict[str, str] = {}
        told: defaultdict[str, list[Remark]] = defaultdict(list)
        for article in self.articles:
            for what, text in _sayings(article):
                first = seen.setdefault(f"{what} {normal(text)}", article.key)
                if first != article.key:
                    told[article.key].append(_double(article.key, what, text, first))
        yield from told.items()


def _double(key: str, what: str, text: str, first: str) -> Remark:
    said = f" “{text}”" if what != "text" else ""
    return Remark(
        article=key,
        what=f"has the same {what}{said} as {first}",
        remedy="Join the two, or say what differs",
        fault=True,
    )


def _sayings(article: Article) -> Iterator[tuple[str, str]]:
    yield "title", article.title
    yield "text", article.body
    for questions in article.questions.values():
        yield from (("question", question) for question in dict.fromkeys(questions))


def _by(article: Article) -> str:
    return f" ({article.owner} owns it)" if article.owner else ""
