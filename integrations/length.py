"""The length of a draft, as a network counts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inbox.message import Draft, clean


def characters(text: str) -> int:
    """Code points."""
    return len(text)


def units(text: str) -> int:
    """UTF-16 code units: an emoji beyond the first plane is two."""
    return len(text.encode("utf-16-le", "replace")) // 2


def utf8(text: str) -> int:
    """Bytes."""
    return len(text.encode("utf-8", "replace"))


def text_of(draft: Draft) -> str:
    return clean(draft.text).strip()


@dataclass(frozen=True, slots=True)
class Length:
    """Implements inbox.ports.Measure. `written` is the draft as it is sent."""

    most: int
    count: Callable[[str], int] = characters
    written: Callable[[Draft], str] = text_of

    def length(self, draft: Draft) -> int:
        return self.count(self.written(draft))
