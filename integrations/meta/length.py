"""Length of a text as Meta counts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inbox.message import Draft, clean


def characters(text: str) -> int:
    return len(text)


def utf8(text: str) -> int:
    """Bytes, as Instagram counts messages."""
    return len(text.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Length:
    """Implements inbox.ports.Measure."""

    most: int
    count: Callable[[str], int] = characters
    written: Callable[[Draft], str] = lambda draft: draft.text

    def length(self, draft: Draft) -> int:
        return self.count(clean(self.written(draft)).strip())
