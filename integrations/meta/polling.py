"""Polls of public comments and replies: the net under the webhook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from inbox.errors import Rejected, Retryable
from inbox.message import Echoed, Posted
from inbox.ports import Page
from integrations.meta.graph import Graph
from integrations.meta.newer import beginning, page, place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Implements inbox.ports.Poller. The first poll only asks for our own `node`.

    `found` gives what was written since a time, in any order; `unknown` is said where Meta knows
    no such account.
    """

    graph: Graph
    node: str
    since: datetime | None
    found: Callable[[datetime], Iterable[Posted | Echoed]]
    unknown: str

    def poll(self, cursor: str | None) -> Page:
        self.graph.usage.spare()
        try:
            if cursor is None:
                self.graph.read(f"/{self.node}", fields="id")
                return beginning(self.since, self.graph.clock())
            place = place_of(cursor)
            return page(self.found(place.earliest), place)
        except Rejected:
            raise Retryable(self.unknown) from None
