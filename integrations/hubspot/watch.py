"""Looks for what happened to our tickets: those that changed, and the notes that were made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from inbox.ports import TicketEvent, TicketPage
from integrations.hubspot import convert
from integrations.hubspot.api import HubSpot
from integrations.hubspot.convert import Form
from integrations.hubspot.wire import OWNER, Owner, Record
from integrations.ticket_looks import Known, Looked, Place

OVERLAP = timedelta(minutes=5)
"""How far HubSpot's index may be behind."""


class Watch:
    """Implements inbox.ports.TicketWatch.

    Notes are looked for by themselves: a ticket need not change where one is hung on it. A look
    does not show who changed a stage, so one that we set is told like any other.
    """

    def __init__(self, hubspot: HubSpot, form: Form, clock: Callable[[], datetime]) -> None:
        self._hubspot = hubspot
        self._form = form
        self._clock = clock

    def changes(self, cursor: str | None) -> TicketPage:
        if cursor is None:
            self._hubspot.pipeline(self._form.pipeline)
            return TicketPage(events=(), cursor=Place.beginning(self._clock()).written())
        place = Place.read(cursor)
        since = place.since(OVERLAP)
        tickets = {ticket.id: ticket for ticket in self._hubspot.changed(since)}
        looked = [self._ticket(ticket, place) for ticket in tickets.values()]
        return place.page([*looked, *self._notes(tickets, place)])

    def _ticket(self, ticket: Record, place: Place) -> Looked:
        state, events = convert.fingerprint(ticket), list[TicketEvent]()
        if place.of(ticket.id).state != state:
            events.append(convert.state(ticket, self._owner(ticket), self._form))
        known = Known(changed=ticket.updated.isoformat(), state=state)
        return Looked(ticket=ticket.id, changed=ticket.updated, known=known, events=events)

    def _notes(self, changed: Mapping[str, Record], place: Place) -> Iterator[Looked]:
        written = list(self._hubspot.written(place.since(OVERLAP)))
        others = {each for _, tickets in written for each in tickets} - set(changed)
        ours = {ticket.id for ticket in self._hubspot.tickets(sorted(others)) if self._key(ticket)}
        for note, tickets in written:
            for ticket in tickets:
                if ticket in changed or ticket in ours:
                    yield self._note(note, ticket, place)

    def _note(self, note: Record, ticket: str, place: Place) -> Looked:
        name, events = f"{ticket} note {note.id}", list[TicketEvent]()
        text = convert.text_of(note)
        if not place.of(name).changed and not convert.is_ours(text):
            events.append(convert.comment(ticket, note, text, self._owner(note), self._form))
        known = Known(changed=note.created.isoformat())
        return Looked(ticket=name, changed=note.created, known=known, events=events)

    def _owner(self, record: Record) -> Owner | None:
        """A note's owner is who wrote it ("the user listed as the note creator")."""
        owner = record.value(OWNER)
        return self._hubspot.owner(owner) if owner else None

    def _key(self, ticket: Record) -> str:
        return ticket.value(self._form.key_field)
