"""Time stamps and identifiers: unique, growing, shaped as Slack's."""

from collections.abc import Callable

Clock = Callable[[], float]

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Names:
    """Hands out what must not repeat.

    Both counters start at the clock's time, so that a workspace that starts anew never
    hands out an event id that a lasting client has seen before.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last_ts = 0
        self._count = int(clock() * 1_000_000)

    def ts(self) -> str:
        """A message's time stamp: seconds with six digits, unique in the workspace."""
        self._last_ts = max(int(self._clock() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new(self, prefix: str) -> str:
        """An identifier such as "Ev0HQZX3K9A2"."""
        self._count += 1
        return prefix + _base36(self._count)

    def serial(self) -> int:
        self._count += 1
        return self._count


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits
