"""What is written to HubSpot's tickets: a ticket that says who it is about, and notes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from inbox.errors import Rejected
from inbox.ports import (
    Keep,
    Ticket,
    TicketDraft,
    TicketEntry,
    TicketStatus,
    TicketUpdate,
    kept_story,
)
from integrations.hubspot import convert
from integrations.hubspot.api import HubSpot
from integrations.hubspot.convert import Form
from integrations.hubspot.wire import STAGE, Record
from integrations.tickets import story, told


class Desk:
    """Implements inbox.ports.TicketDesk. A closed ticket of HubSpot can be opened again.

    The story is a note that follows the ticket. Until it stands, its text is kept here, and who
    looks for the ticket finishes it.
    """

    def __init__(
        self, hubspot: HubSpot, form: Form, clock: Callable[[], datetime], keep: Keep
    ) -> None:
        self._hubspot = hubspot
        self._form = form
        self._clock = clock
        self._keep = keep

    def create(self, draft: TicketDraft) -> Ticket:
        self._keep.set(kept_story(draft.key), story(draft))
        return self._finished(self._made(draft), draft.key)

    def _made(self, draft: TicketDraft) -> Record:
        """HubSpot refuses a key that is there already: then the ticket with it is the one."""
        try:
            return self._hubspot.create(convert.opening(draft, self._form))
        except Rejected:
            there = self._hubspot.with_key(draft.key)
            if there is None:
                raise
            return there

    def find(self, key: str) -> Ticket | None:
        there = self._hubspot.with_key(key)
        return self._finished(there, key) if there else None

    def _finished(self, ticket: Record, key: str) -> Ticket:
        if text := self._keep.get(kept_story(key)):
            if not self._has_note(ticket.id, key):
                self._hubspot.note(convert.note(ticket.id, text, key, self._clock()))
            self._keep.set(kept_story(key), "")
        return self._seen(ticket)

    def add(self, ticket: str, entry: TicketEntry) -> Ticket:
        there = self._hubspot.ticket(ticket)
        waits = self._form.status(there) not in (TicketStatus.NEW, TicketStatus.OPEN)
        if entry.from_customer and waits:
            self._hubspot.update(there.id, {STAGE: self._form.stage(TicketStatus.OPEN)})
            there = self._hubspot.ticket(ticket)
        self._hubspot.note(convert.note(there.id, told(entry), entry.key, self._clock()))
        return self._seen(there)

    def holds(self, ticket: str, entry: TicketEntry) -> bool:
        return self._has_note(self._hubspot.ticket(ticket).id, entry.key)

    def update(self, ticket: str, update: TicketUpdate) -> None:
        there, owner = self._hubspot.ticket(ticket), None
        if update.assignee is not None:
            owner = self._hubspot.owner_by_address(update.assignee).id
        if new := convert.changing(update, owner, there, self._form):
            self._hubspot.update(there.id, new)

    def _has_note(self, ticket: str, key: str) -> bool:
        return any(
            convert.is_ours(convert.text_of(note), key) for note in self._hubspot.notes(ticket)
        )

    def _seen(self, ticket: Record) -> Ticket:
        url = self._form.tickets_url
        return Ticket(
            id=ticket.id,
            url=f"{url.rstrip('/')}/{ticket.id}" if url else None,
            status=self._form.status(ticket),
        )
