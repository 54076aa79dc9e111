"""A helpdesk's own words for states and priorities, and ours: tables of the settings, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from inbox.decision import Priority
from inbox.errors import Rejected
from inbox.ports import TicketStatus

Ours = TypeVar("Ours", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Words(Generic[Ours]):
    """`table` maps each of the helpdesk's words to ours. Of several for one of ours the first is
    the one that we write.
    """

    table: Mapping[str, Ours]

    def ours(self, theirs: str | None) -> Ours | None:
        """In any case of letters; None where the table does not name it."""
        wanted = (theirs or "").casefold()
        return next((ours for word, ours in self.table.items() if word.casefold() == wanted), None)

    def theirs(self, ours: Ours, *instead: Ours) -> str:
        """The word for it, else for the first of `instead` that has one. Raises Rejected."""
        for wanted in (ours, *instead):
            for word, meant in self.table.items():
                if meant is wanted:
                    return word
        raise Rejected(f'The helpdesk has no word for "{ours.value}" in its settings.')


def nearest(priority: Priority) -> tuple[Priority, ...]:
    """All priorities, those that are most like it first: a helpdesk may know fewer than we do."""
    return tuple(sorted(Priority, key=lambda other: abs(other.rank - priority.rank)))


INSTEAD = {
    TicketStatus.NEW: (TicketStatus.OPEN,),
    TicketStatus.OPEN: (TicketStatus.NEW,),
    TicketStatus.PENDING: (TicketStatus.ON_HOLD, TicketStatus.OPEN),
    TicketStatus.ON_HOLD: (TicketStatus.PENDING, TicketStatus.OPEN),
    TicketStatus.SOLVED: (TicketStatus.CLOSED,),
    TicketStatus.CLOSED: (TicketStatus.SOLVED,),
}
"""What stands in for a state that a helpdesk does not know."""
