"""Pages of an id-ordered list with Mastodon's cursors (documentation: api/guidelines)."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sandbox.network.arguments import Arguments


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Which page is asked for; ids are exclusive bounds."""

    limit: int
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None

    @classmethod
    def asked(cls, args: Arguments, *, default: int) -> "Cursor":
        """From the arguments of a call; a limit goes up to twice the default."""
        limit = args.number("limit")
        return cls(
            limit=default if limit is None else min(abs(limit), default * 2),
            max_id=args.number("max_id"),
            since_id=args.number("since_id"),
            min_id=args.number("min_id"),
        )

    def page(self, ascending: Sequence[int], wanted: Callable[[int], bool]) -> list[int]:
        """The ids of the page, newest first.

        With `min_id` it is the page right above that id; otherwise the newest one below
        `max_id`, ending at `since_id`.
        """
        low = self.since_id if self.min_id is None else self.min_id
        start = 0 if low is None else bisect_right(ascending, low)
        end = len(ascending) if self.max_id is None else bisect_left(ascending, self.max_id)
        upwards = self.min_id is not None
        order = range(start, end) if upwards else range(end - 1, start - 1, -1)
        found: list[int] = []
        for index in order:
            if len(found) >= self.limit:
                break
            if wanted(ascending[index]):
                found.append(ascending[index])
        return found[::-1] if upwards else found


def link_header(url: str, args: Arguments, cursor: Cursor, ids: Sequence[int]) -> dict[str, str]:
    """The Link header of a page: "next" is older (only after a full page), "prev" newer."""
    if not ids:
        return {}
    kept = [(k, v) for k, v in args.pairs if k not in ("max_id", "min_id", "since_id")]
    links = [_link(url, [*kept, ("min_id", str(ids[0]))], "prev")]
    if len(ids) == cursor.limit:
        links.insert(0, _link(url, [*kept, ("max_id", str(ids[-1]))], "next"))
    return {"Link": ", ".join(links)}


def _link(url: str, pairs: list[tuple[str, str]], rel: str) -> str:
    return f'<{url}?{urlencode(pairs)}>; rel="{rel}"'
