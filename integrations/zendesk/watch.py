"""Looks for what happened to our tickets: the incremental export, and the audits of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from inbox.ports import Commented, TicketEvent, TicketGone, TicketPage
from integrations.adopted import Adopted
from integrations.zendesk import convert
from integrations.zendesk.api import Export, Zendesk
from integrations.zendesk.convert import MERGED, Vocabulary
from integrations.zendesk.desk import merged_into
from integrations.zendesk.wire import Audit, AuditEvent, Ticket

OVERLAP = 300
"""Seconds before the newest change of the last whole look from which entries are told again: an
audit's time may be some seconds before that of its ticket. Who was told knows an entry by its id.
"""
_BEFORE = 120
"""A first export must begin more than a minute ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far the looks have come. Times are seconds since 1970.

    `since`: what was written before was told. It moves only when a look is at its end, since a
    ticket that changes meanwhile moves to the end too. `newest` is the newest change seen.
    """

    cursor: str | None = None
    start: int
    since: int
    newest: int = 0

    def after(self, export: Export) -> Place:
        seen = max([self.newest, *(ticket.generated_timestamp for ticket in export.tickets)])
        since = max(self.since, seen - OVERLAP) if export.ended else self.since
        return replace(self, cursor=export.cursor, since=since, newest=seen)


class Watch:
    """Implements inbox.ports.TicketWatch. The last minute's changes come with a later look."""

    def __init__(
        self, zendesk: Zendesk, adopted: Adopted, words: Vocabulary, clock: Callable[[], datetime]
    ) -> None:
        self._zendesk = zendesk
        self._adopted = adopted
        self._words = words
        self._clock = clock

    def changes(self, cursor: str | None) -> TicketPage:
        if cursor is None:
            return self._beginning()
        place = Place(**json.loads(cursor))
        export = self._zendesk.changed(place.cursor, place.start)
        since = datetime.fromtimestamp(place.since, UTC)
        events = [
            event
            for ticket in export.tickets
            if ticket.updated_at >= since and convert.is_ours(ticket, self._adopted.ids())
            for event in self._happened(ticket, since)
        ]
        events.sort(key=lambda event: event.at)
        return TicketPage(
            events=tuple(events), cursor=_written(place.after(export)), more=not export.ended
        )

    def _beginning(self) -> TicketPage:
        self._zendesk.asked_me()
        now = int(self._clock().timestamp())
        return TicketPage(events=(), cursor=_written(Place(start=now - _BEFORE, since=now)))

    def _happened(self, ticket: Ticket, since: datetime) -> Iterator[TicketEvent]:
        if ticket.status == "deleted":
            yield TicketGone(ticket=str(ticket.id), at=ticket.updated_at)
            return
        audits = [one for one in self._zendesk.audits(ticket.id) if one.created_at >= since]
        yield from self._comments(ticket, audits)
        if MERGED in ticket.tags and ticket.status == "closed":
            yield self._merged(ticket)
        elif any(self._others(audit) for audit in audits):
            yield self._state(ticket)

    def _merged(self, ticket: Ticket) -> TicketGone:
        into = merged_into(self._zendesk, ticket)
        if into is not None:
            self._adopted.add(into)
        return TicketGone(ticket=str(ticket.id), at=ticket.updated_at, into=into)

    def _state(self, ticket: Ticket) -> TicketEvent:
        assignee = None
        if ticket.assignee_id is not None:
            user = self._zendesk.people([ticket.assignee_id]).get(ticket.assignee_id)
            assignee = user.email if user else None
        return convert.state(ticket, assignee, self._words)

    def _others(self, audit: Audit) -> bool:
        """Whether somebody else had a hand in it: a person, or a trigger that we set off."""
        return not self._by_us(audit) or any(
            event.via is not None and event.via.channel == "rule" for event in audit.events
        )

    def _by_us(self, audit: Audit) -> bool:
        by_us = audit.author_id == self._zendesk.me()
        return by_us or convert.key_of(audit.metadata.custom) is not None

    def _comments(self, ticket: Ticket, audits: Sequence[Audit]) -> Iterator[Commented]:
        written = [
            (event, audit)
            for audit in audits
            if not self._by_us(audit)
            for event in audit.events
            if event.type == "Comment" and event.id is not None
        ]
        people = self._zendesk.people({_author(event, audit) for event, audit in written})
        for event, audit in written:
            user = people.get(_author(event, audit))
            yield convert.comment(
                ticket.id,
                event,
                user.name if user else "Somebody",
                audit.created_at,
                staff=user is not None and user.role in ("agent", "admin"),
            )


def _author(event: AuditEvent, audit: Audit) -> int:
    return event.author_id or audit.author_id


def _written(place: Place) -> str:
    return json.dumps(asdict(place), separators=(",", ":"))
