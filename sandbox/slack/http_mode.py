"""HTTP mode: signed requests to the app's own addresses.

Sources: "Verifying requests from Slack", "The Events API" of docs.slack.dev.
"""

import asyncio
import hmac
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import httpx

from sandbox.slack.delivery import Delivered, Retry, Undelivered
from sandbox.slack.names import Clock
from sandbox.slack.wire import Json, encode

_AT_ONCE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the app listens."""

    events: str
    interactivity: str
    commands: str


class HttpMode:
    """Carries everything by POST; what is answered in time with 2xx is acknowledged."""

    def __init__(
        self, addresses: Addresses, secret: str, clock: Clock, *, ack_seconds: float
    ) -> None:
        self._addresses = addresses
        self._secret = secret
        self._clock = clock
        self._ack_seconds = ack_seconds
        # No connection outlives its request, so that nothing is left open when the loop ends.
        self._client = httpx.AsyncClient(
            timeout=None,  # noqa: S113 - `carry` bounds the whole request
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def carry(self, kind: str, payload: Json, retry: Retry | None) -> Delivered | Undelivered:
        async with self._turns:
            try:
                async with asyncio.timeout(self._ack_seconds):
                    response = await self._post(kind, payload, retry)
            except TimeoutError:
                return Undelivered(reason="http_timeout")
            except httpx.HTTPError:
                return Undelivered(reason="connection_failed")
        if response.is_success:
            return Delivered(answer=_said(response))
        final = response.headers.get("x-slack-no-retry") == "1"
        return Undelivered(reason="http_error", final=final)

    async def verify(self, challenge: str, token: str) -> bool:
        """The url_verification handshake: does the app give the challenge back?"""
        payload = {"token": token, "challenge": challenge, "type": "url_verification"}
        outcome = await self.carry("events_api", payload, None)
        if not isinstance(outcome, Delivered):
            return False
        said = outcome.answer
        return (said.get("challenge") if isinstance(said, dict) else said) == challenge

    async def _post(self, kind: str, payload: Json, retry: Retry | None) -> httpx.Response:
        url, content_type, body = self._letter(kind, payload)
        headers = {"content-type": content_type, "user-agent": "Slackbot 1.0", **self._signed(body)}
        if retry:
            headers |= {
                "x-slack-retry-num": str(retry.number),
                "x-slack-retry-reason": retry.reason,
            }
        return await self._client.post(url, content=body, headers=headers)

    def _letter(self, kind: str, payload: Json) -> tuple[str, str, bytes]:
        form = "application/x-www-form-urlencoded"
        if kind == "events_api":
            return self._addresses.events, "application/json", encode(payload).encode()
        if kind == "slash_commands":
            return self._addresses.commands, form, urlencode(payload).encode()
        body = urlencode({"payload": encode(payload)}).encode()
        return self._addresses.interactivity, form, body

    def _signed(self, body: bytes) -> dict[str, str]:
        now = str(int(self._clock()))
        base = b"v0:" + now.encode() + b":" + body
        digest = hmac.new(self._secret.encode(), base, sha256).hexdigest()
        return {"x-slack-request-timestamp": now, "x-slack-signature": f"v0={digest}"}


def _said(response: httpx.Response) -> Any:
    """The JSON or plain text of an acknowledgement, or None."""
    if not response.content:
        return None
    try:
        return response.json()
    except json.JSONDecodeError:
        return response.text
