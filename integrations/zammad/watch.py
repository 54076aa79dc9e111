"""Looks for what happened to our tickets in Zammad's index, which is some seconds behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from inbox.ports import TicketEvent, TicketGone, TicketPage
from integrations.adopted import Adopted
from integrations.ticket_looks import Known, Looked, Place
from integrations.zammad import convert
from integrations.zammad.api import Zammad
from integrations.zammad.convert import MERGED, Form
from integrations.zammad.wire import Article, Ticket

OVERLAP = timedelta(minutes=10)
"""How far the index may be behind the database."""


class Watch:
    """Implements inbox.ports.TicketWatch."""

    def __init__(
        self, zammad: Zammad, adopted: Adopted, form: Form, clock: Callable[[], datetime]
    ) -> None:
        self._zammad = zammad
        self._adopted = adopted
        self._form = form
        self._clock = clock

    def changes(self, cursor: str | None) -> TicketPage:
        if cursor is None:
            self._zammad.asked_me()
            return TicketPage(events=(), cursor=Place.beginning(self._clock()).written())
        place = Place.read(cursor)
        found = list(self._zammad.search(self._query(place)))
        return place.page([self._looked(ticket, place) for ticket in found])

    def _looked(self, ticket: Ticket, place: Place) -> Looked:
        name, changed = str(ticket.id), ticket.updated_at.isoformat()
        before, last = place.of(name), place.of(name).last
        events: tuple[TicketEvent, ...] = ()
        if ticket.state == MERGED and before.changed != changed:
            events = (self._merged(ticket),)
        elif before.changed != changed:
            articles = self._zammad.articles(ticket.id)
            since = place.since(OVERLAP)
            new = [one for one in articles if one.id > last and one.created_at >= since]
            last = max((one.id for one in articles), default=last)
            events = tuple(self._happened(ticket, new))
        known = Known(changed=changed, last=last)
        return Looked(ticket=name, changed=ticket.updated_at, known=known, events=events)

    def _query(self, place: Place) -> str:
        since = place.since(OVERLAP).isoformat(timespec="seconds").replace("+00:00", "Z")
        ours = [f"{self._form.key_field}:*"]
        ours += [f"id:{ticket}" for ticket in self._adopted.ids()]
        return f'({" OR ".join(ours)}) AND updated_at:["{since}" TO *]'

    def _happened(self, ticket: Ticket, new: Sequence[Article]) -> Iterator[TicketEvent]:
        me = self._zammad.me()
        for article in new:
            if article.created_by_id != me and article.sender != "System":
                yield convert.comment(article, self._zammad.base_url)
        if ticket.updated_by_id != me:
            yield convert.state(ticket, self._form)

    def _merged(self, ticket: Ticket) -> TicketGone:
        into = self._zammad.merged_into(ticket.id)
        if into is not None:
            self._adopted.add(into)
        return TicketGone(ticket=str(ticket.id), at=ticket.updated_at, into=into)
