"""Many words and phrases looked for in one pass over a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import ahocorasick

from router.normal import SOUND_MARKS, Normal, fold, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A word or phrase in normal form. `open_left`, `open_right`: a word may go on there."""

    text: str
    open_left: bool
    open_right: bool

    def whole(self, text: str, start: int, end: int) -> tuple[int, int]:
        """The place with the rest of the word, where the word goes on."""
        while self.open_right and end < len(text) and joined(text[end]) and joined(text[end - 1]):
            end += 1
        while self.open_left and start and joined(text[start - 1]) and joined(text[start]):
            start -= 1
        return start, end


def phrase(written: str) -> Phrase:
    """Read one as people write it: `refund`, `log in`, `refund*` (a beginning), `*konto` (an end).

    Raises ValueError where nothing is left to look for.
    """
    bare = written.strip()
    text = " ".join(fold(bare.strip("*")).split())
    if not text:
        raise ValueError("has no letter to look for")
    return Phrase(text=text, open_left=bare.startswith("*"), open_right=bare.endswith("*"))


class _Kinds(dict[int, str]):
    """Of every character: part of a word, a sound mark upon another, a space, or none."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = "m" if char in SOUND_MARKS else "w" if joined(char) else "s" if char == " " else "o"
        self[code] = kind
        return kind


_kinds = _Kinds()
_GOES_ON = frozenset({"ww", "wm", "mm", "om"})
"""Two characters with no boundary between them, as `boundary` tells it, at a fifth of the cost."""


class Hit(NamedTuple):
    """Phrase number `which` stands at `start` to `end` (exclusive) of the normal text."""

    which: int
    start: int
    end: int


class PhraseIndex:
    """Looks for all phrases at once; a phrase's number is its place in the list given."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        by_text: dict[str, list[tuple[int, Phrase]]] = {}
        for which, item in enumerate(phrases):
            by_text.setdefault(item.text, []).append((which, item))
        self._automaton = ahocorasick.Automaton()
        for text, items in by_text.items():
            inside = any(item.open_left for _, item in items)
            self._automaton.add_word(text, (len(text), inside, tuple(items)))
        self._empty = not by_text
        if not self._empty:
            self._automaton.make_automaton()

    def hits(self, normal: Normal) -> Iterator[Hit]:
        """Every phrase that stands in the text, in the order of their ends."""
        if self._empty:
            return
        text = normal.text
        kinds = f"s{text.translate(_kinds)}s"
        for last, (length, inside, items) in self._automaton.iter(text):
            end = last + 1
            start = end - length
            begins = kinds[start : start + 2] not in _GOES_ON
            if not (begins or inside):
                continue
            ends = kinds[end : end + 2] not in _GOES_ON
            for which, item in items:
                if (begins or item.open_left) and (ends or item.open_right):
                    whole = (start, end) if begins and ends else item.whole(text, start, end)
                    yield Hit(which, *whole)
