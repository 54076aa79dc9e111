"""One account's polling: drain its pages, oldest first, and move the cursor with each commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inbox.desk import Desk
from inbox.ports import Connection, Poller, Store
from inbox.unread import reading
from tierdesk.arrivals import Arrivals
from tierdesk.faults import Faults
from tierdesk.pulse import Pulse

MOST_PAGES = 50
"""Pages drained in one go, so that a flood on one account leaves the thread to others."""


@dataclass(slots=True)
class AccountPoll:
    """Polls one account whenever its turn comes."""

    connection: Connection
    poller: Poller
    store: Store
    arrivals: Arrivals
    desk: Desk
    now: Callable[[], datetime]
    pulse: Pulse
    _faults: Faults = field(init=False)

    def __post_init__(self) -> None:
        account, writer = self.connection.account, self.arrivals.writer
        self._faults = Faults(account, writer, self.desk, self.now, self.pulse)

    def turn(self) -> int:
        """Poll until nothing more comes; returns how many events arrived."""
        return self._faults.guarded(self._drain)

    def rest(self) -> timedelta:
        """How long the account wants to be left alone, after a fault; no time otherwise."""
        return self._faults.rest()

    def _drain(self) -> int:
        with self.store.read() as unit:
            cursor = unit.cursors.get(self.connection.account)
        count = 0
        for _ in range(MOST_PAGES):
            with reading() as unread:
                page = self.poller.poll(cursor)
            if unread.entries:
                self.arrivals.left_out(self.connection.account, unread.entries).result()
            if unread.lists:
                self.arrivals.passed_over(self.connection.account, unread.lists).result()
            arrivals = self.arrivals.look_at(page.events, me=self.connection.me())
            if arrivals or page.cursor != cursor:
                self.arrivals.receive_page(arrivals, self.connection.account, page.cursor)
            cursor = page.cursor
            count += len(arrivals)
            if not page.more:
                break
        return count
