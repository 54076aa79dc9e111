"""The web edge: signed webhooks in, health out. The only asynchronous room of the product.

A webhook is verified over its raw bytes, parsed, received and committed, and only then
acknowledged. What is refused leaves no trace but a counter.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from inbox.errors import BadPayload, Unverified
from inbox.message import Account
from inbox.ports import Connection, Request
from inbox.reception import Outcome
from tierdesk.arrivals import Arrivals
from tierdesk.gathering import Gathering

log = logging.getLogger(__name__)


class TooLarge(Exception):
    """A body over the size bound."""


class WebhookEdge:
    """POST /webhooks/{network}/{account} for every account whose network calls us."""

    def __init__(
        self,
        connections: Mapping[Account, Connection],
        arrivals: Arrivals,
        *,
        most_bytes: int,
        now: Callable[[], datetime],
    ) -> None:
        self._connections = connections
        self._gathering = Gathering(arrivals)
        self._most_bytes = most_bytes
        self._now = now
        self.answers: Counter[int] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 200 after commit, 401 without detail, 404, 413 or 422 that names the field.

        An ASGI application of its own: what a framework puts around an endpoint would cost as
        much again.
        """
        response = await self._answer(HttpRequest(scope, receive))
        self.answers[response.status_code] += 1
        await response(scope, receive, send)

    async def _answer(self, http: HttpRequest) -> Response:
        account = Account(http.path_params["network"], http.path_params["account"])
        connection = self._connections.get(account)
        if connection is None or connection.receiver is None:
            return PlainTextResponse("not found", 404)
        try:
            body = await self._body(http)
            request = self._request(http, body)
            connection.receiver.verify(request)
            events = connection.receiver.parse(request)
        except TooLarge:
            return _problem(413, f"the body is larger than {self._most_bytes} bytes")
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        except Unverified:
            return PlainTextResponse("unauthorized", 401)
        except BadPayload as error:
            return JSONResponse({"error": error.problem, "field": error.field}, 422)
        outcomes = await self._gathering.receive(events, me=connection.me())
        return JSONResponse(_counts(outcomes))

    async def _body(self, http: HttpRequest) -> bytes:
        declared = http.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > self._most_bytes:
            raise TooLarge
        body = bytearray()
        async for chunk in http.stream():
            body += chunk
            if len(body) > self._most_bytes:
                raise TooLarge
        return bytes(body)

    def _request(self, http: HttpRequest, body: bytes) -> Request:
        return Request(
            method=http.method,
            query=dict(http.query_params),
            headers=dict(http.headers.items()),
            body=body,
            received_at=self._now(),
        )


def _counts(outcomes: list[Outcome]) -> dict[str, int]:
    """New messages, ones that we knew, and changes of known ones."""
    return {
        "new": outcomes.count(Outcome.NEW),
        "known": outcomes.count(Outcome.KNOWN) + outcomes.count(Outcome.OWN),
        "changed": outcomes.count(Outcome.CHANGED),
    }


def _problem(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status)


async def _failed(_: HttpRequest, error: Exception) -> Response:
    log.error("a request failed: %s", type(error).__name__)
    return _problem(503, "not received; send it again")


def web_app(
    edge: WebhookEdge, health: Callable[[], Mapping[str, object]], more: tuple[BaseRoute, ...] = ()
) -> Starlette:
    """All routes: webhooks, health, and Slack's in HTTP mode."""

    async def show_health(_: HttpRequest) -> Response:
        report = await asyncio.to_thread(health)
        return JSONResponse({**report, "webhooks": {str(k): n for k, n in edge.answers.items()}})

    return Starlette(
        routes=[
            Route("/webhooks/{network}/{account}", edge, methods=["POST"]),
            Route("/health", show_health),
            *more,
        ],
        exception_handlers={Exception: _failed},
    )
