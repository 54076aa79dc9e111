"""Topics, personal data, language and links of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import re2

from inbox.clearance import Span
from inbox.facts import Findings, Topic
from router.compiled import compiled_lexicon
from router.language import LanguageDetector
from router.lexicon import LEXICONS, known_languages
from router.model.verdict import Question, Verdict
from router.normal import Normal, normalise
from router.personal import REGIONS, PersonalData
from router.topics import Reading, TopicReader, private_spans, topics_of, words_at
from router.vocabulary import HARD_TOPICS, PRIVATE_TOPICS

if TYPE_CHECKING:
    from router.model.classifier import Classifier

_LINK = re.compile(r"https?://|(?<![\w.])www\.", re.IGNORECASE)
_BATCH = 256
"""Texts that are looked at together: what they need fits into the processor's memory."""

_Value = TypeVar("_Value")


class LexiconDetector:
    """Knows words by the lexicons, numbers by their shape and checksum, languages by a model.

    A model reads the whole text. Where no word shows a private topic it may add one; where words
    show one, but none of HARD_TOPICS, and it thinks little of that, they are hints.

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
        self._model = _classifier() if model else None
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
        return self.detect_all([(text, language)])[0]

    def detect_all(self, texts: Sequence[tuple[str, str | None]]) -> list[Findings]:
        """Of each text with what the network says of its language. Never raises.

        Each look is taken at some texts before the next one: its tables stay at hand, and the
        arithmetic of models costs little more for many than for one.
        """
        return [found for some in _batches(texts) for found in self._looked(some)]

    def _looked(self, texts: Sequence[tuple[str, str | None]]) -> list[Findings]:
        tries = _Tries(len(texts))
        normals = [normalise(text) for text, _ in texts]
        links = [*map(_links, normals)]
        readings = tries.each("topics", self._topics.read, normals, links)
        spans = tries.each("personal data", self._spans, normals, readings)
        said = tries.each("words", _said, readings, normals, spans)
        known = tries.all("language", self._language.detect_all, texts)
        verdicts = tries.all("model", self._judged, [*zip(normals, readings, known, strict=True)])
        every = zip(normals, links, spans, said, known, verdicts, tries.failed, strict=True)
        return [_findings(*each) for each in every]

    def _judged(
        self, looked: Sequence[tuple[Normal, Reading | None, str | None]]
    ) -> list[Verdict | None]:
        """None where there is nothing left to judge."""
        verdicts: list[Verdict | None] = [None] * len(looked)
        if self._model is None:
            return verdicts
        questions = {
            at: _question(normal, reading, language)
            for at, (normal, reading, language) in enumerate(looked)
            if not reading or not (reading.bare or HARD_TOPICS & reading.topics.keys())
        }
        judged = self._model.judge_all([*questions.values()])
        for at, verdict in zip(questions, judged, strict=True):
            wanted = verdict.topic in self._private
            verdicts[at] = verdict if wanted else verdict._replace(raised=False, doubt=False)
        return verdicts

    def _spans(self, normal: Normal, reading: Reading | None) -> tuple[Span, ...]:
        near = reading.near if reading else {}
        hard = self._personal.spans(normal, near)
        health = private_spans(reading, normal) if reading else ()
        return tuple(sorted({*hard, *health}, key=lambda span: (span.start, span.end)))


def _classifier() -> Classifier:
    from router.model.classifier import Classifier  # numpy: who only reads settings needs none

    return Classifier()


@cache
def _reader(folder: Path, languages: tuple[str, ...], topics: frozenset[str] | None) -> TopicReader:
    """Many thousand words make it; a process that reads them once has them for all detectors."""
    return TopicReader(compiled_lexicon(languages, folder=folder), topics)


def _question(normal: Normal, reading: Reading | None, language: str | None) -> Question:
    """Where words show a private topic it is they that are told."""
    topics = reading.topics.keys() if reading else frozenset[str]()
    told = PRIVATE_TOPICS.isdisjoint(topics)
    return Question(normal.text, language, other=bool(topics), told=told)


def _links(normal: Normal) -> int:
    maybe = "://" in normal.raw or "www." in normal.text
    return len(_LINK.findall(normal.raw)) if maybe else 0


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


def _findings(
    normal: Normal,
    links: int,
    spans: tuple[Span, ...] | None,
    said: tuple[Topic, ...] | None,
    language: str | None,
    verdict: Verdict | None,
    failed: Sequence[str],
) -> Findings:
    topics = said or ()
    private = tuple(topic for topic in topics if topic.name in PRIVATE_TOPICS)
    hints = private if verdict is not None and verdict.harmless and spans == () else ()
    judged = verdict if not private else None
    if hints:
        topics = tuple(topic for topic in topics if topic not in hints)
    if judged and judged.raised:
        topics = (*topics, _raised(judged, normal, spans))
    undecided = judged is not None and judged.doubt and not judged.raised
    return Findings(
        language=language,
        topics=topics,
        spans=spans or (),
        links=links,
        failed=tuple(failed),
        doubt=bool(hints) or (judged is not None and judged.doubt),
        leaning=round(judged.private, 3) if judged and undecided else None,
        hints=hints,
    )


def _batches(texts: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    for first in range(0, len(texts), _BATCH):
        yield texts[first : first + _BATCH]


class _Tries:
    """Looks at some texts, of which any may break one: the others must not lose anything, and what
    it was that broke is told of the text, which a person gets."""

    def __init__(self, count: int) -> None:
        self.failed: list[list[str]] = [[] for _ in range(count)]

    def each(
        self, name: str, look: Callable[..., _Value], *given: Sequence[Any]
    ) -> list[_Value | None]:
        """A look at one text at a time."""
        return self.all(
            name, lambda some: [look(*one) for one in some], [*zip(*given, strict=True)]
        )

    def all(
        self, name: str, look: Callable[[Sequence[Any]], Sequence[_Value]], given: Sequence[Any]
    ) -> list[_Value | None]:
        """A look at many at once, and where that breaks at each alone."""
        try:
            return [*look(given)]
        except Exception:  # which of them broke is found out now
            return [self._alone(name, look, one, self.failed[at]) for at, one in enumerate(given)]

    def _alone(
        self,
        name: str,
        look: Callable[[Sequence[Any]], Sequence[_Value]],
        one: object,
        failed: list[str],
    ) -> _Value | None:
        try:
            return look([one])[0]
        except Exception:
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
