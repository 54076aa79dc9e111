"""Whether this process is still the only one of its name; of two, the one that lost it ends."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sole:
    """A database that was restarted has forgotten whose the name is; it is taken anew.

    Two of one name would each take the other's deliveries for those of a dead predecessor.
    """

    still_ours: Callable[[], bool]
    end: Callable[[], object]

    def turn(self) -> None:
        if not self.still_ours():
            log.error("Another Tierdesk runs under our name on this database. This one ends.")
            self.end()
