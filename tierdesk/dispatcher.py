"""Carries out what the outbox wants: lease, deliver outside any transaction, settle.

Workers take one item of a lane at a time, so a slow or limited destination delays only itself.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Collection, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from inbox import deliveries, troubles
from inbox.desk import Desk
from inbox.errors import STILL_AT_WORK, Faulty, IntegrationError
from inbox.outbox import Effect, Item
from inbox.ports import Courier, Delivered, Unit
from tierdesk.lanes import Lanes

log = logging.getLogger(__name__)
T = TypeVar("T")

LEASE = timedelta(seconds=90)
"""Longer than a delivery takes, and renewed while one goes on: a lease that ends belongs to a dead
worker, or to one that could not write for so long."""

RENEW_EVERY = 30.0
"""Seconds: a third of a lease."""

IDLE_LOOK = 0.5
"""Seconds between looks for items whose time has come, when nothing was committed."""

REST = 0.005
"""Seconds of rest after a look in vain: in a flood of commits each would ask for another one."""


class Transactions(Protocol):
    """The writer: runs a job in one transaction, returns after its commit."""

    def run(self, job: Callable[[Unit], T]) -> T: ...


@dataclass(slots=True)
class Dispatcher:
    """`workers` threads deliver; one thread leases. `name` is this process in the outbox."""

    writer: Transactions
    couriers: Mapping[type[Effect], Courier]
    desk: Desk
    name: str
    now: Callable[[], datetime]
    workers: int = 8
    _wake: threading.Event = field(default_factory=threading.Event)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _ready: queue.SimpleQueue[Item | None] = field(default_factory=queue.SimpleQueue)
    _free: threading.Semaphore = field(init=False)
    _lanes: Lanes = field(default_factory=Lanes)
    _under_way: dict[int, Item] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._free = threading.Semaphore(self.workers)

    def start(self) -> None:
        """Take back what a predecessor of this name had under way, then begin."""
        taken = self.writer.run(lambda unit: unit.outbox.take_back(self.name, rest=STILL_AT_WORK))
        if taken:
            log.info("took back %d deliveries of an earlier run", taken)
        targets = [self._lease_loop, self._renew_loop, *[self._deliver_loop] * self.workers]
        for number, target in enumerate(targets):
            thread = threading.Thread(target=target, name=f"dispatch-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def wake(self, lanes: Set[str] = frozenset()) -> None:
        """Something was committed for these lanes; without any, look in any case."""
        if not self._lanes.all_wait(lanes):
            self._wake.set()

    def close(self) -> None:
        """Finish what is under way, take nothing new."""
        self._stopping.set()
        self._wake.set()
        for _ in range(self.workers):
            self._ready.put(None)
        for thread in self._threads:
            thread.join(timeout=20)

    def _lease_loop(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            if not self._lease_some() and not self._stopping.wait(REST):
                self._wake.wait(self._lanes.next_turn(IDLE_LOOK))

    def _renew_loop(self) -> None:
        """Another machine must not begin what is slow here: both would look, and both send."""
        while not self._stopping.wait(RENEW_EVERY):
            if under_way := list(self._under_way):
                self._renew(under_way)

    def _renew(self, items: Collection[int]) -> None:
        try:
            self.writer.run(lambda unit: unit.outbox.renew(items, self.name, lease_for=LEASE))
        except Exception:
            log.exception("could not renew leases; trying again")

    def _lease_some(self) -> bool:
        """Lease as many items as workers are free; False where nothing was due."""
        free = self._take_free()
        try:
            items = self.writer.run(
                lambda unit: unit.outbox.lease(self.name, limit=free, lease_for=LEASE)
            )
        except Exception:
            log.exception("could not lease; trying again")
            items = []
        for item in items:
            self._begin(item)
        for _ in range(free - len(items)):
            self._free.release()
        return bool(items)

    def _begin(self, item: Item) -> None:
        """One that outlives its lease is leased anew, and goes on: begun twice, it may send twice.

        While many pages are looked through for an earlier attempt, every request may be slow.
        """
        self._lanes.begin(item.lane)
        again = item.id in self._under_way
        self._under_way[item.id] = item
        if again:
            self._free.release()
        else:
            self._ready.put(item)

    def _take_free(self) -> int:
        self._free.acquire()
        count = 1
        while self._free.acquire(blocking=False):
            count += 1
        return count

    def _deliver_loop(self) -> None:
        while (item := self._ready.get()) is not None:
            rest = None
            try:
                rest = self._deliver(item)
            except Exception as error:
                # The lease ends by itself and the item is tried again, looking first.
                log.error("item %d was not settled: %s", item.id, type(error).__name__)  # noqa: TRY400
            finally:
                self._lanes.end(item.lane, rest=rest)
                self._free.release()
                self._wake.set()

    def _deliver(self, item: Item) -> timedelta | None:
        """Returns how long the lane rests, None where it need not."""
        result = self._carry_out(item)
        leased_last = self._under_way.pop(item.id)
        if isinstance(result, IntegrationError):
            return self._settle_badly(leased_last, result)
        self._settle(leased_last, result)
        return None

    def _carry_out(self, item: Item) -> Delivered | IntegrationError:
        try:
            return self.couriers[type(item.effect)].deliver(item)
        except IntegrationError as error:
            return error
        except Exception as error:
            # A fault of ours in mid-air: nobody knows how far it came.
            log.error("delivering %s failed: %s", type(item.effect).__name__, type(error).__name__)  # noqa: TRY400
            return Faulty(f"an error of ours ({type(error).__name__}).")

    def _settle(self, item: Item, result: Delivered) -> None:
        def job(unit: Unit) -> None:
            deliveries.delivered(unit, self.desk, item, result, at=self.now())
            if item.attempts > 1:
                troubles.well_again(unit, self.desk, item.lane)

        self.writer.run(job)

    def _settle_badly(self, item: Item, error: IntegrationError) -> timedelta | None:
        def job(unit: Unit) -> timedelta | None:
            verdict = deliveries.not_delivered(unit, self.desk, item, error, at=self.now())
            troubles.note(unit, self.desk, item.lane, error, at=self.now())
            return verdict.after

        return self.writer.run(job)
