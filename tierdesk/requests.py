"""Inbound HTTP requests as the ports know them, bounded."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from inbox.errors import Unverified
from inbox.ports import Request


class TooLarge(Exception):
    """A body over the size bound."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"the body is larger than {most_bytes} bytes")


async def read_body(http: HttpRequest, most_bytes: int) -> bytes:
    """Raises TooLarge as soon as that is known."""
    declared = http.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most_bytes:
        raise TooLarge(most_bytes)
    body = bytearray()
    async for chunk in http.stream():
        body += chunk
        if len(body) > most_bytes:
            raise TooLarge(most_bytes)
    return bytes(body)


def to_request(http: HttpRequest, body: bytes, at: datetime) -> Request:
    return Request(
        method=http.method,
        query=dict(http.query_params),
        headers=dict(http.headers.items()),
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
