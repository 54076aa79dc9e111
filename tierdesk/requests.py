"""Inbound HTTP requests as the ports know them, bounded.

They are taken from ASGI as it stands (https://asgi.readthedocs.io/en/latest/specs/www.html): what a
framework puts around a request costs as much as the rest of a webhook's way through the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope

from inbox.errors import Unverified
from inbox.ports import Request


class TooLarge(Exception):
    """A body over the size bound."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"the body is larger than {most_bytes} bytes")


async def read_request(scope: Scope, receive: Receive, *, most_bytes: int, at: datetime) -> Request:
    """The whole request. Raises TooLarge as soon as that is known, ClientDisconnect."""
    headers = _headers(scope)
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most_bytes:
        raise TooLarge(most_bytes)
    return _to_request(scope, headers, await _body(receive, most_bytes), at)


def without_body(scope: Scope, at: datetime) -> Request:
    return _to_request(scope, _headers(scope), b"", at)


def _to_request(scope: Scope, headers: Mapping[str, str], body: bytes, at: datetime) -> Request:
    query = scope["query_string"].decode("latin-1")
    return Request(
        method=scope["method"],
        query=dict(parse_qsl(query, keep_blank_values=True)) if query else {},
        headers=headers,
        body=body,
        received_at=at,
    )


def refusal(error: TooLarge | ClientDisconnect | Unverified) -> Response:
    """What the other side is told; a refused signature without detail."""
    match error:
        case TooLarge():
            return JSONResponse({"error": str(error)}, 413)
        case Unverified():
            return PlainTextResponse("unauthorized", 401)
        case ClientDisconnect():
            return PlainTextResponse("", 400)


def _headers(scope: Scope) -> Mapping[str, str]:
    """Their names in small letters, as ASGI gives them."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def _body(receive: Receive, most_bytes: int) -> bytes:
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most_bytes:
            raise TooLarge(most_bytes)
    return bytes(body)
