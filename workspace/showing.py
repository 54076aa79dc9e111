"""The one way by which a text reaches a Slack channel: masked by the channel's clearance."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from inbox.clearance import Clearance, DataClass, Span
from inbox.facts import Findings, Topic
from inbox.masking import Masking
from inbox.message import Author
from inbox.ports import Detector, Stored
from workspace import words
from workspace.mrkdwn import line, short, tidy

_QUOTED, _ALL_QUOTED = re.compile("“[^“”]*”"), re.compile("“.*”", re.DOTALL)
_HIDDEN = "“…”"
_SHORT = 200
_LONGEST_NAME = 400
FEDERATED = frozenset({"mastodon"})


class Remembering(Detector):
    """A detector that remembers short texts: names, rules and reasons come again and again."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._short = lru_cache(maxsize=4096)(self._detector.detect)

    def detect(self, text: str, *, language: str | None = None) -> Findings:
        if len(text) > _SHORT:
            return self._detector.detect(text, language=language)
        return self._short(text, language=language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """How one channel sees texts. What it returns is clean but not escaped for mrkdwn."""

    clearance: Clearance
    detector: Detector

    def message(self, stored: Stored) -> str:
        """A message's text; withheld where the check for personal data failed."""
        return tidy(self._masking().message(stored))

    def text(self, text: str) -> str:
        """Any other text, checked now: an answer, a question, a reason."""
        return tidy(self._masking().text(text))

    def marked(self, text: str, spans: Iterable[Span]) -> str:
        """What an event keeps with its spans: an answer, a text before it was edited."""
        return tidy(self._masking().marked(text, spans))

    def line(self, text: str) -> str:
        """A name, a handle, a rule's title: checked, on one line."""
        return line(self.text(text))

    def name(self, author: Author) -> str:
        """What a customer is called: the name, else the handle, on one short line."""
        shown = (self.line(called[:_LONGEST_NAME]) for called in (author.name, author.handle))
        return next((short(name, 80) for name in shown if name), words.SOMEBODY)

    def handle(self, author: Author) -> str:
        """On a federated network it is a name at a server, which only looks like an e-mail."""
        called = author.handle[:_LONGEST_NAME]
        name, sign, server = called.lstrip("@").partition("@")
        if sign and author.ref.network in FEDERATED:
            return f"{self.line(name)}@{line(server)}"
        return self.line(called)

    def because(self, sentence: str, found: frozenset[DataClass]) -> str:
        """A line of an explanation; the customer's words stay out where they may tell too much."""
        return self.line(self._unquoted(sentence) if self._hides_any(found) else sentence)

    def topic(self, topic: Topic, found: frozenset[DataClass]) -> str:
        """A topic with the first word that told it, where the word may be shown."""
        hidden = self._hides_any(found) or not topic.words
        if hidden or (topic.name == "health" and self.clearance.hides(DataClass.HEALTH)):
            return line(topic.name)
        return f"{line(topic.name)} (“{self.line(topic.words[0])}”)"

    def _unquoted(self, sentence: str) -> str:
        """Without what router.quotes marks as the customer's. Marks that do not pair, as an older
        version kept them, hide all between the first and the last."""
        shown = _QUOTED.sub(_HIDDEN, sentence)
        left = shown.replace(_HIDDEN, "")
        return _ALL_QUOTED.sub(_HIDDEN, sentence) if "“" in left or "”" in left else shown

    def _hides_any(self, found: frozenset[DataClass]) -> bool:
        return any(self.clearance.hides(cls) for cls in found)

    def _masking(self) -> Masking:
        return Masking(clearance=self.clearance, detector=self.detector, unchecked=words.UNCHECKED)
