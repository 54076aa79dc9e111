"""Ids as Mastodon makes them: numbers that grow with time."""

from collections.abc import Callable


class Snowflakes:
    """Increasing ids; milliseconds since 1970 above `bits` bits of sequence.

    They follow the clock and not a count from one, so that a client's stored cursor
    stays meaningful when the sandbox starts anew.
    """

    def __init__(self, clock: Callable[[], float], *, bits: int) -> None:
        self._clock = clock
        self._bits = bits
        self._last = 0

    def next(self) -> int:
        self._last = max(self._last + 1, int(self._clock() * 1000) << self._bits)
        return self._last
