"""Which lanes this process need not look at: something of theirs is under way, or they rest."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from datetime import timedelta

LATER = 0.005
"""Seconds that our clock is asked after the database's, which decides."""


class Lanes:
    """A commit for such a lane is no reason to ask the outbox: its turn comes by itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._resting: dict[str, float] = {}

    def begin(self, lane: str) -> None:
        with self._lock:
            self._resting.pop(lane, None)
            self._busy.add(lane)

    def end(self, lane: str, *, rest: timedelta | None = None) -> None:
        """An attempt has ended; `rest` is how long the lane waits for its next one."""
        with self._lock:
            self._busy.discard(lane)
            if rest is not None:
                self._resting[lane] = time.monotonic() + rest.total_seconds() + LATER

    def all_wait(self, lanes: Iterable[str]) -> bool:
        """Whether nothing of these can be delivered now. False for none."""
        now = time.monotonic()
        with self._lock:
            waiting = [self._waits(lane, now) for lane in lanes]
        return bool(waiting) and all(waiting)

    def _waits(self, lane: str, now: float) -> bool:
        return lane in self._busy or self._resting.get(lane, 0.0) > now

    def next_turn(self, most: float) -> float:
        """Seconds until the first resting lane is due, at most `most`."""
        now = time.monotonic()
        with self._lock:
            self._resting = {lane: end for lane, end in self._resting.items() if end > now}
            return min([most, *(end - now for end in self._resting.values())])
