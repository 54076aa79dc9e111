"""Timestamp identifiers: the keys of records and the marks of the chat's log (atproto.com, "TID").

One is 64 bits in 13 letters that sort by age: a zero, 53 bits of microseconds since 1970, 10 bits
of the clock that made it.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_TID = re.compile(r"[234567abcdefghij][234567a-z]{12}")
_MOST = (1 << 53) - 1
_SPREAD = 60_000_000
"""Microseconds after the answered post that keys of its answers lie in."""
_SOME_DAY = 1_700_000_000_000_000
"""Where keys begin that answer nothing with a time in its name, in microseconds since 1970."""


def tid(microseconds: int, clock: int = 0) -> str:
    bits = (min(max(microseconds, 0), _MOST) << 10) | (clock & 1023)
    return "".join(_LETTERS[(bits >> shift) & 31] for shift in range(60, -1, -5))


def tid_at(moment: datetime) -> str:
    """The first identifier of a moment: what comes after it sorts behind."""
    return tid(int(moment.timestamp()) * 1_000_000 + moment.microsecond)


def record_key(key: str, *, after: str = "") -> str:
    """The record's key for an idempotency key: the same for ever, another for another.

    `after` is the key of the answered record; the answer sorts behind it, as it would anyway.
    """
    digest = int.from_bytes(hashlib.sha256(f"{after}\0{key}".encode()).digest()[:16])
    start = _microseconds(after)
    return tid(start + 1 + (digest >> 10) % _SPREAD, digest)


def _microseconds(key: str) -> int:
    if not _TID.fullmatch(key):
        return _SOME_DAY
    bits = 0
    for letter in key:
        bits = bits << 5 | _LETTERS.index(letter)
    return min(bits >> 10, _MOST - _SPREAD)
