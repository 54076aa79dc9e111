"""What each call costs, counted and kept within the account's budget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date

from inbox.budget import Purse
from inbox.ports import Budget
from integrations.x import Prices, XSettings
from integrations.x.text import has_link

UNIT = "µ$"
MICRO = 1_000_000
_REMEMBERED = 100_000


def budget(settings: XSettings) -> Budget:
    """X's day is that of UTC: so it counts a thing once that is read twice."""
    day, month = settings.per_day, settings.per_month
    return Budget(
        unit=UNIT,
        per_day=None if day is None else int(day * MICRO),
        per_month=None if month is None else int(month * MICRO),
        day_zone="UTC",
    )


@dataclass(slots=True)
class Till:
    """Prices calls and asks the purse. `owned`: what is read is the app owner's own."""

    prices: Prices
    purse: Purse
    owned: bool
    _day: date = date.min
    _read: set[str] = field(default_factory=set)

    @property
    def own_post(self) -> int:
        """The price of a post by us or to us."""
        return self.prices.owned_read if self.owned else self.prices.post_read

    def affordable(self, price: int, *, least: int, most: int) -> int:
        """How many things a poll may read at this price: from `least` to `most`.

        Raises Retryable where not even the least is affordable.
        """
        self.purse.poll(least * price)
        at, count = self.purse.clock(), most
        for stretch in self.purse.stretches(at):
            left = stretch.left(self.purse.reserve)
            if left is not None and price:
                count = min(count, left // price)
        return max(least, count)

    def read(self, what: str, price: int, ids: Iterable[str]) -> None:
        """Count what was read. X charges a thing once in a day of UTC; whether the cheaper price
        covers the dearer one it does not say, so each counts.
        """
        today = self.purse.clock().astimezone(UTC).date()
        if today != self._day or len(self._read) > _REMEMBERED:
            self._day, self._read = today, set()
        fresh = {f"{what} {price} {id_}" for id_ in ids} - self._read
        self._read |= fresh
        if fresh:
            self.purse.spend(what, price * len(fresh))

    def answer(self, text: str, *, summoned: bool) -> int:
        """The price of a public answer."""
        if has_link(text):
            return self.prices.post_with_link
        return self.prices.summoned_reply if summoned else self.prices.post
