"""What a text is about, by the words of the lexicons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from inbox.clearance import LABELS, DataClass, Span
from inbox.facts import Topic
from router.compiled import Compiled
from router.lexicon import CONTEXTS, NEAR, Conjunction
from router.normal import Normal, joined

THANKS = "thanks"
_FILLER, _PLEA, _DISPLEASED = "filler", "plea", "displeased"
MOST_WORDS = 5
"""Words told for one topic."""

_HANDLE = re.compile(r"(?<![\w@])@[a-z0-9_.@-]+")
"""Many networks put it before every answer. Japanese goes on without a space."""

_SECTIONS = [(context, f"near {context}") for context in CONTEXTS]

LINK = "link"
"""The concept that conjunctions ask for links with; it has no words."""

Place = tuple[int, int]
Places = Mapping[str, Sequence[Place]]


@dataclass(slots=True, kw_only=True)
class Reading:
    """What one pass over a text found.

    `near` are places of words that say what stands beside them, `private` those of words that
    are personal data themselves, `topics` the places that show each topic. `bare`: there are only a
    greeting and a call for help, which say nothing of the matter.
    """

    near: dict[str, list[Place]] = field(default_factory=dict)
    private: list[Place] = field(default_factory=list)
    topics: dict[str, list[Place]] = field(default_factory=dict)
    bare: bool = False


class TopicReader:
    """Reads texts with one lexicon for all languages."""

    def __init__(self, words: Compiled, topics: Iterable[str] | None = None) -> None:
        self._index = words.index
        self._concepts = [(one.name, one.topic, one.private) for one in words.concepts]
        self._topics = None if topics is None else frozenset(topics)
        self._by_part: dict[str, list[tuple[str, Conjunction]]] = {}
        for conjunction in words.conjunctions:
            first, last = conjunction.parts[0], conjunction.parts[-1]
            self._by_part.setdefault(first, []).append((last, conjunction))

    def read(self, normal: Normal, links: int) -> Reading:
        reading = Reading()
        places: dict[str, list[Place]] = {LINK: [(0, len(normal.text))]} if links else {}
        concepts = self._concepts
        for start, end, which in self._index.hits(normal):
            name, topic, private = concepts[which]
            place = (start, end)
            if name in places:
                places[name].append(place)
            else:
                places[name] = [place]
            if topic:
                reading.topics.setdefault(topic, []).append(place)
            if private:
                reading.private.append(place)
        for context, section in _SECTIONS:
            if section in places:
                reading.near[context] = places[section]
        self._conjoin(places, reading.topics)
        _only_thanks(normal.text, places, reading.topics)
        reading.bare = _PLEA in places and not _says(_rest(normal.text, places, _PLEA))
        if self._topics is not None:
            reading.topics = {k: v for k, v in reading.topics.items() if k in self._topics}
        return reading

    def _conjoin(self, places: Places, topics: dict[str, list[Place]]) -> None:
        for name in places:
            for last, conjunction in self._by_part.get(name, ()):
                if last not in places or not conjunction.holds_in(places):
                    continue
                if found := _together(conjunction, places):
                    topics.setdefault(conjunction.topic, []).extend(found)


def _together(conjunction: Conjunction, places: Places) -> Sequence[Place]:
    """One place for each part, near the first's and not over it; nothing where one is missing."""
    first, *others = conjunction.parts
    for place in places.get(first, ()):
        beside = [_beside(place, places.get(part, ()), part) for part in others]
        if all(beside):
            return [place, *(other for other in beside if other is not None and other[1])]
    return ()


def _beside(place: Place, candidates: Sequence[Place], part: str) -> Place | None:
    if part == LINK:
        return (0, 0) if candidates else None
    start, end = place
    for candidate in candidates:
        apart = candidate[0] - end if candidate[0] >= end else start - candidate[1]
        if 0 <= apart <= NEAR:
            return candidate
    return None


def _only_thanks(text: str, places: Places, topics: dict[str, list[Place]]) -> None:
    """Thanks count only where nothing else is said, by a sign of displeasure neither."""
    if THANKS not in topics:
        return
    rest = _rest(text, places, THANKS)
    more = len(topics) > 1 or _DISPLEASED in places
    if more or _says(rest) or any(char in "?？" for char in rest):
        del topics[THANKS]


def _rest(text: str, places: Places, concept: str) -> Sequence[str]:
    """What is left of a text without the words of this concept and those that go with it, and
    without whom it speaks to.
    """
    rest = list(_HANDLE.sub(lambda handle: " " * len(handle[0]), text))
    for start, end in (*places[concept], *places.get(_FILLER, ())):
        rest[start:end] = " " * (end - start)
    return rest


def _says(rest: Sequence[str]) -> bool:
    """Has it letters, also of scripts without spaces, which `joined` does not count?"""
    return any(joined(char) or char.isalnum() for char in rest)


def topics_of(reading: Reading, normal: Normal, spans: Sequence[Span]) -> tuple[Topic, ...]:
    """The topics by name, with the words as written; personal data only by its class."""
    return tuple(
        Topic(name=name, words=tuple(words_at(places, normal, spans)))
        for name, places in sorted(reading.topics.items())
    )


def words_at(places: Iterable[Place], normal: Normal, spans: Sequence[Span]) -> Iterator[str]:
    """The words as written, each once; personal data only by its class."""
    words = dict.fromkeys(_word(normal.original(*place), normal.raw, spans) for place in places)
    yield from list(words)[:MOST_WORDS]


def _word(place: Place, raw: str, spans: Sequence[Span]) -> str:
    start, end = place
    for span in spans:
        if span.start < end and start < span.end:
            return f"[{LABELS[span.cls]}]"
    return raw[start:end]


def private_spans(reading: Reading, normal: Normal) -> tuple[Span, ...]:
    """Words that are health details themselves."""
    places = (normal.original(*place) for place in reading.private)
    return tuple(Span(start=start, end=end, cls=DataClass.HEALTH) for start, end in places)
