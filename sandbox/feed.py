"""Light change signals: they say that something changed, never what it holds."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

_MISSED_AT_MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One signal. `source` is "slack", "network", "x", "meta", "helpdesk", "story" or "control"."""

    source: str
    what: str
    id: str = ""


class Feed:
    """Tells every listener of every change; used from one event loop only.

    A listener that does not keep up loses its oldest signals: who reads them fetches
    the state again anyway.
    """

    def __init__(self) -> None:
        self._listeners: list[_Listener] = []
        self._closed = False

    def publish(self, source: str, what: str, id: str = "") -> None:  # noqa: A002 - the page's word
        change = Change(source=source, what=what, id=id)
        for listener in self._listeners:
            listener.tell(change)

    async def listen(self) -> AsyncIterator[Change]:
        """Changes from the first step of the iteration on, until the feed is closed."""
        listener = _Listener()
        self._listeners.append(listener)
        try:
            while not self._closed:
                if change := await listener.next():
                    yield change
        finally:
            self._listeners.remove(listener)

    def close(self) -> None:
        """End every listening, now and later."""
        self._closed = True
        for listener in self._listeners:
            listener.wake()


class _Listener:
    def __init__(self) -> None:
        self._waiting: deque[Change] = deque(maxlen=_MISSED_AT_MOST)
        self._arrived = asyncio.Event()

    def tell(self, change: Change) -> None:
        self._waiting.append(change)
        self._arrived.set()

    def wake(self) -> None:
        self._arrived.set()

    async def next(self) -> Change | None:
        """The oldest change, or None when somebody only woke the listener."""
        if not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        return self._waiting.popleft() if self._waiting else None
