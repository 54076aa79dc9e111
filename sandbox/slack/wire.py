"""What goes over the wire: JSON answers and the arguments of a call."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from sandbox.slack.errors import SlackError

Json = dict[str, Any]

_TRUE = frozenset({"1", "true", "True"})


def encode(payload: object) -> str:
    """Compact JSON in ASCII, so that no text of a person can break the encoding."""
    return json.dumps(payload, separators=(",", ":"))


def answer(
    payload: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(encode(payload), status, headers, "application/json; charset=utf-8")


def decode(text: str | bytes, error: str) -> Any:
    """The value of a JSON text; lone surrogates and hostile nesting are no JSON to Slack."""
    try:
        value = json.loads(text)
        if _may_hold_surrogates(text):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise SlackError(error) from None
    return value


def _may_hold_surrogates(text: str | bytes) -> bool:
    if isinstance(text, bytes):
        return b"\\ud" in text or b"\\uD" in text
    return "\\ud" in text or "\\uD" in text


async def arguments(request: Request) -> Json:
    """The arguments of a Web API call, whichever of Slack's three ways they came.

    Raises SlackError (`invalid_json`, `json_not_object`, `invalid_form_data`).
    """
    found: Json = dict(request.query_params)
    body = await request.body()
    if not body:
        return found
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        value = decode(body, "invalid_json")
        if not isinstance(value, dict):
            raise SlackError("json_not_object")
        return found | value
    if kind == "application/x-www-form-urlencoded":
        return found | form(body)
    raise SlackError("invalid_post_type")


def form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except ValueError:
        raise SlackError("invalid_form_data") from None


class Args:
    """Arguments by name, whether they came as JSON values or as strings of a form."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, (dict, list)):
            raise SlackError("invalid_arguments", response_metadata=_expected(name, "a string"))
        return str(value)

    def required(self, name: str, error: str = "invalid_arguments") -> str:
        if name not in self:
            missing = {"messages": [f"[ERROR] missing required field: {name}"]}
            raise SlackError(error, response_metadata=missing)
        return self.text(name)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name)
        if value is None or value == "":
            return default
        return value is True or str(value) in _TRUE

    def number(self, name: str, default: int) -> int:
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            return int(str(value))
        except ValueError:
            raise SlackError(
                "invalid_arguments", response_metadata=_expected(name, "a number")
            ) from None

    def structure(self, name: str, error: str) -> Any:
        """A JSON value, or None; a form carries it as text."""
        value = self.values.get(name)
        if isinstance(value, str):
            return decode(value, error) if value else None
        return value

    def listing(self, name: str) -> list[str]:
        """A list given as JSON or separated by commas."""
        value = self.values.get(name)
        items = value if isinstance(value, list) else self.text(name).split(",")
        return [text for item in items if (text := str(item).strip())]


def _expected(name: str, what: str) -> Json:
    return {"messages": [f"[ERROR] must be {what} [json-pointer:/{name}]"]}
