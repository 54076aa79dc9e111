"""What the encoder says of a text that the model leans to call private and would not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from inbox.facts import SEMANTIC, Findings, Topic
from router.semantic.encoder import MOST, Encoder, sentence_encoder
from router.semantic.head import LEAST, LEAST_LEANING, Head, read
from router.vocabulary import PRIVATE_TOPICS

_EXAMPLES = 2


class SemanticOpinion:
    """Implements inbox.ports.SecondOpinion.

    `encoder` makes the encoder, which takes a second, with the first look. A language in which it
    did not help is not asked about; one that is not known is.
    """

    def __init__(
        self, *, encoder: Callable[[], Encoder] = sentence_encoder, head: Head | None = None
    ) -> None:
        self._make = encoder
        self._head = head or read()

    def wants(self, findings: Findings) -> bool:
        leaning = findings.leaning
        if leaning is None or leaning < LEAST_LEANING or findings.failed:
            return False
        if any(topic.name in PRIVATE_TOPICS for topic in findings.topics):
            return False
        return findings.language is None or findings.language in self._head.languages

    def look(self, text: str, findings: Findings) -> Topic | None:
        """Raises ImportError where the extra is not installed."""
        vector = self._encoder.encode([text[:MOST]])[0]
        name, private = self._head.judge(vector)
        if private < LEAST:
            return None
        language = findings.language
        alike = self._head.nearest(vector, topic=name, language=language, most=_EXAMPLES)
        return Topic(name=name, words=(), source=SEMANTIC, examples=alike)

    @cached_property
    def _encoder(self) -> Encoder:
        return self._make()
