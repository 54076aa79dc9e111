"""Requests of the last hour, for shops that limit them and do not tell what is left."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from inbox.errors import Retryable

HOUR = timedelta(hours=1)


class Hourly:
    """`most` requests an hour, of which polls leave `kept` to answers."""

    def __init__(self, name: str, most: int, kept: int, clock: Callable[[], datetime]) -> None:
        self._name = name
        self._most = most
        self._kept = kept
        self._clock = clock
        self._made: deque[datetime] = deque(maxlen=max(most, 1))

    def made(self) -> None:
        self._made.append(self._clock())

    def spare(self) -> None:
        """Raises Retryable where what is left is kept for answers."""
        now = self._clock()
        young = [at for at in self._made if at > now - HOUR]
        if len(young) >= self._most - self._kept:
            raise Retryable(
                f"The rest of {self._name}'s hourly limit is kept for answers.",
                after=max(young[0] + HOUR - now, timedelta(seconds=1)),
            )
