"""The web edge: signed webhooks in, health out. The only asynchronous room of the product.

A webhook is verified over its raw bytes, parsed, received and committed, and only then
acknowledged. What is refused leaves no trace but a counter.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from inbox.errors import BadPayload, Unverified
from inbox.message import Account, Event
from inbox.ports import Connection, Request, WebhookReceiver
from inbox.reception import Outcome
from inbox.unread import reading
from tierdesk.arrivals import Arrivals
from tierdesk.gathering import Gathering
from tierdesk.helpdesk_edge import HelpdeskEdge
from tierdesk.requests import TooLarge, read_request, refusal, without_body

log = logging.getLogger(__name__)


class WebhookEdge:
    """/webhooks/{network}/{account}, and /webhooks/{network} for all accounts of one app there.

    POST brings messages; by GET a network makes sure that the address is ours.
    """

    def __init__(
        self,
        connections: Mapping[Account, Connection],
        arrivals: Arrivals,
        *,
        most_bytes: int,
        now: Callable[[], datetime],
        took: Callable[[Account], object] = lambda account: None,
    ) -> None:
        self._connections = connections
        self._arrivals = arrivals
        self._gathering = Gathering(arrivals)
        self._most_bytes = most_bytes
        self._now = now
        self._took = took
        self.answers: Counter[int] = Counter()
        self._turns: dict[Account, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 200 after commit, 401 without detail, 404, 413 or 422 that names the field."""
        response = await self._answer(scope, receive)
        self.answers[response.status_code] += 1
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        asked = self._asked(scope["path_params"])
        try:
            if scope["method"] == "POST":
                return await self._receive(scope, receive, asked)
            return self._greet(without_body(scope, self._now()), asked)
        except (TooLarge, ClientDisconnect, Unverified) as error:
            return refusal(error)

    def _asked(self, path: Mapping[str, str]) -> Sequence[Connection]:
        """The account of the path; all of the network where it names none."""
        network, name = path["network"], path.get("account")
        return [
            connection
            for account, connection in self._connections.items()
            if account.network == network and name in (None, account.name)
        ]

    def _greet(self, request: Request, asked: Sequence[Connection]) -> Response:
        """The word of the first account that knows the one who asks. Raises Unverified."""
        handshakes = [connection.handshake for connection in asked if connection.handshake]
        for handshake in handshakes:
            with suppress(Unverified):
                greeting = handshake.greet(request)
                plain = {"X-Content-Type-Options": "nosniff"}  # it may repeat what was asked
                return Response(greeting.body, media_type=greeting.media_type, headers=plain)
        return _nobody(handshakes)

    async def _receive(
        self, scope: Scope, receive: Receive, asked: Sequence[Connection]
    ) -> Response:
        """Each account takes what is its own; what one cannot read is not kept from the others."""
        receivers = [(c.receiver, c) for c in asked if c.receiver]
        if not receivers:
            return _nobody(receivers)
        request = await read_request(scope, receive, most_bytes=self._most_bytes, at=self._now())
        known = [(r, of) for r, of in receivers if _verifies(r, request)]
        if not known:
            return _nobody(receivers)
        parsed = [(await self._parse(receiver, request, of), of) for receiver, of in known]
        outcomes = await _all(
            self._gathering.receive(events, me=of.me())
            for events, of in parsed
            if not isinstance(events, BadPayload)
        )
        for bad, of in parsed:
            if not isinstance(bad, BadPayload):
                self._took(of.account)
        for bad, _ in parsed:
            if isinstance(bad, BadPayload):
                return JSONResponse({"error": bad.problem, "field": bad.field}, 422)
        return _counted([outcome for some in outcomes for outcome in some])

    async def _parse(
        self, receiver: WebhookReceiver, request: Request, of: Connection
    ) -> Sequence[Event] | BadPayload:
        """What came for an account; what could not be read is told before it is forgotten."""
        with reading() as unread:
            parsed = await self._in_turn(receiver, request, of)
        if unread.entries:
            await asyncio.wrap_future(self._arrivals.left_out(of.account, unread.entries))
        if isinstance(parsed, BadPayload):
            await asyncio.wrap_future(self._arrivals.refused(of.account))
        return parsed

    async def _in_turn(
        self, receiver: WebhookReceiver, request: Request, of: Connection
    ) -> Sequence[Event] | BadPayload:
        """One at a time for an account whose receiver asks its network; the others go on."""
        if not of.asks:
            return _parsed(receiver, request)
        async with self._turns.setdefault(of.account, asyncio.Lock()):
            return await asyncio.to_thread(_parsed, receiver, request)


def _verifies(receiver: WebhookReceiver, request: Request) -> bool:
    try:
        receiver.verify(request)
    except Unverified:
        return False
    return True


def _parsed(receiver: WebhookReceiver, request: Request) -> Sequence[Event] | BadPayload:
    try:
        return receiver.parse(request)
    except BadPayload as bad:
        return bad


def _nobody(asked: Sequence[object]) -> Response:
    """Nobody is there to ask, or nobody who was convinced. Raises Unverified."""
    if asked:
        raise Unverified
    return PlainTextResponse("not found", 404)


async def _all(answers: Iterable[asyncio.Future[list[Outcome]]]) -> list[list[Outcome]]:
    """Of several, also after one fails: none may end unheard."""
    waiting = list(answers)
    return [await waiting[0]] if len(waiting) == 1 else await asyncio.gather(*waiting)


def _counted(outcomes: Sequence[Outcome]) -> Response:
    """New messages, ones that we knew, and changes of known ones."""
    known = outcomes.count(Outcome.KNOWN) + outcomes.count(Outcome.OWN)
    return _counts(outcomes.count(Outcome.NEW), known, outcomes.count(Outcome.CHANGED))


@lru_cache(maxsize=64)
def _counts(new: int, known: int, changed: int) -> Response:
    return JSONResponse({"new": new, "known": known, "changed": changed})


def _problem(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status)


async def _failed(_: HttpRequest, error: Exception) -> Response:
    log.error("a request failed: %s", type(error).__name__)
    return _problem(503, "not received; send it again")


def web_app(
    edge: WebhookEdge,
    health: Callable[[], Mapping[str, object]],
    more: tuple[BaseRoute, ...] = (),
    *,
    helpdesks: HelpdeskEdge | None = None,
) -> ASGIApp:
    """All routes: webhooks, health, and Slack's in HTTP mode."""
    tickets = (
        [Route("/webhooks/helpdesk/{name}", helpdesks, methods=["GET", "POST"])]
        if helpdesks
        else []
    )

    async def show_health(_: HttpRequest) -> Response:
        report = await asyncio.to_thread(health)
        answers = edge.answers + (helpdesks.answers if helpdesks else Counter())
        return JSONResponse({**report, "webhooks": {str(k): n for k, n in answers.items()}})

    routes = Starlette(
        routes=[
            *tickets,
            Route("/webhooks/{network}", edge, methods=["GET", "POST"]),
            Route("/webhooks/{network}/{account}", edge, methods=["GET", "POST"]),
            Route("/health", show_health),
            *more,
        ],
        exception_handlers={Exception: _failed},
    )
    return _straight(edge, routes)


def _straight(edge: WebhookEdge, routes: ASGIApp) -> ASGIApp:
    """An account's messages go past the routes, which cost as much as a webhook itself."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        match scope.get("method"), scope.get("path", "").split("/"):
            case "POST", ["", "webhooks", network, account] if network != "helpdesk" and account:
                scope["path_params"] = {"network": network, "account": account}
                await _guarded(edge, scope, receive, send)
            case _:
                await routes(scope, receive, send)

    return app


async def _guarded(edge: WebhookEdge, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await edge(scope, receive, send)
    except Exception as error:
        await (await _failed(HttpRequest(scope), error))(scope, receive, send)
