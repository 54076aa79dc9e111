"""Pages of an edge, with Meta's cursors."""

import base64
from collections.abc import Sequence
from typing import Any

from sandbox.meta.gate import Call


def page(call: Call, found: Sequence[Any], *, limit: int | None = None) -> dict[str, Any]:
    """One page; `next` is there only where more follows."""
    most = min(limit or call.number("limit", 25), 100)
    begin = _place(call.text("after")) if limit is None else 0
    shown = list(found[begin : begin + most])
    end = begin + len(shown)
    cursors = {"before": _cursor(begin), "after": _cursor(end)}
    paging: dict[str, Any] = {"cursors": cursors}
    if end < len(found):
        paging["next"] = f"{call.url}?after={cursors['after']}"
    return {"data": shown, **({"paging": paging} if shown else {})}


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"at{place}".encode()).decode().rstrip("=")


def _place(cursor: str) -> int:
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        place = base64.urlsafe_b64decode(padded).decode().removeprefix("at")
    except ValueError:
        return 0
    return int(place) if place.isdigit() else 0
