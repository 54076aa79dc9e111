"""Numbers of the character and word n-grams of a normalised text, and of its words' beginnings,
alone and by twos that stand near each other.

Every n-gram is hashed by arithmetic over arrays of code points, so a text of any script costs the
same and none of its pieces is ever a Python string. What is alike to a reader is alike here: digits
are one sign, punctuation is a gap, apostrophes are nothing, a letter typed three times is typed
twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

BITS = 20
BUCKETS = 1 << BITS
MOST = 600
"""Characters of a text that are looked at."""

LONGEST = 5
"""Characters of the longest n-gram; the shortest has two, one where a sign is a word."""

STEM = 5
"""Letters of a word's beginning, which its forms have in common."""

NEAR = 3
"""Words from one beginning to another that is counted with it."""

LONG = 800
"""N-grams of a text of some 170 letters, from which on it counts as a long one."""

_SHORT = 250
"""N-grams of a text of about 60 letters."""

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint32]
Indexes = NDArray[np.intp]
Owners = NDArray[np.uint16]

_GAP, _ASKED, _CRIED = 32, 1, 2
_NOTHING = "\ufe00"
"""A sign that counts as nothing, between two texts: the gaps beside it stay two."""
_FIRST_KANA, _LAST_HAN = 0x3041, 0xA000
_MIX = np.uint32(0x9E3779B1)
_STEP = np.uint32(0x01000193)
_SALTS = tuple(np.uint32(salt) for salt in (0, 0, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1))
_WORD, _PAIR = np.uint32(0xB5297A4D), np.uint32(0x68E31DA5)
_BEGUN, _BESIDE = np.uint32(0x1B56C4E9), np.uint32(0x7FEB352D)
_HALF, _DOWN = np.uint32(15), np.uint32(32 - BITS)

_PRIME = 0x100000001B3
_POWERS = np.array([pow(_PRIME, n, 1 << 64) for n in range(MOST + 4)], dtype=np.uint64)
_INVERSE = np.array([pow(_PRIME, -n, 1 << 64) for n in range(MOST + 4)], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Grams:
    """Bucket `buckets[i]` belongs to text `owners[i]` and stands at `starts[i]` to `ends[i]`
    (exclusive) of all texts as they are joined to be looked at; `begins` tells where each begins
    there."""

    buckets: Hashes
    owners: Owners
    starts: Indexes
    ends: Indexes
    begins: Sequence[int]


def lengths(counts: Indexes) -> NDArray[np.float64]:
    """What sums over so many n-grams are divided by, so that texts of any length compare.

    By the root in short texts, where few words say all; more in long ones, of which some words
    always sound private.
    """
    root: NDArray[np.float64] = np.sqrt(np.maximum(counts, 1) * np.maximum(counts / _SHORT, 1.0))
    return root


def buckets(text: str) -> Hashes:
    """Numbers below BUCKETS of all n-grams of a normalised text, each as often as it stands."""
    return bucketed([text])[0]


def bucketed(texts: Sequence[str]) -> tuple[Hashes, Indexes]:
    """The same of many texts, one text after the other, and how many each of them has.

    Arithmetic over all at once costs a fifth of the same text by text.
    """
    signs = _signs(texts)
    hashes, first, last = _hashes(signs)
    owners, whole = _owned(signs, first, last)
    owners = owners[whole]
    order = owners.argsort(kind="stable")
    return _spread(hashes[whole][order]), np.bincount(owners, minlength=len(texts))


def grams(texts: Sequence[str]) -> Grams:
    """N-grams of many texts with their places."""
    signs = _signs(texts)
    hashes, first, last = _hashes(signs)
    owners, whole = _owned(signs, first, last)
    starts = signs.places[first[whole]]
    return Grams(
        buckets=_spread(hashes[whole]),
        owners=owners[whole],
        starts=starts,
        ends=np.maximum(signs.places[last[whole]] + 1, starts),
        begins=signs.begins,
    )


def _owned(signs: _Signs, first: Indexes, last: Indexes) -> tuple[Owners, NDArray[np.bool_]]:
    """Which text an n-gram begins in, and whether it ends there: what goes on into the next is
    in none."""
    owners = signs.owners[first]
    return owners, owners == signs.owners[last]


@dataclass(frozen=True, slots=True)
class _Signs:
    """Texts as signs; of every sign the number of its text, and its place in the joined texts,
    where each text begins at one of `begins`."""

    codes: Codes
    owners: Owners
    places: Indexes
    begins: Sequence[int]


def _signs(texts: Sequence[str]) -> _Signs:
    """Only signs that are looked at."""
    looked = [f" {text[:MOST]} {_NOTHING}" for text in texts]
    sizes = [*map(len, looked)]
    raw = np.frombuffer("".join(looked).encode("utf-32-le", "replace"), np.uint32)
    codes = _canon().take(raw, mode="clip")
    kept = codes != 0
    same = codes[1:] == codes[:-1]
    kept[1:] &= ~(same & (codes[1:] == _GAP))
    kept[2:] &= ~(same[1:] & same[:-1])
    places = kept.nonzero()[0]
    owners = np.repeat(np.arange(len(looked), dtype=np.uint16), sizes)
    begins = [end - one + 1 for end, one in zip(accumulate(sizes), sizes, strict=True)]
    return _Signs(codes[places], owners[places], places, begins)


_Found = tuple[Hashes, Indexes, Indexes]
"""Some n-grams, with the numbers of their first and last sign."""


def _hashes(signs: _Signs) -> _Found:
    found = [*_characters(signs.codes), *_words(signs), *_alone(signs.codes)]
    hashes, first, last = zip(*found, strict=True)
    return np.concatenate(hashes), np.concatenate(first), np.concatenate(last)


def _alone(codes: Codes) -> list[_Found]:
    """Signs that are words, twice: as a sign and as a word."""
    at = ((codes >= _FIRST_KANA) & (codes < _LAST_HAN)).nonzero()[0]
    return [(codes[at] * _MIX, at, at)] * 2


def _characters(codes: Codes) -> list[_Found]:
    at = np.arange(len(codes))
    mixed = codes * _MIX
    rolled = mixed
    found: list[_Found] = []
    for n in range(2, LONGEST + 1):
        rolled = rolled[:-1] * _STEP + mixed[n - 1 :]
        found.append((rolled ^ _SALTS[n], at[: len(rolled)], at[n - 1 :]))
    return found


def _words(signs: _Signs) -> list[_Found]:
    """Words, pairs of words, their beginnings, and pairs of these in any order."""
    codes, owners = signs.codes, signs.owners
    inside = codes > _GAP
    edges = (inside[1:] != inside[:-1]).nonzero()[0] + 1
    starts, ends = edges[::2], edges[1::2]
    begun = owners.searchsorted(np.arange(len(codes) and owners[-1] + 1))
    power = np.arange(len(codes)) - begun[owners]
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(codes * _POWERS[power], out=sums[1:])

    def hashed(ends: Indexes) -> Hashes:
        hashes: NDArray[np.uint64] = (sums[ends] - sums[starts]) * _INVERSE[power[starts]]
        return (hashes >> np.uint64(16)).astype(np.uint32)

    words, cut = hashed(ends), np.minimum(ends, starts + STEM)
    stems = hashed(cut)
    return [
        (words ^ _WORD, starts, ends - 1),
        ((words[:-1] * _STEP + words[1:]) ^ _PAIR, starts[:-1], ends[1:] - 1),
        (stems ^ _BEGUN, starts, cut - 1),
        *((_beside(stems, n), starts[:-n], cut[n:] - 1) for n in range(1, NEAR + 1)),
    ]


def _beside(stems: Hashes, apart: int) -> Hashes:
    """Of every two so many words apart, whichever comes first."""
    one, other = stems[:-apart], stems[apart:]
    return (np.minimum(one, other) * _STEP + np.maximum(one, other)) ^ _BESIDE


def _spread(hashes: Hashes) -> Hashes:
    """The upper bits of a mixed number are its bucket."""
    hashes = (hashes ^ (hashes >> _HALF)) * _MIX
    return hashes >> _DOWN


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
