"""Looks for what happened to our tickets in Zammad's index, which is some seconds behind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta

from inbox.ports import TicketEvent, TicketGone, TicketPage
from integrations.adopted import Adopted
from integrations.zammad import convert
from integrations.zammad.api import Zammad
from integrations.zammad.convert import MERGED, Form
from integrations.zammad.wire import Article, Ticket

OVERLAP = timedelta(minutes=10)
"""How far the index may be behind the database."""

Known = tuple[str, int]
"""A ticket's last change and its last article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far the looks have come; times in ISO form.

    What was written before `begun` is never told. `newest` is the newest change seen; what stood
    in the overlap before it is in `known`, by ticket.
    """

    begun: str
    newest: str
    known: Mapping[str, Known] = field(default_factory=dict)

    def since(self) -> datetime:
        return max(
            datetime.fromisoformat(self.begun), datetime.fromisoformat(self.newest) - OVERLAP
        )


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
            # Zammad writes times to the millisecond.
            now = self._clock().astimezone(UTC).replace(microsecond=0).isoformat()
            return TicketPage(events=(), cursor=_written(Place(begun=now, newest=now)))
        place = Place(**json.loads(cursor))
        found = list(self._zammad.search(self._query(place)))
        looked = {str(ticket.id): self._looked(ticket, place) for ticket in found}
        changed = (ticket.updated_at.isoformat() for ticket in found)
        after = replace(
            place,
            newest=max((place.newest, *changed), key=datetime.fromisoformat),
            known={name: known for name, (known, _) in looked.items()},
        )
        events = [event for _, some in looked.values() for event in some]
        return TicketPage(
            events=tuple(sorted(events, key=lambda event: event.at)), cursor=_written(after)
        )

    def _looked(self, ticket: Ticket, place: Place) -> tuple[Known, Sequence[TicketEvent]]:
        changed = ticket.updated_at.isoformat()
        before, last = place.known.get(str(ticket.id), ("", 0))
        if before == changed:
            return (before, last), ()
        if ticket.state == MERGED:
            return (changed, last), (self._merged(ticket),)
        articles = self._zammad.articles(ticket.id)
        new = [one for one in articles if one.id > last and one.created_at >= place.since()]
        newest = max((one.id for one in articles), default=last)
        return (changed, newest), tuple(self._happened(ticket, new))

    def _query(self, place: Place) -> str:
        since = place.since().isoformat(timespec="seconds").replace("+00:00", "Z")
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


def _written(place: Place) -> str:
    return json.dumps(asdict(place), separators=(",", ":"))
