"""What is written to Freshdesk's tickets: a ticket that says nothing, and private notes."""

from __future__ import annotations

from inbox.ports import (
    Keep,
    Ticket,
    TicketDraft,
    TicketEntry,
    TicketStatus,
    TicketUpdate,
    kept_story,
)
from integrations.freshdesk import convert, wire
from integrations.freshdesk.api import Freshdesk
from integrations.freshdesk.convert import OPEN, Form
from integrations.tickets import story, told


class Desk:
    """Implements inbox.ports.TicketDesk. A closed ticket of Freshdesk can be opened again.

    The story is a private note that follows the ticket, since a customer may see its description.
    Until the note stands, its text is kept here, and who looks for the ticket finishes it.
    """

    def __init__(self, freshdesk: Freshdesk, form: Form, keep: Keep) -> None:
        self._freshdesk = freshdesk
        self._form = form
        self._keep = keep

    def create(self, draft: TicketDraft) -> Ticket:
        begun = self._keep.get(kept_story(draft.key))
        there = self._with(draft.key) if begun else None
        if there is None:
            self._keep.set(kept_story(draft.key), story(draft))
            there = self._freshdesk.create(convert.opening(draft, self._form))
        return self._finished(there, draft.key)

    def find(self, key: str) -> Ticket | None:
        there = self._with(key)
        return self._finished(there, key) if there else None

    def _finished(self, ticket: wire.Ticket, key: str) -> Ticket:
        if text := self._keep.get(kept_story(key)):
            if not self._has_note(ticket.id, key):
                self._freshdesk.note(ticket.id, convert.note(text, key))
            self._keep.set(kept_story(key), "")
        return self._seen(ticket)

    def add(self, ticket: str, entry: TicketEntry) -> Ticket:
        there = self._freshdesk.ticket(ticket)
        waits = self._form.status(there.status) not in (TicketStatus.NEW, TicketStatus.OPEN)
        if entry.from_customer and waits:
            there = self._freshdesk.update(there.id, {"status": OPEN})
        self._freshdesk.note(there.id, convert.note(told(entry), entry.key))
        return self._seen(there)

    def holds(self, ticket: str, entry: TicketEntry) -> bool:
        return self._has_note(self._freshdesk.ticket(ticket).id, entry.key)

    def update(self, ticket: str, update: TicketUpdate) -> None:
        there = self._freshdesk.ticket(ticket)
        responder = None
        if update.assignee is not None:
            responder = self._freshdesk.agent_by_address(update.assignee).id
        if new := convert.changing(update, responder, there, self._form):
            self._freshdesk.update(there.id, new)

    def _with(self, key: str) -> wire.Ticket | None:
        """Among the newest tickets, and in the index, which does not have those yet."""
        field = self._form.key_field
        for found in (self._freshdesk.newest(), self._freshdesk.search(field, key)):
            for ticket in found:
                if ticket.key(field) == key and not ticket.deleted:
                    return ticket
        return None

    def _has_note(self, ticket: int, key: str) -> bool:
        """Only in a note of our own: an agent may quote one."""
        me, marker = self._freshdesk.me(), convert.marker(key)
        return any(
            one.user_id == me and one.body_text.rstrip().endswith(marker)
            for one in self._freshdesk.conversations(ticket)
        )

    def _seen(self, ticket: wire.Ticket) -> Ticket:
        return Ticket(
            id=str(ticket.id),
            url=f"{self._freshdesk.base_url}/a/tickets/{ticket.id}",
            status=self._form.status(ticket.status),
        )
