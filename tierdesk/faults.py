"""What a poll does about faults: rests, says a fault once and its end once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox import troubles
from inbox.desk import Desk
from inbox.errors import AuthFailed, IntegrationError, Retryable
from inbox.message import Account
from inbox.ports import Unit
from tierdesk.arrivals import Writer
from tierdesk.pulse import Pulse

log = logging.getLogger(__name__)

REST_AFTER_REFUSAL = timedelta(minutes=5)
REST_AFTER_FAULT = timedelta(seconds=5)


@dataclass(slots=True)
class Faults:
    """Of one account, or one helpdesk."""

    account: Account
    writer: Writer
    desk: Desk
    now: Callable[[], datetime]
    pulse: Pulse
    _rests: tuple[datetime, datetime] | None = None
    _failing: bool | None = None

    def guarded(self, drain: Callable[[], int]) -> int:
        """Poll, unless it rests; returns how many events arrived."""
        if self.rest():
            return 0
        try:
            count = drain()
        except IntegrationError as error:
            self._failed(error)
            return 0
        except Exception as error:
            ours = f"an error of ours ({type(error).__name__}): see Tierdesk's log."
            self.pulse.failed(self.account, Retryable(ours))
            raise
        self._well()
        return count

    def rest(self) -> timedelta:
        """How long the account wants to be left alone, after a fault; no time otherwise.

        None either where our clock was put back since: it would rest for as long as that.
        """
        if self._rests is None:
            return timedelta(0)
        (begin, end), now = self._rests, self.now()
        return end - now if begin <= now < end else timedelta(0)

    def _failed(self, error: IntegrationError) -> None:
        wait = REST_AFTER_REFUSAL if isinstance(error, AuthFailed) else REST_AFTER_FAULT
        if isinstance(error, Retryable) and error.after is not None:
            wait = error.after
        self._rests = self.now(), self.now() + wait
        if self._failing is not True:
            log.warning("polling %s failed: %s", self.account, error)
        self._failing = True
        self.pulse.failed(self.account, error)
        if isinstance(error, AuthFailed):
            self.writer.run(lambda unit: self._note(unit, error))

    def _note(self, unit: Unit, error: IntegrationError) -> None:
        troubles.note(unit, self.desk, self._where(), error, at=self.now())

    def _well(self) -> None:
        self._rests = None
        self.pulse.well(self.account)
        if self._failing is False:
            return
        self._failing = False
        self.writer.run(lambda unit: troubles.well_again(unit, self.desk, self._where()))

    def _where(self) -> str:
        return f"Polling {self.account}"
