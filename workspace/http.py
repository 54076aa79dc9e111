"""HTTP mode: Slack posts events, interactions and commands to one address."""

from __future__ import annotations

from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from workspace.client import LOGGER

PATH = "/slack/events"
MOST_BYTES = 2_000_000
"""Slack's own payloads are far smaller; a longer body is refused before it is read whole."""


def slack_route(app: App) -> Route:
    """Bolt checks the signature and answers; it blocks, so a thread does it."""

    async def receive(request: Request) -> Response:
        body = await _bounded(request)
        if body is None:
            return Response(status_code=413)
        try:
            asked = to_bolt_request(request, body)
            answer = await run_in_threadpool(app.dispatch, asked)
        except UnicodeDecodeError:
            return Response(status_code=401)  # Slack signs text; this was never signed
        except Exception as error:  # outer loop: bolt takes every body for one of Slack's
            LOGGER.warning("a request was not of Slack's form: %s", type(error).__name__)
            return Response(status_code=400)
        return to_starlette_response(answer)

    return Route(PATH, receive, methods=["POST"])


async def _bounded(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)
