"""What is wrong or weak in the articles: dead links, age, doubles, what nobody would find. Pure."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from inbox.clearance import LABELS, others
from inbox.knowledge import Article
from inbox.plain import paragraphs, visible
from inbox.ports import Detector, Knowledge
from responders.knowledge.normal import normal

_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]*)>?[^)]*\)")
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)

MOST_NAMED = 3


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
    `own_contacts` are the brand's own numbers and addresses.
    """

    articles: Sequence[Article]
    knowledge: Knowledge
    detector: Detector
    own_contacts: Collection[str]
    languages: Collection[str]
    today: date
    stale_after: timedelta

    def remarks(self) -> list[Remark]:
        """Of all articles, in their order."""
        doubles = dict(self._doubles())
        found = []
        for article in self.articles:
            found += [*self._links(article), *doubles.get(article.key, ()), *self._held(article)]
            found += [*self._age(article), *self._unfound(article), *self._missing(article)]
        return found

    def _links(self, article: Article) -> Iterator[Remark]:
        known = {each.key: each for each in self.articles}
        for target in _targets(article.body):
            path, _, anchor = target.partition("#")
            key = _key(article.key, path) if path else article.key
            there = known.get(key)
            if there is None:
                what, remedy = f"links to “{target}”, which is no article", "Correct the link"
            elif anchor and anchor.casefold() not in anchors(there.body):
                what = f"links to “{target}”: there is no such heading"
                remedy = "Use the heading's words with - between them"
            else:
                continue
            yield Remark(article=article.key, what=what, remedy=remedy, fault=True)

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
        elif age < timedelta():
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


def _targets(body: str) -> Iterator[str]:
    """Links that stay within the knowledge base; those to the outside are not tried."""
    for target in _LINK.findall(_FENCED.sub("", visible(body))):
        if target and not _ELSEWHERE.match(target) and not target.startswith("/"):
            yield target


def _key(article: str, path: str) -> str:
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(article), path))
    return joined.removesuffix(".md")


def anchors(body: str) -> Mapping[str, int]:
    """Names of the headings as a link calls them: lower case, words joined by -."""
    found: dict[str, int] = {}
    for heading in _HEADING.findall(_FENCED.sub("", body)):
        text = unicodedata.normalize("NFC", heading).casefold()
        name = re.sub(r"[^\w\- ]", "", text).strip().replace(" ", "-")
        found[f"{name}-{found[name]}" if name in found else name] = 0
        found[name] += 1
    return found
