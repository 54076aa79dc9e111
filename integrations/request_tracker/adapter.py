"""A queue of a Request Tracker as a helpdesk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from inbox.errors import AuthFailed, Rejected, Retryable
from inbox.ports import (
    HelpdeskConnection,
    Ticket,
    TicketDraft,
    TicketEntry,
    TicketUpdate,
)
from integrations.request_tracker import RequestTrackerSettings, wire
from integrations.request_tracker.api import RequestTracker, Stale
from integrations.request_tracker.convert import (
    DELETED,
    Vocabulary,
    comment,
    in_queues,
    opening,
    quoted,
    wanted,
)
from integrations.request_tracker.examination import Examination
from integrations.request_tracker.watch import Watch
from integrations.ticket_words import Words

_ATTEMPTS = 3


def connection(
    name: str, settings: RequestTrackerSettings, token: str, clock: Callable[[], datetime]
) -> HelpdeskConnection:
    tracker = RequestTracker(settings.base_url, token, clock)
    words = Vocabulary(
        key=settings.key_field,
        customer=settings.customer_field,
        tags=settings.tags_field,
        statuses=Words(settings.statuses),
        priorities=settings.priorities,
    )
    queues = (settings.queue, *settings.other_queues)
    return HelpdeskConnection(
        name=name,
        kind="request_tracker",
        desk=Desk(tracker, queues, words),
        watch=Watch(tracker, queues, words, clock),
        examiner=Examination(name, tracker, queues, words),
        close=tracker.close,
    )


class Desk:
    """Implements TicketDesk. All that is written is a comment: `correspond` would be mailed.

    Tickets are made in the first of `queues`, and found in each of them.
    """

    def __init__(self, tracker: RequestTracker, queues: tuple[str, ...], words: Vocabulary) -> None:
        self._tracker = tracker
        self._queues = queues
        self._words = words
        self._proven = False

    def create(self, draft: TicketDraft) -> Ticket:
        made = self._tracker.create(opening(draft, self._queues[0], self._words))
        self._prove(made, draft.key)
        return Ticket(id=str(made), url=self._tracker.url(made))

    def find(self, key: str) -> Ticket | None:
        """The oldest. One that was merged away counts, one that was deleted does not."""
        query = f"CF.{{{self._words.key}}} = {quoted(key)} AND EffectiveId > 0"
        for found in self._tracker.tickets(f"{in_queues('Queue', self._queues)} AND {query}"):
            if key in found.values(self._words.key):
                return self._ticket(found, found.effective)
        return None

    def add(self, ticket: str, entry: TicketEntry) -> Ticket:
        there, _ = self._there(ticket)
        self._tracker.comment(there.id, comment(entry, there, self._words))
        return self._ticket(there, there.id)

    def holds(self, ticket: str, entry: TicketEntry) -> bool:
        """In the ticket, or in what it was merged into since."""
        there, _ = self._tracker.ticket(ticket)
        places = " OR ".join(f"ObjectId = {number}" for number in {ticket, str(there.id)})
        return bool(self._tracker.done(f"({places}) AND Subject = {quoted(entry.key)}", most=1))

    def update(self, ticket: str, update: TicketUpdate) -> None:
        """Written onto the state that was read, and read again: a refusal looks like success."""
        for _ in range(_ATTEMPTS):
            there, etag = self._there(ticket)
            body = wanted(update, there, self._words)
            if not body:
                return
            try:
                self._tracker.put(there.id, body, etag)
            except Stale:
                continue
            now, _ = self._there(ticket)
            if left := wanted(update, now, self._words):
                raise Rejected(
                    f"Request Tracker did not take {' and '.join(left)}: it has no such value, or"
                    " our user may not set it."
                )
            return
        raise Retryable("The ticket changed again and again while it was to be changed.")

    def _there(self, ticket: str) -> tuple[wire.Ticket, str]:
        there, etag = self._tracker.ticket(ticket)
        if there.status == DELETED:
            raise Rejected("The ticket was deleted.")
        return there, etag

    def _prove(self, made: int, key: str) -> None:
        """Once: a custom field that our user may not set is left out without a word."""
        if self._proven:
            return
        there, _ = self._tracker.ticket(str(made))
        if key not in there.values(self._words.key):
            raise AuthFailed(
                f"Ticket {made} was made without its key, so it would be made again. Delete it, and"
                f" give our user the rights SeeCustomField and ModifyCustomField on"
                f" “{self._words.key}”."
            )
        self._proven = True

    def _ticket(self, there: wire.Ticket, number: int) -> Ticket:
        status = self._words.status(there.status)
        return Ticket(id=str(number), url=self._tracker.url(number), status=status)
