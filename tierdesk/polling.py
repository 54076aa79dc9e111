"""One account's polling: drain its pages, oldest first, and move the cursor with each commit."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox import troubles
from inbox.desk import Desk
from inbox.errors import AuthFailed, IntegrationError, Retryable
from inbox.ports import Connection, Poller, Store, Unit
from tierdesk.arrivals import Arrivals
from tierdesk.pulse import Pulse

log = logging.getLogger(__name__)

MOST_PAGES = 50
"""Pages drained in one go, so that a flood on one account leaves the thread to others."""

REST_AFTER_REFUSAL = timedelta(minutes=5)


@dataclass(slots=True)
class AccountPoll:
    """Polls one account whenever its turn comes; says a fault once and its end once."""

    connection: Connection
    poller: Poller
    store: Store
    arrivals: Arrivals
    desk: Desk
    now: Callable[[], datetime]
    pulse: Pulse
    _not_before: datetime | None = None
    _failing: bool | None = None

    def turn(self) -> int:
        """Poll until nothing more comes; returns how many events arrived."""
        if self._not_before is not None and self.now() < self._not_before:
            return 0
        try:
            count = self._drain()
        except IntegrationError as error:
            self._rest(error)
            return 0
        self._recovered()
        return count

    def rest(self) -> timedelta:
        """How long the account wants to be left alone, after a fault; no time otherwise."""
        return max(timedelta(0), (self._not_before or self.now()) - self.now())

    def _drain(self) -> int:
        with self.store.read() as unit:
            cursor = unit.cursors.get(self.connection.account)
        count = 0
        for _ in range(MOST_PAGES):
            page = self.poller.poll(cursor)
            arrivals = self.arrivals.look_at(page.events, me=self.connection.me())
            if arrivals or page.cursor != cursor:
                self.arrivals.receive_page(arrivals, self.connection.account, page.cursor)
            cursor = page.cursor
            count += len(arrivals)
            if not page.more:
                break
        return count

    def _rest(self, error: IntegrationError) -> None:
        wait = REST_AFTER_REFUSAL if isinstance(error, AuthFailed) else timedelta(seconds=5)
        if isinstance(error, Retryable) and error.after is not None:
            wait = error.after
        self._not_before = self.now() + wait
        if self._failing is not True:
            log.warning("polling %s failed: %s", self.connection.account, error)
        self._failing = True
        self.pulse.failed(self.connection.account, error)
        if isinstance(error, AuthFailed):
            self.arrivals.writer.run(lambda unit: self._note(unit, error))

    def _note(self, unit: Unit, error: IntegrationError) -> None:
        troubles.note(unit, self.desk, self._where(), error, at=self.now())

    def _recovered(self) -> None:
        self._not_before = None
        self.pulse.well(self.connection.account)
        if self._failing is False:
            return
        self._failing = False
        self.arrivals.writer.run(lambda unit: troubles.well_again(unit, self.desk, self._where()))

    def _where(self) -> str:
        return f"Polling {self.connection.account}"
