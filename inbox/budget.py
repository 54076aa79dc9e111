"""What an account's calls may cost: what is left of a day's or month's allowance, and the pace.

Polls slow down as an allowance runs out ahead of its time, and stop before it ends: the rest is
kept for replies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from inbox.errors import Rejected, Retryable
from inbox.ports import Budget, Meter

STEEPNESS = 4
"""How sharply polls slow down: the pace is (time left / money left) to this power."""

SLOWEST = 100.0
_SURE = 0.02
"""Part of a stretch that must be over until its spending tells anything of the rest."""


class Stretch(Struct, frozen=True, kw_only=True):
    """One day or month of a budget: what was spent of it, and the most, None where unlimited.

    It lasts from `begins` until `ends`; `word` says which it is.
    """

    word: str
    begins: datetime
    ends: datetime
    spent: int
    most: int | None

    @property
    def used(self) -> float:
        """The part of it that is spent; above 1 where more was, 0 where there is no end to it."""
        if self.most is None:
            return 0.0
        return self.spent / self.most if self.most else 1.0

    def gone(self, at: datetime) -> float:
        """The part of its time that is over."""
        return min(1.0, max(0.0, (at - self.begins) / (self.ends - self.begins)))

    def forecast(self, at: datetime) -> int:
        """What will be spent at its end if it goes on like this."""
        return max(self.spent, round(self.spent / max(_SURE, self.gone(at))))

    def left(self, keep: float = 0.0) -> int | None:
        """What may still be spent while the part `keep` of it stays; None where unlimited."""
        if self.most is None:
            return None
        return int(self.most * (1 - keep)) - self.spent

    def pace(self, at: datetime, keep: float) -> float:
        """How many times slower than usual to poll, so that what is left lasts to the end."""
        left = self.left(keep)
        if left is None or self.most is None:
            return 1.0
        money = left / max(1.0, self.most * (1 - keep))
        time_left = 1 - self.gone(at)
        if money <= 0:
            return SLOWEST
        return min(SLOWEST, max(1.0, (time_left / money) ** STEEPNESS))


def stretches(
    budget: Budget, spent: Callable[[date], int], *, at: datetime
) -> tuple[Stretch, Stretch]:
    """This day and this month as the account counts them; `spent` tells what was since a day."""
    zone = ZoneInfo(budget.day_zone)
    today = at.astimezone(zone).date()
    first = today.replace(day=1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    return (
        _stretch("today", today, today + timedelta(days=1), spent, budget.per_day, zone),
        _stretch("this month", first, next_month, spent, budget.per_month, zone),
    )


def _stretch(
    word: str,
    first: date,
    after: date,
    spent: Callable[[date], int],
    most: int | None,
    zone: ZoneInfo,
) -> Stretch:
    return Stretch(
        word=word,
        begins=datetime.combine(first, time(), zone),
        ends=datetime.combine(after, time(), zone),
        spent=spent(first),
        most=most,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """The budget of one account at work. `reserve` is the part that polls leave to replies."""

    budget: Budget
    meter: Meter
    clock: Callable[[], datetime]
    reserve: float = 0.1

    def spend(self, what: str, cost: int) -> None:
        """Count a call that was made; `what` names its kind in a word or two."""
        on = self.clock().astimezone(ZoneInfo(self.budget.day_zone)).date()
        self.meter.spend(what, cost, on=on)

    def poll(self, cost: int) -> None:
        """To be asked before a poll that may cost so much.

        Raises Retryable, until the allowance begins anew, where that would take of what is kept
        for replies.
        """
        at = self.clock()
        if short := self._short(cost, self.reserve, at):
            raise Retryable(
                f"The rest of the budget for {short.word} is kept for replies.",
                after=short.ends - at,
            )

    def reply(self, cost: int) -> None:
        """To be asked before an answer. Raises Rejected where not even the reserve pays for it."""
        if short := self._short(cost, 0.0, self.clock()):
            raise Rejected(
                f"The budget for {short.word} does not pay for this answer. Ask your operator to"
                " raise it, or answer on the network itself."
            )

    def pace(self) -> float:
        """How many times slower than usual polls shall come; for `Connection.pace`."""
        at = self.clock()
        return max(stretch.pace(at, self.reserve) for stretch in self.stretches(at))

    def stretches(self, at: datetime) -> tuple[Stretch, Stretch]:
        return stretches(self.budget, self.meter.spent, at=at)

    def _short(self, cost: int, keep: float, at: datetime) -> Stretch | None:
        """The stretch that does not pay for it."""
        for stretch in self.stretches(at):
            left = stretch.left(keep)
            if left is not None and cost > left:
                return stretch
        return None
