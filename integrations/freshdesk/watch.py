"""Looks for what happened to our tickets in Freshdesk's list of what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from inbox.ports import Commented, TicketEvent, TicketPage
from integrations.freshdesk import convert
from integrations.freshdesk.api import Freshdesk
from integrations.freshdesk.convert import Form
from integrations.freshdesk.wire import Ticket
from integrations.ticket_looks import Known, Looked, Place

OVERLAP = timedelta(minutes=2)
"""How far the list may be behind, and how long a ticket is read again: times are in seconds."""


class Watch:
    """Implements inbox.ports.TicketWatch.

    Freshdesk does not tell who changed a state, so one that we set is told like any other.
    """

    def __init__(self, freshdesk: Freshdesk, form: Form, clock: Callable[[], datetime]) -> None:
        self._freshdesk = freshdesk
        self._form = form
        self._clock = clock

    def changes(self, cursor: str | None) -> TicketPage:
        if cursor is None:
            self._freshdesk.asked_me()
            return TicketPage(events=(), cursor=Place.beginning(self._clock()).written())
        place = Place.read(cursor)
        return place.page(
            [
                self._looked(ticket, place)
                for ticket in self._freshdesk.changed(place.since(OVERLAP))
                if ticket.key(self._form.key_field) is not None
            ]
        )

    def _looked(self, ticket: Ticket, place: Place) -> Looked:
        name, changed = str(ticket.id), ticket.updated_at.isoformat()
        before, state = place.of(name), convert.fingerprint(ticket)
        known = Known(changed=changed, last=before.last, state=state)
        events: list[TicketEvent] = []
        if before.changed != changed or ticket.updated_at >= self._clock() - OVERLAP:
            last, comments = self._comments(ticket, before.last, place.since(OVERLAP))
            known = Known(changed=changed, last=last, state=state)
            events += comments
        if before.state != state:
            events.append(self._state(ticket))
        return Looked(ticket=name, changed=ticket.updated_at, known=known, events=events)

    def _comments(
        self, ticket: Ticket, last: int, since: datetime
    ) -> tuple[int, Iterator[Commented]]:
        """The last entry of all, and the new ones of others."""
        written, me = self._freshdesk.conversations(ticket.id), self._freshdesk.me()
        new = [
            one
            for one in written
            if one.id > last and one.created_at >= since and one.user_id != me
        ]
        told = (
            convert.comment(ticket.id, one, self._freshdesk.agent(one.user_id or 0)) for one in new
        )
        return max((one.id for one in written), default=last), told

    def _state(self, ticket: Ticket) -> TicketEvent:
        responder = ticket.responder_id
        agent = self._freshdesk.agent(responder) if responder is not None else None
        return convert.state(ticket, agent, self._form)
