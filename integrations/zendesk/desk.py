"""What is written to Zendesk's tickets, always as a note that no customer sees."""

from __future__ import annotations

from collections.abc import Iterator

from inbox.errors import Rejected
from inbox.ports import Ticket, TicketDraft, TicketEntry, TicketUpdate
from integrations.adopted import Adopted
from integrations.zendesk import convert, wire
from integrations.zendesk.api import Zendesk
from integrations.zendesk.convert import MERGED, OURS, Vocabulary


class Desk:
    """Implements inbox.ports.TicketDesk."""

    def __init__(
        self, zendesk: Zendesk, adopted: Adopted, words: Vocabulary, *, group: int | None
    ) -> None:
        self._zendesk = zendesk
        self._adopted = adopted
        self._words = words
        self._group = group

    def create(self, draft: TicketDraft) -> Ticket:
        self._zendesk.me()
        requester = self._zendesk.requester(draft.requester)
        ticket = convert.opening(draft, requester, self._words, self._group)
        return self._seen(self._zendesk.create(ticket, key=draft.key))

    def find(self, key: str) -> Ticket | None:
        found = self._zendesk.with_external_id(OURS + key)
        if found is None:
            return None
        *_, last = self._chain(found)
        return self._seen(last, follows=None if last.id == found.id else str(found.id))

    def add(self, ticket: str, entry: TicketEntry) -> Ticket:
        """To the last of the chain; a closed one is continued by a follow-up."""
        *_, last = self._chain(self._zendesk.ticket(ticket))
        follows = None if str(last.id) == ticket else ticket
        if last.status != "closed":
            done = self._zendesk.update(last.id, convert.addition(entry, last))
            return self._seen(done, follows=follows)
        follow_up = self._zendesk.create(convert.following(entry, last), key=entry.key)
        return self._seen(follow_up, follows=ticket)

    def holds(self, ticket: str, entry: TicketEntry) -> bool:
        return any(
            convert.key_of(audit.metadata.custom) == entry.key
            for each in self._chain(self._zendesk.ticket(ticket))
            for audit in self._zendesk.audits(each.id)
        )

    def update(self, ticket: str, update: TicketUpdate) -> None:
        there = self._zendesk.ticket(ticket)
        if there.status == "closed":
            raise Rejected("The ticket is closed for good.")
        assignee = None if update.assignee is None else self._zendesk.agent(update.assignee).id
        if new := convert.changing(update, assignee, there, self._words):
            self._zendesk.update(there.id, new)

    def _chain(self, ticket: wire.Ticket) -> Iterator[wire.Ticket]:
        """The ticket and those that go on after it, each once."""
        there: wire.Ticket | None = ticket
        seen: set[int] = set()
        while there is not None and there.id not in seen:
            yield there
            seen.add(there.id)
            there = self._after(there)

    def _after(self, ticket: wire.Ticket) -> wire.Ticket | None:
        if ticket.status != "closed":
            return None
        into = merged_into(self._zendesk, ticket) if MERGED in ticket.tags else None
        if into is None:
            return self._zendesk.with_external_id(convert.follow_up_id(ticket.id))
        self._adopted.add(into)
        return self._zendesk.ticket(into)

    def _seen(self, ticket: wire.Ticket, *, follows: str | None = None) -> Ticket:
        return Ticket(
            id=str(ticket.id),
            url=f"{self._zendesk.base_url}/agent/tickets/{ticket.id}",
            status=self._words.status(ticket.status),
            follows=follows,
        )


def merged_into(zendesk: Zendesk, ticket: wire.Ticket) -> str | None:
    """The ticket that goes on for a merged one, None where no note names it."""
    events = [event for audit in zendesk.audits(ticket.id) for event in audit.events]
    return convert.merged_into([event.body for event in events if event.type == "Comment"])
