"""What is left of a rate limit, as a network's headers say, and what polls leave to replies."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from inbox.errors import Retryable

NEARLY = 0.2
"""The share of a limit below which polls come more seldom."""
SLOWER = 4.0
"""How many times more seldom."""


@dataclass(slots=True)
class Allowance:
    """One rate limit. `name` is the network's; `kept` are the requests that polls leave to others.

    Nothing is known before the first answer, and nothing of a window that has ended.
    """

    name: str
    kept: int
    _limit: int = 0
    _left: int = 0
    _resets: datetime = field(default=datetime.min.replace(tzinfo=UTC))

    def note(self, *, limit: int, left: int, resets: datetime) -> None:
        self._limit, self._left, self._resets = limit, left, resets

    def spare(self, now: datetime) -> None:
        """Raises Retryable where what is left is kept for replies."""
        if now < self._resets and self._left < min(self.kept, self._limit):
            raise Retryable(
                f"The rest of {self.name}'s rate limit is kept for replies.",
                after=max(self._resets - now, timedelta(seconds=1)),
            )

    def pace(self, now: datetime) -> float:
        """How many times slower than usual polls shall come."""
        return SLOWER if now < self._resets and self._left < self._limit * NEARLY else 1.0
