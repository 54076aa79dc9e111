"""Text as it is compared: one case, no diacritics, no invisible characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_SPACES = re.compile(" {2,}")
_KEPT = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "’": "'", "ʼ": "'", "‘": "'", "`": "'"}
_STRIPPED = ("LATIN", "GREEK", "ARABIC", "HEBREW")
_KANA = ("HIRAGANA", "KATAKANA")
SOUND_MARKS = "\u3099\u309a"
_UNSPACED = ("HIRAGANA", "KATAKANA", "CJK", "THAI", "LAO", "KHMER", "MYANMAR", "IDEOGRAPHIC")


@dataclass(frozen=True, slots=True)
class Normal:
    """`text` as it is compared, `raw` as it was written."""

    raw: str
    text: str
    _offsets: list[int] = field(default_factory=list, repr=False, compare=False)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where characters `start` to `end` (exclusive, beyond start) of `text` stand in `raw`."""
        if self.raw.isascii() and len(self.raw) == len(self.text):
            return start, end
        if not self._offsets:
            self._offsets.extend(_offsets(self.raw))
        last = self._offsets[end - 1]
        return self._offsets[start], last + _width(self.raw, last)

    def quote(self, start: int, end: int) -> str:
        """The words as they were written."""
        first, last = self.original(start, end)
        return self.raw[first:last]


class _Table(dict[int, str]):
    """Filled as characters are met; at most one entry for every character there is."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        if len(folded) != 1:
            _uneven.add(chr(code))
        return folded


_table = _Table()
_uneven: set[str] = set()
"""Characters of the table that are none or several when they are folded."""


@lru_cache(maxsize=256)
def normalise(raw: str) -> Normal:
    """Compatibility form, one case, bare letters (Turkish ı and İ are i, ё is е; й and kana keep
    their marks), one kind of white space; what cannot be seen is left out.

    The last few are remembered: detector and rules look at the same text one after the other.
    """
    plain = raw.isascii() and raw.isprintable() and "`" not in raw
    text = raw.lower() if plain else raw.translate(_table)
    return Normal(raw, _SPACES.sub(" ", text) if "  " in text else text)


def fold(raw: str) -> str:
    """A word of a list or rule in the form that `normalise` gives to texts."""
    return raw.translate(_table)


def _fold(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me"):
        return _voiced(char)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    if char.isspace() or category == "Cc":
        return " "
    return "".join(map(_bare, unicodedata.normalize("NFKC", char).casefold()))


def _voiced(char: str) -> str:
    """The sound marks of kana tell words apart; other marks do not."""
    return char if char in SOUND_MARKS else ""


def _bare(char: str) -> str:
    if char in _KEPT:
        return _KEPT[char]
    if char == "ё":
        return "е"
    if unicodedata.category(char) in ("Cf", "Mn"):
        return _voiced(char)
    parts = unicodedata.normalize("NFD", char)
    if _script(parts[0]) in _KANA:
        return parts
    return parts[0] if len(parts) > 1 and _script(parts[0]) in _STRIPPED else char


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]


def _offsets(raw: str) -> Sequence[int]:
    folded = raw.translate(_table)
    offsets: Sequence[int] = range(len(raw))
    if not _uneven.isdisjoint(raw):
        offsets = [at for at, char in enumerate(raw) for _ in _table[ord(char)]]
    if "  " not in folded:
        return offsets
    pairs = zip(offsets, f".{folded}", folded, strict=False)
    return [at for at, before, char in pairs if char != " " or before != " "]


def _width(raw: str, at: int) -> int:
    """How many characters of `raw` the one at `at` takes with the marks that stand on it."""
    end = at + 1
    while end < len(raw) and not _table[ord(raw[end])]:
        end += 1
    return end - at


@lru_cache(maxsize=4096)
def joined(char: str) -> bool:
    """Does a word go on through this character? Not in scripts that put no spaces."""
    if not char.isalnum() and char != "_":
        return False
    return char.isascii() or not _script(char).startswith(_UNSPACED)


def boundary(text: str, at: int) -> bool:
    """Can a word begin or end before index `at` of a normalised text?"""
    if at <= 0 or at >= len(text):
        return True
    left, right = text[at - 1], text[at]
    if left == " " or right == " ":
        return True
    return right not in SOUND_MARKS and not (joined(left) and joined(right))
