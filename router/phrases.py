"""Many words and phrases looked for in one pass over a text."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

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
_BEFORE = bytes.maketrans(b"wmos", bytes([3, 2, 2, 0]))
_BEHIND = bytes.maketrans(b"wmos", bytes([1, 2, 0, 0]))
"""What a character is before another and behind it; where the two have a bit in common no word ends
between them, as `boundary` tells it, at a fraction of the cost."""

Hit = tuple[int, int, int]
"""The number of a phrase, and where it starts and ends (exclusive) in the normal text."""

_LEFT, _RIGHT = 2, 1
"""Sides where a word goes on, or may not."""

_TO_LEFT = bytes([0, *[_LEFT] * 255])
_TO_RIGHT = bytes([0, *[_RIGHT] * 255])

_LINE = re.compile(b".+")

Packed = tuple[bytes, bytes, list[tuple[int, ...]]]
"""Many thousand phrases as a few plain values: their different words, a line each; for each of
these which of the meanings that follow it has (as unsigned integers); and the different meanings:
numbers of phrases, each times four and the sides where no word may go on.
"""


def packed(phrases: Iterable[Phrase], numbers: Iterable[int] | None = None) -> Packed:
    """A phrase's number is its place where none are given; several may have the same."""
    by_text: dict[str, dict[int, None]] = {}
    for one, number in zip(phrases, count() if numbers is None else numbers, strict=False):
        shut = (0 if one.open_left else _LEFT) | (0 if one.open_right else _RIGHT)
        by_text.setdefault(one.text, {})[number << 2 | shut] = None
    meanings = [tuple(items) for items in by_text.values()]
    different = {meaning: at for at, meaning in enumerate(dict.fromkeys(meanings))}
    meant = array("I", [different[meaning] for meaning in meanings])
    return "\n".join(by_text).encode(), meant.tobytes(), [*different]


class PhraseIndex:
    """Looks for all phrases at once."""

    def __init__(self, phrases: Packed) -> None:
        words, meant, meanings = phrases
        self._meanings = [meanings[at] for at in array("I", meant)]
        lines = (line[0].decode() for line in _LINE.finditer(words))
        self._automaton = AhoCorasick(lines, store_patterns=False)

    def hits(self, normal: Normal) -> list[Hit]:
        """Every phrase that stands in the text, in the order of their ends, the longest first."""
        kinds = f"s{normal.text.translate(_kinds)}s"
        left, right = _inside(kinds)
        meanings = self._meanings
        found: list[Hit] = []
        matches = self._automaton.find_matches_as_indexes(normal.text, overlapping=True)
        for at, start, end in matches:
            over = left[start] | right[end]
            for item in meanings[at]:
                if not over & item:
                    first = _start(kinds, start) if over & _LEFT else start
                    last = _end(kinds, end) if over & _RIGHT else end
                    found.append((item >> 2, first, last))
        return found


def _inside(kinds: str) -> tuple[bytes, bytes]:
    """_LEFT and _RIGHT for each place between two characters of one word, else zero."""
    codes = kinds.encode()
    before = int.from_bytes(codes.translate(_BEFORE), "little")
    behind = int.from_bytes(codes.translate(_BEHIND), "little")
    inside = (before & behind >> 8).to_bytes(len(codes), "little")
    return inside.translate(_TO_LEFT), inside.translate(_TO_RIGHT)


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
