"""What is written to Zammad's tickets, always as a note that no customer sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from inbox.ports import Ticket, TicketDraft, TicketEntry, TicketUpdate
from integrations.adopted import Adopted
from integrations.zammad import convert, wire
from integrations.zammad.api import Zammad
from integrations.zammad.convert import MERGED, Form


class Desk:
    """Implements inbox.ports.TicketDesk. A closed ticket of Zammad can be opened again."""

    def __init__(
        self, zammad: Zammad, adopted: Adopted, form: Form, clock: Callable[[], datetime]
    ) -> None:
        self._zammad = zammad
        self._adopted = adopted
        self._form = form
        self._clock = clock

    def create(self, draft: TicketDraft) -> Ticket:
        self._zammad.me()
        customer = self._zammad.requester(draft.requester)
        return self._seen(self._zammad.create(convert.opening(draft, customer, self._form)))

    def find(self, key: str) -> Ticket | None:
        """In the index, and among the newest tickets, which may not be in it yet."""
        field = self._form.key_field
        for found in (self._zammad.search(f'{field}:"{key}"'), self._zammad.newest()):
            for ticket in found:
                if ticket.own(field) == key:
                    last = self._goes_on(str(ticket.id))
                    follows = None if last.id == ticket.id else str(ticket.id)
                    return self._seen(last, follows=follows)
        return None

    def add(self, ticket: str, entry: TicketEntry) -> Ticket:
        there = self._goes_on(ticket)
        done = self._zammad.update(there.id, convert.addition(entry, there, self._form))
        return self._seen(done, follows=None if str(done.id) == ticket else ticket)

    def holds(self, ticket: str, entry: TicketEntry) -> bool:
        """A merged ticket's articles stand in the one that goes on."""
        articles = self._zammad.articles(self._goes_on(ticket).id)
        return any(article.subject == entry.key for article in articles)

    def update(self, ticket: str, update: TicketUpdate) -> None:
        there = self._goes_on(ticket)
        if new := convert.changing(update, there, self._form, self._clock()):
            self._zammad.update(there.id, new)
        for tag in update.tags or ():
            self._zammad.tag(there.id, tag)

    def _goes_on(self, ticket: str) -> wire.Ticket:
        """The ticket itself, or where it goes on after it was merged; each is asked once."""
        there, seen = self._zammad.ticket(ticket), {ticket}
        while there.state == MERGED:
            into = self._zammad.merged_into(there.id)
            if into is None or into in seen:
                return there
            seen.add(into)
            self._adopted.add(into)
            there = self._zammad.ticket(into)
        return there

    def _seen(self, ticket: wire.Ticket, *, follows: str | None = None) -> Ticket:
        return Ticket(
            id=str(ticket.id),
            url=f"{self._zammad.base_url}/#ticket/zoom/{ticket.id}",
            status=self._form.status(ticket.state),
            follows=follows,
        )
