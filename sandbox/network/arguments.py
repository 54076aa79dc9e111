"""The arguments of a call, wherever the client put them: address, form or JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.network.errors import Refusal

_FALSE = frozenset({"", "0", "f", "false", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """Names and values in the order of their coming; a list's name ends with []."""

    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """The last value of a name, as Rails takes it."""
        return next((v for k, v in reversed(self.pairs) if k == name), default)

    def all(self, name: str) -> list[str]:
        return [v for k, v in self.pairs if k in (name, f"{name}[]")]

    def flag(self, name: str) -> bool:
        return self.get(name).lower() not in _FALSE

    def number(self, name: str) -> int | None:
        """A number; what is none counts as nothing, an id that is none as 0."""
        value = self.get(name)
        if not value:
            return None
        return int(value) if value.isascii() and value.isdigit() and len(value) < 30 else 0

    def shown(self) -> dict[str, Any]:
        """For the journal: single values as they are, lists as lists."""
        return {
            name.removesuffix("[]"): self.all(name) if name.endswith("[]") else self.get(name)
            for name, _ in self.pairs
        }


async def arguments(request: Request) -> Arguments:
    """What a request brings; 400 when its JSON is broken."""
    pairs = [*request.query_params.multi_items(), *((k, v) for k, v in request.path_params.items())]
    body = await request.body()
    if body:
        kind = request.headers.get("content-type", "")
        pairs += _json(body) if kind.startswith("application/json") else _form(body)
    return Arguments(pairs=tuple(pairs))


def _form(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


def _json(body: bytes) -> list[tuple[str, str]]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "There was a problem in the JSON you submitted") from None
    return list(_flat(given)) if isinstance(given, Mapping) else []


def _flat(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in given.items():
        if isinstance(value, list):
            pairs += [(f"{name}[]", str(item)) for item in value]
        elif value is not None:
            pairs.append((name, "" if value is False else str(value)))
    return pairs
