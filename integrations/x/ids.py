"""Ids of X, which hold the time of their making (github.com/twitter-archive/snowflake)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime.fromtimestamp(1_288_834_974.657, UTC)
_BITS = 22


def before(at: datetime) -> str:
    """The greatest id that was made before this time: what follows it is not older."""
    milliseconds = max(0, (at - _EPOCH) // timedelta(milliseconds=1))
    return str(max(0, (milliseconds << _BITS) - 1))


def made_at(id: str) -> datetime:  # noqa: A002 - the field's own name
    return _EPOCH + timedelta(milliseconds=int(id) >> _BITS)


def later(one: str, other: str) -> str:
    return max(one, other, key=int)
