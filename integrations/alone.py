"""Lists of one account of which each fails alone.

One that fails is asked for again at once, with the whole poll: most faults are over by then, and
nobody has to know. One that fails again is passed over for an hour and told, and the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from inbox.errors import IntegrationError, Retryable
from inbox.unread import passed_over

REST = timedelta(hours=1)
_FORGOTTEN = timedelta(days=1)

log = logging.getLogger(__name__)
_Found = TypeVar("_Found")


class Alone:
    """Which lists fail, by names that go into what a person is told."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._again: dict[str, datetime] = {}

    def read(self, name: str, ask: Callable[[], _Found], otherwise: _Found) -> _Found:
        """What was asked for; `otherwise` where it is passed over. Raises Retryable."""
        again = self._again.get(name)
        if again is not None and self._clock() < again:
            return otherwise
        try:
            found = ask()
        except IntegrationError as error:
            self._failed(name, error, first=again is None)
            return otherwise
        self._again.pop(name, None)
        return found

    def _failed(self, name: str, error: IntegrationError, *, first: bool) -> None:
        """Raises where the others would fail too: what says until when to wait is a limit."""
        if isinstance(error, Retryable) and error.after is not None:
            raise error
        now = self._clock()
        if first:
            known = {one: at for one, at in self._again.items() if at > now - _FORGOTTEN}
            self._again = {**known, name: now}
            raise Retryable(str(error)) from None
        self._again[name] = now + REST
        log.warning("%s is passed over: %s", name, error)
        passed_over(name, str(error))
