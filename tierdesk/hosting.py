"""What the product gives to each account's integration: time, a meter, a place to keep things."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date, datetime

from inbox.message import Account
from inbox.ports import Host, Store
from tierdesk.arrivals import Writer


@dataclass(slots=True)
class StoredMeter:
    """Implements inbox.ports.Meter; what was spent is committed in the background."""

    account: Account
    store: Store
    writer: Writer
    _last: Future[None] | None = field(default=None)

    def spend(self, what: str, cost: int, *, on: date) -> None:
        self._last = self.writer.submit(
            lambda unit: unit.spending.add(self.account, what, cost, on=on)
        )

    def spent(self, since: date) -> int:
        if self._last is not None:
            self._last.result()
        with self.store.read() as unit:
            return unit.spending.total(self.account, since=since)


@dataclass(frozen=True, slots=True)
class StoredKeep:
    """Implements inbox.ports.Keep."""

    account: Account
    store: Store
    writer: Writer

    def get(self, name: str) -> str | None:
        with self.store.read() as unit:
            return unit.kept.get(self.account, name)

    def set(self, name: str, value: str) -> None:
        self.writer.run(lambda unit: unit.kept.set(self.account, name, value))


def host(account: Account, store: Store, writer: Writer, clock: Callable[[], datetime]) -> Host:
    return Host(
        clock=clock,
        meter=StoredMeter(account, store, writer),
        keep=StoredKeep(account, store, writer),
    )
