"""Many words and phrases looked for in one pass over a text."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from router.normal import SOUND_MARKS, Normal, fold, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A word or phrase in normal form. `open_left`, `open_right`: a word may go on there."""

    text: str
    open_left: bool
    open_right: bool


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

Hit = tuple[int, int, int]
"""The number of a phrase, and where it starts and ends (exclusive) in the normal text."""

Item = tuple[int, bool, bool]
"""The number of a phrase, and whether a word may go on at its left and at its right."""


_LINE = re.compile(".+")

Packed = tuple[str, bytes, list[list[Item]], bytes, bytes]
"""Many thousand phrases as a few plain values: their different words, a line each; for each of
these the number of its phrase where it has but one (as signed integers), else where its phrases are
in the list that follows, from -1 downwards; and whether any is open at the left, at the right.
"""


def packed(phrases: Iterable[Phrase]) -> Packed:
    by_text: dict[str, list[Item]] = {}
    for which, one in enumerate(phrases):
        by_text.setdefault(one.text, []).append((which, one.open_left, one.open_right))
    only, several = array("i"), list[list[Item]]()
    for items in by_text.values():
        if len(items) > 1:
            several.append(items)
        only.append(items[0][0] if len(items) == 1 else -len(several))
    left = bytes(any(one[1] for one in items) for items in by_text.values())
    right = bytes(any(one[2] for one in items) for items in by_text.values())
    return "\n".join(by_text), only.tobytes(), several, left, right


class PhraseIndex:
    """Looks for all phrases at once; a phrase's number is its place in the list packed."""

    def __init__(self, phrases: Packed) -> None:
        words, only, self._several, self._open_left, self._open_right = phrases
        self._only = array("i", only)
        lines = (line[0] for line in _LINE.finditer(words))
        self._automaton = AhoCorasick(lines, store_patterns=False)

    def hits(self, normal: Normal) -> list[Hit]:
        """Every phrase that stands in the text, in the order of their ends, the longest first."""
        kinds = f"s{normal.text.translate(_kinds)}s"
        open_left, open_right, only = self._open_left, self._open_right, self._only
        found: list[Hit] = []
        matches = self._automaton.find_matches_as_indexes(normal.text, overlapping=True)
        for at, start, end in matches:
            begins = kinds[start : start + 2] not in _GOES_ON
            ends = kinds[end : end + 2] not in _GOES_ON
            if (begins or open_left[at]) and (ends or open_right[at]):
                first = start if begins else _start(kinds, start)
                last = end if ends else _end(kinds, end)
                if (which := only[at]) >= 0:
                    found.append((which, first, last))
                    continue
                for other, left, right in self._several[-1 - which]:
                    if (begins or left) and (ends or right):
                        found.append((other, first, last))
        return found


def _start(kinds: str, start: int) -> int:
    """Where the word begins that goes over `start`."""
    while kinds[start : start + 2] == "ww":
        start -= 1
    return start


def _end(kinds: str, end: int) -> int:
    """Where the word ends that goes on at `end`."""
    while kinds[end : end + 2] == "ww":
        end += 1
    return end
