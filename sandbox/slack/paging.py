"""Cursors as Slack's lists give them (source: "Pagination" of docs.slack.dev)."""

import base64
import binascii
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TypeVar

from sandbox.slack.errors import SlackError
from sandbox.slack.wire import Args, Json

T = TypeVar("T")

_MOST = 1_000


def page(args: Args, found: Sequence[T], default: int) -> tuple[list[T], Json]:
    """One page of a list, and the `response_metadata` with the next cursor."""
    limit = _limit(args, default)
    start = _number(args)
    rest = start + limit
    cursor = _cursor(str(rest)) if rest < len(found) else ""
    return list(found[start:rest]), {"response_metadata": {"next_cursor": cursor}}


def newest_first(args: Args, stamps: list[str], default: int) -> tuple[list[str], Json]:
    """A page of time stamps between `oldest` and `latest`, which are left out themselves
    unless `inclusive`; `stamps` are sorted oldest first."""
    low, high = between(args, stamps)
    if "cursor" in args:
        high = min(high, bisect_left(stamps, _uncursor(args.text("cursor"))))
    start = max(low, high - _limit(args, default))
    found = stamps[start:high][::-1]
    return found, _more(found[-1] if start > low else "")


def oldest_first(args: Args, stamps: list[str], default: int) -> tuple[list[str], Json]:
    low, high = between(args, stamps)
    if "cursor" in args:
        low = max(low, bisect_right(stamps, _uncursor(args.text("cursor"))))
    end = min(high, low + _limit(args, default))
    found = stamps[low:end]
    return found, _more(found[-1] if end < high else "")


def between(args: Args, stamps: list[str]) -> tuple[int, int]:
    """The bounds, as indexes, of what lies between `oldest` and `latest`."""
    inclusive = args.flag("inclusive")
    low, high = 0, len(stamps)
    if "oldest" in args:
        find = bisect_left if inclusive else bisect_right
        low = find(stamps, _stamp(args, "oldest"))
    if "latest" in args:
        find = bisect_right if inclusive else bisect_left
        high = find(stamps, _stamp(args, "latest"))
    return low, max(low, high)


def _stamp(args: Args, name: str) -> str:
    """Padded, so that "1763793000" and "0" compare with full stamps as text."""
    try:
        return f"{float(args.text(name)):017.6f}"
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _limit(args: Args, default: int) -> int:
    limit = args.number("limit", default)
    if limit < 0 or limit > _MOST:
        raise SlackError("invalid_limit")
    return limit or default


def _more(last: str) -> Json:
    if not last:
        return {"has_more": False}
    return {"has_more": True, "response_metadata": {"next_cursor": _cursor(last)}}


def _number(args: Args) -> int:
    if "cursor" not in args:
        return 0
    try:
        return int(_uncursor(args.text("cursor")))
    except ValueError:
        raise SlackError("invalid_cursor") from None


def _cursor(place: str) -> str:
    return base64.b64encode(f"next:{place}".encode()).decode()


def _uncursor(cursor: str) -> str:
    try:
        word, _, place = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise SlackError("invalid_cursor") from None
    if word != "next":
        raise SlackError("invalid_cursor")
    return place
