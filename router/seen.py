"""The facts of one message as conditions look at them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from inbox.clearance import LABELS, DataClass
from inbox.facts import SEMANTIC, Facts, Topic
from router import quotes
from router.normal import Normal
from router.vocabulary import PRIVATE_TOPICS


@dataclass(frozen=True, slots=True)
class Seen:
    """`hits` tells where in the normal text each phrase of the rules stands first."""

    facts: Facts
    normal: Normal
    hits: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    topics: frozenset[str] = frozenset()
    classes: frozenset[DataClass] = frozenset()

    def quote(self, which: int) -> str:
        """The words of a hit in quotation marks; personal data only by the name of its class."""
        start, end = self.normal.original(*self.hits[which])
        return self.excerpt(start, end)

    def excerpt(self, start: int, end: int) -> str:
        for span in self.facts.spans:
            if span.start < end and start < span.end:
                return f"[{LABELS[span.cls]}]"
        return quotes.customers(self.facts.text[start:end])

    def about(self, name: str) -> str:
        """A topic with the words that say so."""
        topic = self.facts.topic(name)
        if topic and topic.source == SEMANTIC:
            return f"topic {name} by a second look{_like(topic.examples)}"
        words = self._quoted(topic)
        by = f" by the {topic.source}" if topic and topic.source != "words" else ""
        return f"topic {name}{by}" + (f" ({words})" if words else "")

    def noticed(self) -> list[str]:
        """All that the detectors saw, in words."""
        topics = [self.about(topic.name) for topic in self.facts.topics]
        return [*topics, *self.hints(PRIVATE_TOPICS), *map(found, sorted(self.classes))]

    def hints(self, topics: Collection[str]) -> list[str]:
        """Those of these topics that only words show, with the words."""
        return [
            f"{self._quoted(topic) or 'a word'} for {topic.name}, but the whole reads as harmless"
            for topic in self.facts.hints
            if topic.name in topics
        ]

    def _quoted(self, topic: Topic | None) -> str:
        return ", ".join(self._safe(topic.words if topic else ()))

    def _safe(self, words: Iterable[str]) -> list[str]:
        text = self.facts.text
        hidden = [text[span.start : span.end] for span in self.facts.spans]
        return [
            quotes.customers(word)
            for word in words
            if not any(word in private or private in word for private in hidden if private)
        ]


def _like(examples: Iterable[str]) -> str:
    """Sentences of our own."""
    quoted = ", ".join(map(quotes.rules, examples))
    return f" (it means much the same as {quoted})" if quoted else ""


def found(cls: DataClass) -> str:
    """Personal data by the name of its class, never by its value."""
    return f"{LABELS[cls]} found"
