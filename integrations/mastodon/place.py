"""Where polls of the notifications go on. Pure.

Many workers of a server write them, and one that was begun earlier may come to be seen later, with
the lower id. So what came lately is read once more, and what of it was taken is kept by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from integrations.mastodon.server import order

_MOST_LATELY = 80
"""More than the workers of a server that write at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Ask for what comes after `reading`. Nothing comes late any more up to `settled`, and beyond
    it `taken` were taken. In a cursor it is these, between spaces.
    """

    reading: str
    settled: str
    taken: frozenset[str] = frozenset()

    @staticmethod
    def read(cursor: str) -> Place:
        reading, *rest = cursor.split(" ")
        return Place(
            reading=reading, settled=rest[0] if rest else reading, taken=frozenset(rest[1:])
        )

    def cursor(self) -> str:
        known = sorted(self.taken, key=order)
        ahead = known or self.reading != self.settled
        return " ".join((self.reading, self.settled, *known) if ahead else (self.reading,))

    def after(self, came: Sequence[str], *, settled: Iterable[str], more: bool) -> Place:
        """The place behind a page, oldest first; `settled` of what came are no longer young."""
        ids = sorted({*self.taken, *came}, key=order)
        old = order(max(settled, key=order, default=self.settled))
        lately = [id_ for id_ in ids if order(id_) > old][-_MOST_LATELY:]
        low = max([self.settled, *(id_ for id_ in ids if id_ not in lately)], key=order)
        return Place(
            reading=came[-1] if more else low,
            settled=low,
            taken=frozenset(lately),
        )
