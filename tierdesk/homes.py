"""At the start: open cases whose channel the settings do not name any more, private ones that the
settings would show to everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from inbox.case import SYSTEM
from inbox.desk import Desk
from inbox.homes import exposed, remember
from inbox.outbox import Alert, NewItem, slack_lane
from inbox.ports import Store, Unit
from inbox.record import record
from store.writer import Writer

AT_ONCE = 50
"""Cases of one transaction: messages must not wait for all of them."""


class WouldBeSeen(RuntimeError):
    """The message says what is private, why it would be seen, and what to do."""


def keep_private(store: Store, desk: Desk, *, at: datetime) -> None:
    """Before anything is shown or taken in. Raises WouldBeSeen."""
    with store.transact() as unit:
        if problems := exposed(unit, desk, at=at):
            raise WouldBeSeen("\n".join(problems))
        remember(unit, desk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Homes:
    """Brings them into their tier's channel, and tells the operator how many."""

    store: Store
    writer: Writer
    desk: Desk
    now: Callable[[], datetime]

    def turn(self) -> None:
        with self.store.read() as unit:
            numbers = unit.cases.open_outside(self.desk.channels)
        for start in range(0, len(numbers), AT_ONCE):
            part = numbers[start : start + AT_ONCE]
            self.writer.run(partial(self._bring, numbers=part))
        if numbers and self.desk.operations is not None:
            alert = Alert(channel=self.desk.operations, text=_told(len(numbers)))
            item = NewItem(effect=alert, lane=slack_lane(self.desk.operations))
            self.writer.run(lambda unit: unit.outbox.add([item]))

    def _bring(self, unit: Unit, numbers: Sequence[int]) -> None:
        for number in numbers:
            if case := unit.cases.get(number):
                record(unit, self.desk, case, [], actor=SYSTEM, at=self.now())


def _told(number: int) -> str:
    what = "case is" if number == 1 else "cases are"
    return (
        f"{number:,} open {what} of a channel that tierdesk.yaml does not name any more: shown in"
        " the channel of the tier from now on, or in a private one where that was private, with new"
        " cards. Those in the old channel do nothing."
    )
