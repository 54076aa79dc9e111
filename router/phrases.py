"""Many words and phrases looked for in one pass over a text."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from ahocorasick_rs import AhoCorasick

from router.normal import SOUND_MARKS, Normal, boundary, fold, joined


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


def covers(wide: Phrase, narrow: Phrase) -> bool:
    """Does `wide` stand in every text in which `narrow` does? `refund*` where `refunded` does."""
    text, at = narrow.text, narrow.text.find(wide.text)
    while at >= 0:
        end = at + len(wide.text)
        goes_on = at == 0 and narrow.open_left, end == len(text) and narrow.open_right
        left = wide.open_left or (boundary(text, at) and not goes_on[0])
        right = wide.open_right or (boundary(text, end) and not goes_on[1])
        if left and right:
            return True
        at = text.find(wide.text, at + 1)
    return False


class _Words(dict[int, str]):
    """Every character as it is where words go on through it, else a space."""

    def __missing__(self, code: int) -> str:
        self[code] = chr(code) if joined(chr(code)) else " "
        return self[code]


_words = _Words()

Hit = tuple[int, int, int]
"""Where a phrase starts and ends (exclusive) in the normal text, and its number."""

_LEFT, _RIGHT = 2, 1
"""Sides where a word goes on, or may not."""

_MARKS = tuple(SOUND_MARKS)
"""They tell a sign before them from another one."""

_LINE = re.compile(b".+")

_Meant = tuple[bytes, bytes, list[tuple[int, ...]]]
"""Different words, a line each; for each of these which of the meanings that follow it has (as
unsigned integers); and the different meanings."""

Packed = tuple[_Meant, _Meant]
"""Many thousand phrases as a few plain values: those that are one whole word, which mean numbers of
phrases, and all others, which mean such numbers, each times four and the sides where no word may go
on."""


def packed(phrases: Iterable[Phrase], numbers: Iterable[int] | None = None) -> Packed:
    """A phrase's number is its place where none are given; several may have the same."""
    whole: dict[str, dict[int, None]] = {}
    others: dict[str, dict[int, None]] = {}
    for one, number in zip(phrases, count() if numbers is None else numbers, strict=False):
        shut = (0 if one.open_left else _LEFT) | (0 if one.open_right else _RIGHT)
        if shut == _LEFT | _RIGHT and all(map(joined, one.text)):
            whole.setdefault(one.text, {})[number] = None
        else:
            others.setdefault(one.text, {})[number << 2 | shut] = None
    return _meant(whole), _meant(others)


def _meant(words: Mapping[str, Iterable[int]]) -> _Meant:
    meanings = [tuple(items) for items in words.values()]
    different = {meaning: at for at, meaning in enumerate(dict.fromkeys(meanings))}
    which = array("I", [different[meaning] for meaning in meanings])
    return "\n".join(words).encode(), which.tobytes(), [*different]


def _read(meant: _Meant) -> tuple[Iterator[str], list[tuple[int, ...]]]:
    words, which, meanings = meant
    lines = (line[0].decode() for line in _LINE.finditer(words))
    return lines, [meanings[at] for at in array("I", which)]


class PhraseIndex:
    """Looks for all phrases at once: whole words by what lies between spaces, which leaves little
    for the automaton to find that goes on where it must not."""

    def __init__(self, phrases: Packed) -> None:
        whole, others = phrases
        self._whole = dict(zip(*_read(whole), strict=True))
        lines, self._meanings = _read(others)
        self._automaton = AhoCorasick(lines, store_patterns=False)

    def hits(self, normal: Normal) -> list[Hit]:
        """Every phrase that stands in the text, in the order of the text."""
        words = normal.text.translate(_words)
        found = self._alone(normal.text, words) if self._whole else []
        if self._meanings:
            found.extend(self._others(normal.text, f" {words} "))
        found.sort()
        return found

    def _alone(self, text: str, words: str) -> list[Hit]:
        whole, start = self._whole, 0
        found: list[Hit] = []
        for word in words.split(" "):
            end = start + len(word)
            if word in whole and not text.startswith(_MARKS, end):
                for number in whole[word]:
                    found.append((start, end, number))
            start = end + 1
        return found

    def _others(self, text: str, words: str) -> Iterator[Hit]:
        """`words` has one space more before the text and one behind it."""
        for at, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            left = 0 if " " in words[start : start + 2] else _LEFT
            right = 0 if " " in words[end : end + 2] else _RIGHT
            if text.startswith(_MARKS, end):
                right = _RIGHT
            for item in self._meanings[at]:
                if not (left | right) & item:
                    first = words.rindex(" ", 0, start + 1) if left else start
                    last = words.index(" ", end + 1) - 1 if right else end
                    yield first, last, item >> 2
