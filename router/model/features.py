"""Numbers of the character and word n-grams of a normalised text.

Every n-gram is hashed by arithmetic over arrays of code points, so a text of any script costs the
same and none of its pieces is ever a Python string. What is alike to a reader is alike here: digits
are one sign, punctuation is a gap, apostrophes are nothing, a letter typed three times is typed
twice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

BITS = 18
BUCKETS = 1 << BITS
MOST = 600
"""Characters of a text that are looked at."""

LONGEST = 5
"""Characters of the longest n-gram; the shortest has two, one where a sign is a word."""

_SHORT = 250
"""N-grams of a text of about 60 letters."""

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint32]

_GAP, _ASKED, _CRIED = 32, 1, 2
_FIRST_KANA, _LAST_HAN = 0x3041, 0xA000
_MIX = np.uint32(0x9E3779B1)
_STEP = np.uint32(0x01000193)
_SALTS = tuple(np.uint32(salt) for salt in (0, 0, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1))
_WORD, _PAIR = np.uint32(0xB5297A4D), np.uint32(0x68E31DA5)
_HALF, _DOWN = np.uint32(15), np.uint32(32 - BITS)

_PRIME = 0x100000001B3
_POWERS = np.array([pow(_PRIME, n, 1 << 64) for n in range(MOST + 4)], dtype=np.uint64)
_INVERSE = np.array([pow(_PRIME, -n, 1 << 64) for n in range(MOST + 4)], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Grams:
    """Bucket `buckets[i]` stands at `starts[i]` to `ends[i]` (exclusive) of the normal text."""

    buckets: NDArray[np.uint32]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]


def size(count: int) -> float:
    """What the sum over `count` n-grams is divided by, so that texts of any length compare.

    By the root in short texts, where few words say all; more in long ones, of which some words
    always sound private.
    """
    return math.sqrt(max(count, 1) * max(count / _SHORT, 1.0))


def buckets(text: str) -> Hashes:
    """Numbers below BUCKETS of all n-grams of a normalised text, each as often as it stands."""
    signs, kept = _signs(text)
    codes = signs[kept]
    return _spread([*_characters(codes), *_words(codes)[0], *[_alone(codes)[0]] * 2])


def grams(text: str) -> Grams:
    """The same in the same order, with their places."""
    signs, kept = _signs(text)
    codes, places = signs[kept], kept.nonzero()[0] - 1
    words, starts, ends = _words(codes)
    limits = np.append(places, places[-1])
    signs, alone = _alone(codes)
    first = [np.arange(len(codes) - n + 1) for n in range(2, LONGEST + 1)]
    last = [at + n - 1 for n, at in enumerate(first, 2)]
    opened = np.concatenate([*first, starts, starts[:-1], alone, alone])
    closed = np.concatenate([*last, ends - 1, ends[1:] - 1, alone, alone])
    return Grams(
        buckets=_spread([*_characters(codes), *words, signs, signs]),
        starts=places[opened],
        ends=np.maximum(limits[closed] + 1, places[opened]),
    )


def _signs(text: str) -> tuple[Codes, NDArray[np.bool_]]:
    """The text as signs between two gaps, and which of them are looked at."""
    raw = np.frombuffer(f" {text[:MOST]} ".encode("utf-32-le", "replace"), np.uint32)
    codes = _canon().take(raw, mode="clip")
    kept = codes != 0
    same = codes[1:] == codes[:-1]
    kept[1:] &= ~(same & (codes[1:] == _GAP))
    kept[2:] &= ~(same[1:] & same[:-1])
    return codes, kept


def _characters(codes: Codes) -> list[Hashes]:
    mixed = codes * _MIX
    rolled = mixed
    found = []
    for n in range(2, LONGEST + 1):
        rolled = rolled[:-1] * _STEP + mixed[n - 1 :]
        found.append(rolled ^ _SALTS[n])
    return found


def _alone(codes: Codes) -> tuple[Hashes, NDArray[np.intp]]:
    """Signs that are words or half words themselves: kana and Han."""
    at = ((codes >= _FIRST_KANA) & (codes < _LAST_HAN)).nonzero()[0]
    return codes[at] * _MIX, at


def _words(codes: Codes) -> tuple[list[Hashes], NDArray[np.intp], NDArray[np.intp]]:
    """Hashes of words and of pairs of words; where the words begin and end."""
    inside = codes > _GAP
    edges = (inside[1:] != inside[:-1]).nonzero()[0] + 1
    starts, ends = edges[::2], edges[1::2]
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(codes * _POWERS[: len(codes)], out=sums[1:])
    words = (((sums[ends] - sums[starts]) * _INVERSE[starts]) >> np.uint64(16)).astype(np.uint32)
    pairs = words[:-1] * _STEP + words[1:]
    return [words ^ _WORD, pairs ^ _PAIR], starts, ends


def _spread(parts: list[Hashes]) -> Hashes:
    """The upper bits of a mixed number are its bucket."""
    hashes = np.concatenate(parts)
    hashes ^= hashes >> _HALF
    hashes *= _MIX
    hashes >>= _DOWN
    return hashes


@lru_cache(maxsize=1)
def _canon() -> Codes:
    """What a code point counts as: itself, one sign for all digits, a gap, or nothing."""
    codes = np.arange(0x20000, dtype=np.uint32)
    letters: Any = np.strings.isalpha(codes.view("U1"))
    table = np.where(letters | (codes >= 0x2190), codes, np.uint32(_GAP))
    table[0x2000:0x2190] = _GAP
    table[0x3000:0x3040] = _GAP
    table[0xFF00:0xFF66] = _GAP
    table[0xFE00:0xFE10] = 0
    table[ord("0") : ord("9") + 1] = ord("0")
    table[[ord(sign) for sign in "?？¿؟"]] = _ASKED
    table[[ord(sign) for sign in "!！¡"]] = _CRIED
    table[ord("'")] = 0
    table[[ord(sign) for sign in "$€£¥₽₺%"]] = ord("$")
    table[0x3099:0x309B] = [0x3099, 0x309A]
    return table
