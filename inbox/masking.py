"""How one destination sees texts: masked by its clearance, withheld where the check failed."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from inbox.clearance import Clearance, DataClass, Span, mask
from inbox.ports import Detector, Stored

_ENOUGH = 40_000


class Masking(Struct, frozen=True, kw_only=True):
    """`unchecked` stands for a text in which the detectors failed to look for personal data."""

    clearance: Clearance
    detector: Detector
    unchecked: str

    def message(self, stored: Stored) -> str:
        if stored.findings.failed and self._hides_something():
            return self.unchecked
        return mask(stored.message.text, stored.findings.spans, self.clearance)

    def marked(self, text: str, spans: Iterable[Span]) -> str:
        """A text with what was found in it once; checked now too: that check may have failed."""
        return self.text(mask(text, spans, self.clearance))

    def text(self, text: str) -> str:
        """Any other text, checked now: an answer, a question, a reason."""
        findings = self.detector.detect(text[:_ENOUGH])
        if findings.failed and self._hides_something():
            return self.unchecked
        return mask(text[:_ENOUGH], findings.spans, self.clearance)

    def _hides_something(self) -> bool:
        return any(self.clearance.hides(cls) for cls in DataClass)
