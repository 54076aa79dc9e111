"""Looks after known messages of open cases on networks that do not tell of every change."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox.errors import IntegrationError
from inbox.message import Ref
from inbox.ports import Connection, Inspector, Store
from tierdesk.arrivals import Arrivals

log = logging.getLogger(__name__)

MOST_AT_ONCE = 20
"""Each look is a request: a few a turn leave the budget to polls and answers."""

MOST_KNOWN = 400
"""Messages looked after in all, turn by turn."""

YOUNGER_THAN = timedelta(days=2)


@dataclass(slots=True)
class Inspection:
    """Looks at the newest messages of open cases of one account, a few a turn."""

    connection: Connection
    inspector: Inspector
    store: Store
    arrivals: Arrivals
    now: Callable[[], datetime]
    _position: int = 0

    def turn(self) -> int:
        """Returns how many messages had changed."""
        refs = self._refs()
        if not refs:
            return 0
        try:
            changes = self.inspector.look(refs)
        except IntegrationError as error:
            log.info("looking after messages of %s waits: %s", self.connection.account, error)
            return 0
        arrivals = self.arrivals.look_at(changes, me=self.connection.me())
        self.arrivals.submit(arrivals).result()
        return len(arrivals)

    def _refs(self) -> Sequence[Ref]:
        """The next few; the turn goes round through all that are young enough."""
        since = self.now() - YOUNGER_THAN
        with self.store.read() as unit:
            refs = unit.messages.of_open_cases(
                self.connection.account, since=since, limit=MOST_KNOWN
            )
        if self._position >= len(refs):
            self._position = 0
        start, self._position = self._position, self._position + MOST_AT_ONCE
        return refs[start : self._position]
