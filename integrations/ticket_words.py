"""A helpdesk's own words for states and priorities, and ours: tables of the settings, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from inbox.errors import Rejected

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

    def theirs(self, ours: Ours) -> str:
        """Raises Rejected where the table has no word for it."""
        for word, meant in self.table.items():
            if meant is ours:
                return word
        raise Rejected(f'The helpdesk has no word for "{ours.value}" in its settings.')
