"""What happened to our tickets, by the transactions that others made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from inbox.ports import Commented, TicketChanged, TicketEvent, TicketGone, TicketPage
from integrations.request_tracker.api import PAGE, RequestTracker
from integrations.request_tracker.convert import (
    Vocabulary,
    changes_state,
    commented,
    gone,
    in_queues,
    read,
    says,
    state,
)
from integrations.request_tracker.wire import Ticket, Transaction

_KEPT = PAGE // 2
_SOME = 25


@dataclass(frozen=True, slots=True)
class Place:
    """Where a look begins: behind `floor`, without what was `seen` above it.

    The newest transactions are looked at twice: one that was begun earlier can be committed later,
    and has the lower number.
    """

    floor: int
    seen: frozenset[int] = frozenset()

    @classmethod
    def parse(cls, cursor: str) -> Self:
        floor, _, seen = cursor.partition(":")
        return cls(int(floor), frozenset(map(int, seen.split(","))) if seen else frozenset())

    def __str__(self) -> str:
        return f"{self.floor}:{','.join(map(str, sorted(self.seen)))}"

    def beyond(self, looked_at: Iterable[int]) -> Place:
        numbers = sorted({*self.seen, *looked_at})
        below = numbers[:-_KEPT]
        return Place(below[-1] if below else self.floor, frozenset(numbers[-_KEPT:]))


class Watch:
    """Implements TicketWatch. `queues` are those that our tickets can be in."""

    def __init__(
        self,
        tracker: RequestTracker,
        queues: tuple[str, ...],
        words: Vocabulary,
        clock: Callable[[], datetime],
    ) -> None:
        self._tracker = tracker
        self._words = words
        self._clock = clock
        # Without the queue, what our user may not see would fill pages that come back empty.
        self._others = f"{in_queues('TicketQueue', queues)} AND Creator != '__CurrentUser__'"

    def changes(self, cursor: str | None) -> TicketPage:
        if cursor is None:
            newest = self._tracker.done(self._others, order="DESC", most=1)
            return TicketPage(events=(), cursor=str(Place(newest[0].id if newest else 0)))
        place = Place.parse(cursor)
        looked_at = self._tracker.done(f"id > {place.floor} AND {self._others}")
        return TicketPage(
            events=tuple(self._events([each for each in looked_at if each.id not in place.seen])),
            cursor=str(place.beyond(each.id for each in looked_at)),
            more=len(looked_at) == PAGE,
        )

    def _events(self, done: list[Transaction]) -> list[TicketEvent]:
        """Texts in their order, then each ticket's state as it is now."""
        deleted = {each.ticket for each in done if (left := gone(each)) and left.into is None}
        ours = self._ours({each.ticket for each in done}) | self._ours_deleted(deleted)
        done = [each for each in done if each.ticket in ours]
        events: list[TicketEvent] = [*self._told(done)]
        lost = {event.ticket for event in events if isinstance(event, TicketGone)}
        changed = {str(each.ticket) for each in done if changes_state(each)} - lost
        return [*events, *self._states(changed)]

    def _ours(self, tickets: set[int]) -> set[int]:
        """With a key of ours, or with one of ours merged into it."""
        numbers, found = sorted(tickets), list[Ticket]()
        for start in range(0, len(numbers), _SOME):
            some = numbers[start : start + _SOME]
            places = " OR ".join(f"id = {number} OR EffectiveId = {number}" for number in some)
            keyed = f"CF.{{{self._words.key}}} IS NOT NULL"
            found += self._tracker.tickets(f"({places}) AND {keyed}")
        return {number for ticket in found for number in (ticket.id, ticket.effective)}

    def _ours_deleted(self, tickets: set[int]) -> set[int]:
        """One by one: no search finds what was deleted."""
        return {
            number
            for number in sorted(tickets)
            if self._tracker.ticket(str(number))[0].values(self._words.key)
        }

    def _told(self, done: list[Transaction]) -> Iterable[Commented | TicketGone]:
        texts: Mapping[int, str] = {
            number: read(part, files)
            for number, part, files in self._tracker.texts(each.id for each in done if says(each))
        }
        for each in done:
            if (left := gone(each)) is not None:
                yield left
            elif each.id in texts:
                yield commented(each, texts[each.id])

    def _states(self, tickets: set[str]) -> Iterable[TicketChanged]:
        """As of a moment before they were read: what we write meanwhile is newer."""
        if not tickets:
            return []
        at = self._clock()
        found: list[Ticket] = self._tracker.tickets(
            " OR ".join(f"id = {number}" for number in sorted(tickets))
        )
        return [state(ticket, at, self._words) for ticket in found]
