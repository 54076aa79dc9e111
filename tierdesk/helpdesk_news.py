"""News from the helpdesks, by webhook and by poll: each taken in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inbox.desk import Desk
from inbox.deskwork import alert
from inbox.message import Account
from inbox.ports import HelpdeskConnection, Store, TicketEvent, TicketWatch, Unit, desk_account
from inbox.ticket_news import TicketNews
from inbox.unread import reading, tell, tell_refused
from tierdesk.arrivals import Writer
from tierdesk.faults import Faults
from tierdesk.polling import MOST_PAGES
from tierdesk.pulse import Pulse

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpdeskNews:
    """The way from a helpdesk into its cases."""

    writer: Writer
    news: TicketNews
    now: Callable[[], datetime]

    def submit(self, name: str, events: Sequence[TicketEvent]) -> Future[int]:
        """All of them or none; done when it is committed, with how many were new."""
        return self.writer.submit(lambda unit: self._take(unit, name, events))

    def receive_page(self, name: str, events: Sequence[TicketEvent], cursor: str) -> None:
        """Take each by itself, then move the cursor: what is taken twice is known.

        One that cannot be taken in must not hold up those after it for ever. It is left out, and
        told to a person. Raises where the store itself is the fault: then the page comes again.
        """
        failed = [event for event in events if not self._taken(name, [event])]

        def job(unit: Unit) -> None:
            unit.cursors.set(desk_account(name), cursor)
            for event in failed:
                if self._fails(unit, name, [event]):
                    self._tell(unit, name, event)

        self.writer.run(job)

    def left_out(self, account: Account, entries: int) -> Future[None]:
        """A helpdesk sent what nobody here can read; done when it is committed that it is told."""
        desk, at = self.news.desk, self.now()
        return self.writer.submit(lambda unit: tell(unit, desk, account, entries, at=at))

    def refused(self, account: Account) -> Future[None]:
        """A helpdesk was refused what is not as documented; done when it is committed."""
        desk, at = self.news.desk, self.now()
        return self.writer.submit(lambda unit: tell_refused(unit, desk, account, at=at))

    def take_early(self, name: str) -> None:
        """What came before its ticket was known to be a case's; left out where that fails."""
        if not self._taken(name, ()):
            self.writer.run(lambda unit: self._leave_early(unit, name))

    def _leave_early(self, unit: Unit, name: str) -> None:
        if self._fails(unit, name, ()):
            for event in unit.tickets.take_early(name):
                self._tell(unit, name, event)

    def _fails(self, unit: Unit, name: str, events: Sequence[TicketEvent]) -> bool:
        """Whether it fails again; the store may have been away for a moment."""
        return unit.attempt(lambda: self._take(unit, name, events)) is not None

    def _taken(self, name: str, events: Sequence[TicketEvent]) -> bool:
        try:
            self.submit(name, events).result()
        except Exception as error:
            log.error("news of %s failed: %s", name, type(error).__name__)  # noqa: TRY400
            return False
        return True

    def _take(self, unit: Unit, name: str, events: Sequence[TicketEvent]) -> int:
        return self.news.take(unit, name, events, at=self.now())

    def _tell(self, unit: Unit, name: str, event: TicketEvent) -> None:
        channel = self.news.desk.operations
        if channel is None:
            return
        ticket = event.ticket[:200]
        text = (
            f"News of ticket {ticket} in {name} could not be taken in and was left out: an error"
            " of ours. Look at the ticket there, and report the error that Tierdesk's log names."
        )
        key = f"left-out:{name}:{ticket}:{event.at.isoformat()}"
        unit.outbox.add([alert(channel, text, key=key)])


@dataclass(slots=True)
class HelpdeskPoll:
    """Asks one helpdesk for news whenever its turn comes."""

    connection: HelpdeskConnection
    watch: TicketWatch
    every: timedelta
    store: Store
    news: HelpdeskNews
    desk: Desk
    now: Callable[[], datetime]
    pulse: Pulse
    _faults: Faults = field(init=False)

    def __post_init__(self) -> None:
        account, writer = self.connection.account, self.news.writer
        self._faults = Faults(account, writer, self.desk, self.now, self.pulse)

    def turn(self) -> int:
        """Ask until nothing more comes; returns how much arrived."""
        return self._faults.guarded(self._drain)

    def rest(self) -> timedelta:
        return self._faults.rest()

    def _drain(self) -> int:
        account, name = self.connection.account, self.connection.name
        with self.store.read() as unit:
            cursor = unit.cursors.get(account)
        self.news.take_early(name)
        count = 0
        for _ in range(MOST_PAGES):
            with reading() as unread:
                page = self.watch.changes(cursor)
            if unread.entries:
                self.news.left_out(account, unread.entries).result()
            if page.events or page.cursor != cursor:
                self.news.receive_page(name, page.events, page.cursor)
            cursor = page.cursor
            count += len(page.events)
            if not page.more:
                break
        return count
