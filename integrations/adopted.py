"""Tickets that we did not make and that ours were merged into: their news is ours, too."""

from __future__ import annotations

from inbox.ports import Keep

_NAME = "adopted"
_MOST = 1_000


class Adopted:
    """The newest 1,000, also after a restart. Asks no helpdesk."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._ids: tuple[str, ...] | None = None

    def add(self, ticket: str) -> None:
        known = self.ids()
        if ticket not in known:
            self._ids = (*known, ticket)[-_MOST:]
            self._keep.set(_NAME, ",".join(self._ids))

    def ids(self) -> tuple[str, ...]:
        if self._ids is None:
            self._ids = tuple(filter(None, (self._keep.get(_NAME) or "").split(",")))
        return self._ids
