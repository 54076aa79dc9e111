"""Topics, personal data, language and links of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import re2

from inbox.clearance import Span
from inbox.facts import Findings, Topic
from router.compiled import compiled_lexicon
from router.language import LanguageDetector
from router.lexicon import LEXICONS, known_languages
from router.model.classifier import Classifier, Verdict
from router.normal import Normal, normalise
from router.personal import REGIONS, PersonalData
from router.topics import Reading, TopicReader, private_spans, topics_of, words_at
from router.vocabulary import PRIVATE_TOPICS

_LINK = re.compile(r"https?://|(?<![\w.])www\.", re.IGNORECASE)
_Value = TypeVar("_Value")


class LexiconDetector:
    """Knows words by the lexicons, numbers by their shape and checksum, languages by a model.

    Where no word shows a private topic a model of the whole text is asked. It may add one, never
    take one away.

    `languages` are ISO 639-1 codes, all that have a lexicon where None; `order_patterns` regular
    expressions (RE2) of the team's own order numbers, `regions` ISO 3166 codes of countries whose
    phone numbers are known without their prefix, those of the languages where None; `topics` are
    those wanted, None for all; without `model` the words alone decide. Raises ValueError for a
    pattern that is none.
    """

    def __init__(
        self,
        *,
        languages: Iterable[str] | None = None,
        order_patterns: Iterable[str] = (),
        regions: Iterable[str] | None = None,
        topics: Iterable[str] | None = None,
        model: bool = True,
        folder: Path = LEXICONS,
    ) -> None:
        codes = known_languages(folder) if languages is None else tuple(languages)
        self._language = LanguageDetector(codes)
        wanted = None if topics is None else frozenset(topics)
        self._topics = _reader(folder, codes, wanted)
        self._private = PRIVATE_TOPICS if wanted is None else PRIVATE_TOPICS & wanted
        self._model = Classifier() if model else None
        spoken = (region for code in codes for region in REGIONS.get(code, ()))
        self._personal = PersonalData(
            languages=codes,
            regions=tuple(spoken if regions is None else regions),
            orders=tuple(map(_compiled, order_patterns)),
        )

    def warm(self) -> None:
        """Load what is otherwise loaded with the first message that needs it."""
        self._language.warm()
        if self._model is not None:
            self._model.warm()

    def detect(self, text: str, *, language: str | None = None) -> Findings:
        """Never raises. `language` is what the network says."""
        failed: list[str] = []
        normal = normalise(text)
        links = len(_LINK.findall(text))
        reading = _tried("topics", lambda: self._topics.read(normal, links=links), failed)
        spans = _tried("personal data", lambda: self._spans(normal, reading), failed)
        said = _tried("words", lambda: _said(reading, normal, spans), failed)
        known = _tried("language", lambda: self._language.detect(text, language), failed)
        verdict = _tried("model", lambda: self._judged(normal, reading, known), failed)
        if verdict is not None and verdict.raised:
            said = (*(said or ()), _raised(verdict, normal, spans))
        return Findings(
            language=known,
            topics=said or (),
            spans=spans or (),
            links=links,
            failed=tuple(failed),
            doubt=verdict is not None and verdict.doubt,
            leaning=_leaning(verdict),
        )

    def _judged(
        self, normal: Normal, reading: Reading | None, language: str | None
    ) -> Verdict | None:
        """None where there is nothing left to judge."""
        if self._model is None or (reading and not PRIVATE_TOPICS.isdisjoint(reading.topics)):
            return None
        other = reading is not None and bool(reading.topics)
        verdict = self._model.judge(normal.text, language, other=other)
        return verdict if verdict.topic in self._private else None

    def _spans(self, normal: Normal, reading: Reading | None) -> tuple[Span, ...]:
        near = reading.near if reading else {}
        hard = self._personal.spans(normal, near)
        health = private_spans(reading, normal) if reading else ()
        return tuple(sorted({*hard, *health}, key=lambda span: (span.start, span.end)))


@cache
def _reader(folder: Path, languages: tuple[str, ...], topics: frozenset[str] | None) -> TopicReader:
    """Many thousand words make it; a process that reads them once has them for all detectors."""
    return TopicReader(compiled_lexicon(languages, folder=folder), topics)


def _said(
    reading: Reading | None, normal: Normal, spans: tuple[Span, ...] | None
) -> tuple[Topic, ...]:
    """Without spans nobody knows which words are personal, so none are told."""
    if reading is None:
        return ()
    if spans is None:
        return tuple(Topic(name=name, words=()) for name in sorted(reading.topics))
    return topics_of(reading, normal, spans)


def _raised(verdict: Verdict, normal: Normal, spans: tuple[Span, ...] | None) -> Topic:
    words = () if spans is None else tuple(words_at(verdict.places, normal, spans))
    return Topic(name=verdict.topic, words=words, source="model")


def _leaning(verdict: Verdict | None) -> float | None:
    undecided = verdict is not None and verdict.doubt and not verdict.raised
    return round(verdict.private, 3) if verdict and undecided else None


def _tried(name: str, look: Callable[[], _Value], failed: list[str]) -> _Value | None:
    try:
        return look()
    except Exception:  # one detector that breaks must not lose the message: a person gets it
        failed.append(name)
        return None


def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    try:
        return re2.compile(pattern, options)  # type: ignore[no-untyped-call] # it has no types
    except re2.error as error:
        raise ValueError(f"order pattern '{pattern}' is no regular expression: {error}") from None
