"""How much of Meta's limits is used up, as every answer tells in its headers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from inbox.errors import Retryable

HEADERS = ("x-app-usage", "x-page-usage", "x-business-use-case-usage")
"""Percentages by kind, the last one by business (Graph API: "Rate Limits")."""

RESERVE = 75
"""Percent of a limit from which on reading waits, so that answers still go out."""

REST = timedelta(minutes=5)
LONGEST_REST = timedelta(hours=1)
_PERCENTAGES = ("call_count", "total_time", "total_cputime")


@dataclass(slots=True)
class Usage:
    """What the last answers said; shared by all that one account asks."""

    clock: Callable[[], datetime]
    percent: int = 0
    _until: datetime | None = None

    def saw(self, answer: httpx.Response) -> None:
        parts = list(_parts(answer))
        if not parts:
            return
        self.percent = max(_percent(part) for part in parts)
        self._until = self.clock() + (regain(answer) or REST)

    def spare(self) -> None:
        """Before a poll: leave what is left to the answers. Raises Retryable."""
        if self.percent < RESERVE or self._until is None:
            return
        left = self._until - self.clock()
        if left > timedelta(0):
            raise Retryable("Meta's limit is nearly used up; answers come first.", after=left)
        self.percent = 0

    def pace(self) -> float:
        """How many times slower to read: from half of the limit on more and more."""
        return 1.0 if self.percent < 50 else 1.0 + (self.percent - 50) / 10


def regain(answer: httpx.Response) -> timedelta | None:
    """How long until calls are taken again, where Meta says it; it counts in minutes."""
    minutes = [_number(part.get("estimated_time_to_regain_access")) for part in _parts(answer)]
    longest = timedelta(minutes=max(minutes, default=0))
    return min(longest, LONGEST_REST) or None


def _parts(answer: httpx.Response) -> Iterator[Mapping[str, Any]]:
    for name in HEADERS:
        try:
            said = json.loads(answer.headers.get(name, ""))
        except ValueError:
            continue
        if isinstance(said, dict):
            yield from _flat(said)


def _flat(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if any(name in said for name in _PERCENTAGES):
        yield said
    for some in said.values():
        if isinstance(some, list):
            yield from (part for part in some if isinstance(part, dict))


def _percent(part: Mapping[str, Any]) -> int:
    return max(_number(part.get(name)) for name in _PERCENTAGES)


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and 0 <= value < 10**6 else 0
