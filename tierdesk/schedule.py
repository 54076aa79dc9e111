"""When an account is polled next: faster while it is busy, slower when it is quiet or limited."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread
from typing import Protocol

log = logging.getLogger(__name__)

BUSY = 0.5
"""Part of the usual time after a poll that brought something."""

QUIETER = 1.1
"""Each poll in vain lengthens the next wait by this factor, up to `QUIETEST`."""

QUIETEST = 2.0
JITTER = 0.1
"""Accounts of one network that were polled together drift apart."""

LONGEST = timedelta(hours=6)
LONGEST_REQUEST = 20.0
"""Seconds; longer than the time-outs of requests."""


def wait(every: timedelta, *, in_vain: int, pace: float, luck: float) -> timedelta:
    """The time until the next poll.

    `every` is the usual one, `in_vain` how many polls in a row brought nothing, `pace` how many
    times slower the network wants it for now, `luck` a random number from 0 to 1.
    """
    quiet = BUSY if in_vain == 0 else min(QUIETEST, QUIETER ** min(in_vain - 1, 100))
    factor = quiet * max(1.0, pace) * (1 + JITTER * (2 * luck - 1))
    return min(max(every * factor, every * BUSY * (1 - JITTER)), max(LONGEST, every))


@dataclass(slots=True)
class Turns:
    """The schedule of one account."""

    every: timedelta
    pace: Callable[[], float]
    luck: Callable[[], float] = random.random
    _in_vain: int = 1

    def after(self, arrived: int) -> timedelta:
        """How long to wait after a poll that brought so many events."""
        self._in_vain = 0 if arrived else self._in_vain + 1
        return wait(self.every, in_vain=self._in_vain, pace=self.pace(), luck=self.luck())


class Poll(Protocol):
    def turn(self) -> int:
        """Poll once; how many events arrived."""
        ...

    def rest(self) -> timedelta:
        """How long the account wants to be left alone now."""
        ...


class PollLoop:
    """One account's polls in a thread of its own: a network that hangs delays no other."""

    def __init__(self, poll: Poll, turns: Turns, name: str) -> None:
        self._poll = poll
        self._turns = turns
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=f"poll-{name}", daemon=True)

    def start(self) -> None:
        """The first poll comes at once."""
        self._thread.start()

    def stop(self) -> None:
        """No new poll begins."""
        self._stopping.set()

    def join(self) -> None:
        """Wait for the poll that is under way, as long as a request may take."""
        if self._thread.is_alive():
            self._thread.join(timeout=LONGEST_REQUEST)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self._turn().total_seconds())

    def _turn(self) -> timedelta:
        """Poll; returns how long to wait."""
        try:
            return max(self._turns.after(self._poll.turn()), self._poll.rest())
        except Exception as error:  # a fault of ours must not end the account's schedule
            log.error("a poll failed: %s", type(error).__name__)  # noqa: TRY400
            return self._turns.every
