"""The JSON that the sandbox's own page sends, and its answers."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class Answer(JSONResponse):
    """JSON in ASCII, so that even a lone surrogate travels as the text says it."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode("ascii")


async def object_of(request: Request) -> dict[str, Any] | None:
    """The one JSON object of a body, None where it is none."""
    try:
        given = await request.json()
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None


def unwanted() -> Response:
    return Answer({"ok": False, "error": "one JSON object is wanted"}, 400)
