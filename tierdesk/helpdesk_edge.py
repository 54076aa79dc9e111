"""Where helpdesks tell of their tickets: signed webhooks, acknowledged after the commit."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from inbox.errors import BadPayload, Unverified
from inbox.message import Account
from inbox.ports import HelpdeskConnection
from inbox.unread import reading
from tierdesk.helpdesk_news import HelpdeskNews
from tierdesk.requests import TooLarge, read_request, refusal, without_body


class HelpdeskEdge:
    """/webhooks/helpdesk/{name}: POST brings news; by GET a helpdesk makes sure of the address."""

    def __init__(
        self,
        helpdesks: Mapping[str, HelpdeskConnection],
        news: HelpdeskNews,
        *,
        most_bytes: int,
        now: Callable[[], datetime],
        took: Callable[[Account], object] = lambda account: None,
    ) -> None:
        self._helpdesks = helpdesks
        self._news = news
        self._most_bytes = most_bytes
        self._now = now
        self._took = took
        self.answers: Counter[int] = Counter()
        self._turns: dict[str, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 200 after commit, 401 without detail, 404, 413 or 422 that names the field."""
        response = await self._answer(scope, receive)
        self.answers[response.status_code] += 1
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        connection = self._helpdesks.get(scope["path_params"]["name"])
        if connection is None:
            return PlainTextResponse("not found", 404)
        try:
            if scope["method"] == "POST":
                return await self._receive(scope, receive, connection)
            return self._greet(scope, connection)
        except BadPayload as bad:
            await asyncio.wrap_future(self._news.refused(connection.account))
            return JSONResponse({"error": bad.problem, "field": bad.field}, 422)
        except (TooLarge, ClientDisconnect, Unverified) as error:
            return refusal(error)

    def _greet(self, scope: Scope, connection: HelpdeskConnection) -> Response:
        if connection.handshake is None:
            return PlainTextResponse("not found", 404)
        greeting = connection.handshake.greet(without_body(scope, self._now()))
        plain = {"X-Content-Type-Options": "nosniff"}  # it may repeat what was asked
        return Response(greeting.body, media_type=greeting.media_type, headers=plain)

    async def _receive(
        self, scope: Scope, receive: Receive, connection: HelpdeskConnection
    ) -> Response:
        if connection.receiver is None:
            return PlainTextResponse("not found", 404)
        request = await read_request(scope, receive, most_bytes=self._most_bytes, at=self._now())
        connection.receiver.verify(request)
        async with self._turns.setdefault(connection.name, asyncio.Lock()):
            # It may ask the helpdesk, and nobody else may wait for that.
            with reading() as unread:
                events = await asyncio.to_thread(connection.receiver.parse, request)
        if unread.entries:
            told = self._news.left_out(connection.account, unread.entries)
            await asyncio.wrap_future(told)
        new = await asyncio.wrap_future(self._news.submit(connection.name, events))
        self._took(connection.account)
        return JSONResponse({"new": new, "known": len(events) - new})
