"""How much of each minute one core may be used for work that can wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from inbox.errors import Retryable

MINUTE = 60.0


@dataclass(slots=True)
class CpuBudget:
    """Seconds of CPU a minute; what one piece of work takes too much, the next minutes give.

    `clock` counts seconds of real time, `cpu` those of CPU that this thread has used.
    """

    a_minute: timedelta
    clock: Callable[[], float] = time.monotonic
    cpu: Callable[[], float] = time.thread_time
    _spent: float = 0.0
    _begun: float = field(init=False)

    def __post_init__(self) -> None:
        self._begun = self.clock()

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Count what is done within. Raises Retryable, until there is some again, when spent."""
        self._turn()
        allowed = self.a_minute.total_seconds()
        if self._spent >= allowed:
            minutes = int(self._spent / allowed)
            after = self._begun + minutes * MINUTE - self.clock()
            raise Retryable("The CPU for second looks is spent.", after=timedelta(seconds=after))
        before = self.cpu()
        try:
            yield
        finally:
            self._spent += self.cpu() - before

    def _turn(self) -> None:
        """Each minute that is over has paid for its share."""
        minutes = int((self.clock() - self._begun) / MINUTE)
        self._begun += minutes * MINUTE
        self._spent = max(0.0, self._spent - minutes * self.a_minute.total_seconds())
