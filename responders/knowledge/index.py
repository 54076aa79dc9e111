"""The articles in memory: SQLite's full text search finds candidates, their words are compared.

The table holds a row for each question, title and body; its trigrams find a word in its other
forms, and what was recognised as a meaning, in whatever language, is one word of its own.
"""

from __future__ import annotations

import math
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from inbox.knowledge import Article, Certainty, Hit
from inbox.plain import visible
from responders.knowledge.normal import grams
from responders.knowledge.terms import SAME_MEANING, Term, terms

CANDIDATES = 24
"""Articles that are compared word by word."""

MOST_ROWS = 200
MOST_TERMS = 60
"""Words of a question that are looked at: a longer message asks no single thing."""

QUESTION, TITLE, BODY = 1.0, 0.95, 0.75
"""What it counts where a word was found."""

OTHERS = 5
"""Articles that a small knowledge base is thought to lack: with two, a word of one is rare."""

EVIDENCE = 0.5
"""Weight of what a question leaves unsaid: one word alone is less certain than three."""

WHOLE, VARIANT = 0.65, 0.35
"""The shares of the article as a whole, and of the one question that is most like it."""


Filed = Mapping[str, Sequence[Term]]
"""Words by what those that are like them share: see Term.files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    terms: tuple[Term, ...]
    filed: Filed

    def likeness(self, asked: Sequence[Term], weights: Sequence[float]) -> float:
        """How much a question and this one are the same, both ways; the weights are of `asked`."""
        there = 0.0
        back: dict[Term, float] = {}
        for term, weight in zip(asked, weights, strict=True):
            best = 0.0
            for word in {word for name in term.files for word in self.filed.get(name, ())}:
                alike = term.likeness(word)
                best = max(best, alike)
                back[word] = max(back.get(word, 0.0), alike)
            there += weight * best
        there /= sum(weights) or 1.0
        returned = sum(back.values()) / len(self.terms)
        return 2 * there * returned / (there + returned) if there + returned else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article with its words: of each question, and the best place of every word.

    `meanings` are the best places of what words mean, `filed` all words by what they share.
    """

    article: Article
    questions: tuple[Question, ...]
    places: Mapping[Term, float]
    meanings: Mapping[str, float]
    filed: Filed

    def likeness(self, term: Term) -> float:
        """How well a word of a question stands in the article, 0 to 1."""
        best = self.places.get(term, 0.0)
        if term.concept:
            best = max(best, SAME_MEANING * self.meanings.get(term.concept, 0.0))
        if best or term.exact:
            return best
        alike = (
            term.likeness(word) * self.places[word] for word in self.filed.get(term.word[:1], ())
        )
        return max(best, max(alike, default=0.0))


def entry(article: Article) -> Entry:
    own = article.languages[0]
    asked = [
        terms(question, language)
        for language, questions in article.questions.items()
        for question in questions
    ]
    answers = [terms(visible(text), language) for language, text in article.answers.items()]
    places: dict[Term, float] = {}
    for words, place in (
        *((each, BODY) for each in (terms(visible(article.body), own), *answers)),
        (terms(article.title, own), TITLE),
        *((each, QUESTION) for each in asked),
    ):
        places |= dict.fromkeys(words, place)
    return Entry(
        article=article,
        questions=tuple(Question(terms=each, filed=_filed(each)) for each in asked if each),
        places=places,
        meanings=_meanings(places),
        filed=_filed(places),
    )


def _meanings(places: Mapping[Term, float]) -> Mapping[str, float]:
    best: dict[str, float] = {}
    for term, place in places.items():
        if term.concept:
            best[term.concept] = max(place, best.get(term.concept, 0.0))
    return best


def _filed(words: Iterable[Term]) -> Filed:
    found: defaultdict[str, list[Term]] = defaultdict(list)
    for term in words:
        for name in term.files:
            found[name].append(term)
    return dict(found)


class KnowledgeIndex:
    """An inbox.ports.Knowledge over articles that do not change."""

    def __init__(self, articles: Iterable[Article], *, certainty: Certainty | None = None) -> None:
        self._entries = tuple(entry(article) for article in articles)
        self._by_key = {each.article.key: each.article for each in self._entries}
        self.certainty = certainty or Certainty()
        self._lock = threading.Lock()
        self._table = _table(self._entries)

    @property
    def articles(self) -> tuple[Article, ...]:
        return tuple(self._by_key.values())

    def article(self, key: str) -> Article | None:
        return self._by_key.get(key)

    def close(self) -> None:
        with self._lock:
            self._table.close()

    def search(
        self, text: str, *, language: str | None, limit: int = 5, internal: bool = False
    ) -> Sequence[Hit]:
        asked = terms(text, language)[:MOST_TERMS]
        found = [each for each in self._candidates(asked) if internal or each.article.public]
        hits = sorted(self._judged(asked, found), key=lambda hit: (-hit.score, hit.article.key))
        return [hit for hit in hits[:limit] if hit.score > 0]

    def _candidates(self, asked: Sequence[Term]) -> list[Entry]:
        wanted = dict.fromkeys(part for term in asked for part in _looked_up(term))
        if not wanted:
            return []
        match = " OR ".join(f'"{part}"' for part in wanted)
        query = "SELECT entry FROM entries WHERE entries MATCH ? ORDER BY bm25(entries) LIMIT ?"
        with self._lock, closing(self._table.execute(query, (match, MOST_ROWS))) as rows:
            found = dict.fromkeys(number for (number,) in rows)
        return [self._entries[number] for number in list(found)[:CANDIDATES]]

    def _judged(self, asked: Sequence[Term], found: Sequence[Entry]) -> list[Hit]:
        likes = [[each.likeness(term) for term in asked] for each in found]
        weights = [
            term.weight * self._rarity(sum(1 for like in likes if like[at] > 0))
            for at, term in enumerate(asked)
        ]
        return [_hit(asked, each, like, weights) for each, like in zip(found, likes, strict=True)]

    def _rarity(self, articles: int) -> float:
        """0 to 1: a word of few articles tells more than one of many; one of none the most."""
        all_articles = len(self._entries) + OTHERS
        return math.log(all_articles / (articles + 0.5)) / math.log(all_articles / 0.5)


def _hit(
    asked: Sequence[Term], each: Entry, likes: Sequence[float], weights: Sequence[float]
) -> Hit:
    total = sum(weights) + EVIDENCE
    whole = sum(w * like for w, like in zip(weights, likes, strict=True)) / total
    variant = max((one.likeness(asked, weights) for one in each.questions), default=0.0)
    matched = tuple(term.word for term, like in zip(asked, likes, strict=True) if like > 0)
    return Hit(article=each.article, score=WHOLE * whole + VARIANT * variant, matched=matched)


def _looked_up(term: Term) -> Iterable[str]:
    """What the table is asked for: a word by its trigrams, anything else as it stands."""
    return [term.key] if term.concept or term.exact else sorted(grams(term.word))


def _written(term: Term) -> Iterable[str]:
    """What the table holds of a word: what it means, and its form for those that are like it."""
    return (term.key, f"‹{term.word}›") if term.concept else (term.key,)


def _table(entries: Sequence[Entry]) -> sqlite3.Connection:
    table = sqlite3.connect(":memory:", check_same_thread=False)
    table.execute(
        "CREATE VIRTUAL TABLE entries USING fts5(words, entry UNINDEXED, tokenize=trigram)"
    )
    rows = [
        (" ".join(part for term in words for part in _written(term)), number)
        for number, each in enumerate(entries)
        for words in (*(question.terms for question in each.questions), tuple(each.places))
    ]
    table.executemany("INSERT INTO entries (words, entry) VALUES (?, ?)", rows)
    return table
