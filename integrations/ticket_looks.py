"""Where the looks for changed tickets have come, for helpdesks that list them by their last change.

A list may be behind, or may show a ticket before all that was done to it within the same second.
So each look begins some time before the newest change seen, and what stood there is remembered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

from inbox.ports import TicketEvent, TicketPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A ticket as it was seen: its last change, its last entry, its state in a few words."""

    changed: str = ""
    last: int = 0
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A ticket that was looked at, and what happened to it."""

    ticket: str
    changed: datetime
    known: Known
    events: Sequence[TicketEvent] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Times are in ISO form. What was written before `begun` is never told."""

    begun: str
    newest: str
    known: Mapping[str, Known] = field(default_factory=dict)

    @classmethod
    def beginning(cls, now: datetime) -> Place:
        """To the second: helpdesks cut their times."""
        text = now.astimezone(UTC).replace(microsecond=0).isoformat()
        return cls(begun=text, newest=text)

    @classmethod
    def read(cls, cursor: str) -> Place:
        given = json.loads(cursor)
        known = {ticket: Known(**one) for ticket, one in given.pop("known").items()}
        return cls(**given, known=known)

    def since(self, overlap: timedelta) -> datetime:
        newest = datetime.fromisoformat(self.newest) - overlap
        return max(datetime.fromisoformat(self.begun), newest)

    def of(self, ticket: str) -> Known:
        return self.known.get(ticket, Known())

    def page(self, looked: Sequence[Looked]) -> TicketPage:
        """After a look at everything that was changed since `since`."""
        changes = [one.changed for one in looked]
        newest = max([datetime.fromisoformat(self.newest), *changes]).isoformat()
        known = {one.ticket: one.known for one in looked}
        events = sorted((e for one in looked for e in one.events), key=lambda event: event.at)
        after = Place(begun=self.begun, newest=newest, known=known)
        return TicketPage(events=tuple(events), cursor=after.written())

    def written(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))
