"""The length of a text in the characters that its reader sees."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_ZERO_WIDTH_JOINER = "\u200d"


def graphemes(text: str) -> int:
    """Extended grapheme clusters: what a reader sees as one character (Unicode annex 29)."""
    if text.isascii() and "\r" not in text:
        return len(text)
    return sum(not joined for joined in _joined(text))


def _joined(text: str) -> Iterator[bool]:
    """For each character whether it continues a cluster (Unicode annex 29, without prepends)."""
    before, flags = "", 0
    for character in text:
        flags = flags + 1 if "\U0001f1e6" <= character <= "\U0001f1ff" else 0
        yield bool(before) and (
            (before not in "\r\n" and _extends(character))
            or (before == "\r" and character == "\n")
            or (before == _ZERO_WIDTH_JOINER and unicodedata.category(character) == "So")
            or (flags > 0 and flags % 2 == 0)
            or _hangul(before, character)
        )
        before = character


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character in ("\u200c", _ZERO_WIDTH_JOINER)
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _hangul(before: str, character: str) -> bool:
    """Whether two Korean letters stand in one syllable."""
    leading, vowel = "\u1100" <= before <= "\u115f", "\u1160" <= before <= "\u11a7"
    syllable = "\uac00" <= before <= "\ud7a3"
    open_syllable = syllable and (ord(before) - 0xAC00) % 28 == 0
    if "\u1100" <= character <= "\u115f" or "\uac00" <= character <= "\ud7a3":
        return leading
    if "\u1160" <= character <= "\u11a7":
        return leading or vowel or open_syllable
    closing = "\u11a8" <= before <= "\u11ff"
    return "\u11a8" <= character <= "\u11ff" and (vowel or syllable or closing)
