"""Bringing events and interactions to the app, with Slack's retries."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.slack.wire import Json

ACK_SECONDS = 3.0
RETRY_DELAYS = (0.0, 60.0, 300.0)
_UNDERWAY_AT_MOST = 20_000
_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The app acknowledged; `answer` is what it said with it, or None."""

    answer: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """No acknowledgement; `final` when the app asked for no retry."""

    reason: str
    final: bool = False


class Carrier(Protocol):
    """One way to the app. `kind` is "events_api", "interactive" or "slash_commands"."""

    async def carry(
        self, kind: str, payload: Json, retry: Retry | None
    ) -> Delivered | Undelivered: ...


class Delivery:
    """Sends events until they are acknowledged, four times at most, and interactions once.

    Events of which more than 20,000 are underway are lost, as Slack loses them above its
    hourly limit. Source: "The Events API" and "Interactivity" of docs.slack.dev.
    """

    def __init__(
        self, carrier: Carrier, *, ack_seconds: float, retry_delays: tuple[float, ...]
    ) -> None:
        self.carrier = carrier
        self._ack_seconds = ack_seconds
        self._retry_delays = retry_delays
        self._underway: set[asyncio.Task[None]] = set()
        self._acknowledged: deque[Json] = deque(maxlen=_REMEMBERED)

    def send(self, event: Json) -> None:
        if len(self._underway) < _UNDERWAY_AT_MOST:
            self._start(event, None)

    def redeliver(self, last: int) -> int:
        """Sends the newest acknowledged events once more; the count of them."""
        again = list(self._acknowledged)[-last:] if last > 0 else []
        for event in again:
            self._start(event, Retry(number=1, reason="http_timeout"))
        return len(again)

    async def interact(self, kind: str, payload: Json) -> Delivered | None:
        """The app's acknowledgement, or None when none came in time."""
        try:
            async with asyncio.timeout(self._ack_seconds):
                outcome = await self.carrier.carry(kind, payload, None)
        except TimeoutError:
            return None
        return outcome if isinstance(outcome, Delivered) else None

    def clear(self) -> None:
        self._acknowledged.clear()
        for task in self._underway:
            task.cancel()

    def _start(self, event: Json, retry: Retry | None) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(event, retry))
        self._underway.add(task)
        task.add_done_callback(self._underway.discard)

    async def _deliver(self, event: Json, retry: Retry | None) -> None:
        number = retry.number if retry else 0
        while True:
            outcome = await self.carrier.carry("events_api", event, retry)
            if isinstance(outcome, Delivered):
                self._acknowledged.append(event)
                return
            if outcome.final or number >= len(self._retry_delays):
                return
            await asyncio.sleep(self._retry_delays[number])
            number += 1
            retry = Retry(number=number, reason=outcome.reason)
