"""What is left of X's rate limits, by endpoint, as the headers of its answers tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """`left` of `most` calls until `reset`."""

    most: int
    left: int
    reset: datetime

    def rest(self, asked: datetime, now: datetime) -> timedelta | None:
        """How long a poll should wait that was made last at `asked`; None where not at all.

        The first half of a window may be used at will; the calls of the second half are spread
        over what is left of its time, so that none comes when all are used.
        """
        if now >= self.reset or self.left > self.most // 2:
            return None
        if self.left <= 0:
            return self.reset - now
        wait = asked + (self.reset - asked) / (self.left + 1) - now
        return wait if wait > timedelta(0) else None


@dataclass(slots=True)
class Limits:
    """Every limit that an account has heard of; `clock` is shared with its requests."""

    clock: Callable[[], datetime]
    _known: dict[str, tuple[Limit, datetime]] = field(default_factory=dict)

    def saw(self, endpoint: str, headers: Mapping[str, str]) -> None:
        """The headers `x-rate-limit-*` of an answer; those that say nothing change nothing."""
        names = ("limit", "remaining", "reset")
        said = [headers.get(f"x-rate-limit-{name}", "").strip() for name in names]
        if all(part.isascii() and part.isdigit() and len(part) < 12 for part in said):
            most, left, reset = map(int, said)
            limit = Limit(most, left, datetime.fromtimestamp(reset, UTC))
            self._known[endpoint] = (limit, self.clock())

    def rest(self, endpoint: str) -> timedelta | None:
        """How long polls should leave this endpoint alone; None where not at all."""
        limit, asked = self._known.get(endpoint, (None, None))
        if limit is None or asked is None:
            return None
        return limit.rest(asked, self.clock())
