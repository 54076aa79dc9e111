"""Webhooks: who is to be told, in batches, signed, again and again until they take it."""

import asyncio
import contextlib
import hmac
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from sandbox.meta.accounts import APP_SECRET, VERIFY_TOKEN

MOST_ENTRIES = 100
"""Entries in one body; Meta says up to 1000."""

CHALLENGE = "1158201444"
_KEPT = 5_000
_FIRST_WAIT = 0.2
_LONGEST_WAIT = 60.0
_GIVEN_UP_AFTER = 36 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A body on its way to a callback."""

    network: str
    body: bytes
    tried: int = 0
    wait: float = 0.0
    waited: float = 0.0

    @property
    def headers(self) -> Mapping[str, str]:
        signature = hmac.digest(APP_SECRET.encode(), self.body, "sha256").hex()
        return {"content-type": "application/json", "x-hub-signature-256": f"sha256={signature}"}


@dataclass(slots=True)
class Hooks:
    """What is to be told to whom."""

    callbacks: dict[str, str] = field(default_factory=dict)
    refused: int = 0
    _taken: deque[Delivery] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _waiting: deque[tuple[str, dict[str, Any]]] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _again: list[Delivery] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, network: str, told: dict[str, Any]) -> None:
        if not told.pop("silent", False):
            self._waiting.append((network, told))
            self._news.set()

    def clear(self) -> None:
        self._waiting.clear()
        self._again.clear()
        self._taken.clear()

    def take(self) -> list[Delivery]:
        """All that waits, as bodies in their order; what was told is told once by this."""
        bodies: list[Delivery] = []
        batch: list[dict[str, Any]] = []
        at: tuple[str, str] | None = None
        while self._waiting:
            network, told = self._waiting.popleft()
            here = (network, told.get("object", ""))
            if batch and (here != at or len(batch) >= MOST_ENTRIES):
                bodies.append(_body(at, batch))
                batch = []
            if "flat" in told:
                bodies.append(Delivery(network=network, body=_json(told["flat"])))
                continue
            batch.append(told["entry"])
            at = here
        return [*bodies, *([_body(at, batch)] if batch else [])]

    def redeliver(self) -> int:
        """Send again what was taken, as Meta does now and then; how many bodies."""
        again = list(self._taken)
        self._again += [replace(delivery, tried=0, wait=0.0) for delivery in again]
        self._news.set()
        return len(again)

    async def subscribe(self, network: str, url: str) -> bool:
        """Ask the callback for its word, as Meta does; whether it gave it."""
        asked = {
            "hub.mode": "subscribe",
            "hub.verify_token": VERIFY_TOKEN,
            "hub.challenge": CHALLENGE,
        }
        async with httpx.AsyncClient(timeout=10) as http:
            answer = await http.get(url, params=asked)
        if answer.status_code != 200 or answer.text != CHALLENGE:
            return False
        self.callbacks[network] = url
        self._news.set()
        return True

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with httpx.AsyncClient(timeout=10) as http:
            while True:
                wait = min((d.wait for d in self._again), default=None)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), wait)
                self._news.clear()
                due, self._again = self._again, []
                for delivery in (*due, *(self.take() if self.callbacks else [])):
                    await self._deliver(http, delivery)

    async def _deliver(self, http: httpx.AsyncClient, delivery: Delivery) -> None:
        url = self.callbacks.get(delivery.network)
        if url is None:
            return
        try:
            headers = dict(delivery.headers)
            answer = await http.post(url, content=delivery.body, headers=headers)
            taken = answer.status_code == 200
        except httpx.TransportError:
            taken = False
        if taken:
            self._taken.append(delivery)
        else:
            self.refused += 1
            wait = min(_FIRST_WAIT * 2**delivery.tried, _LONGEST_WAIT)
            waited = delivery.waited + wait
            if waited < _GIVEN_UP_AFTER:
                again = replace(delivery, tried=delivery.tried + 1, wait=wait, waited=waited)
                self._again.append(again)


def _body(at: tuple[str, str] | None, entries: list[dict[str, Any]]) -> Delivery:
    network, kind = at or ("", "")
    return Delivery(network=network, body=_json({"object": kind, "entry": entries}))


def _json(told: dict[str, Any]) -> bytes:
    """Letters beyond ASCII escaped, as Meta sends them."""
    return json.dumps(told, separators=(",", ":")).encode("ascii")
