"""Carries out second looks: outside any transaction, as far as the CPU budget goes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from inbox.errors import Rejected
from inbox.facts import Topic
from inbox.message import Ref
from inbox.outbox import Item, LookAgain
from inbox.ports import Delivered, SecondOpinion, Store, Stored, Unit
from inbox.second_look import SecondLook
from tierdesk.cpu_budget import CpuBudget

log = logging.getLogger(__name__)
T = TypeVar("T")


class Transactions(Protocol):
    """The writer: runs a job in one transaction, returns after its commit."""

    def run(self, job: Callable[[Unit], T]) -> T: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLookCourier:
    """Implements inbox.ports.Courier for LookAgain. Where no opinion is asked any more, orders of
    the time when one was are done with.
    """

    second: SecondLook
    store: Store
    writer: Transactions
    budget: CpuBudget
    now: Callable[[], datetime]

    def deliver(self, item: Item) -> Delivered:
        """Raises Retryable where the CPU is spent, Rejected where the opinion failed.

        After a crash it is done again: what was raised is not undecided any more.
        """
        if not isinstance(item.effect, LookAgain):
            raise Rejected(f"{type(item.effect).__name__} is not for this courier.")
        stored = self._undecided(item.effect.message)
        opinion = self.second.reception.opinion
        if opinion is None or stored is None:
            return Delivered()
        if topic := self._look(opinion, stored):
            self.writer.run(lambda unit: self.second.saw(unit, stored, topic, now=self.now()))
        return Delivered()

    def _undecided(self, message: Ref) -> Stored | None:
        with self.store.read() as unit:
            return self.second.undecided(unit, message)

    def _look(self, opinion: SecondOpinion, stored: Stored) -> Topic | None:
        with self.budget.spending():
            try:
                return opinion.look(stored.message.text, stored.findings)
            except Exception as error:  # a foreign library that breaks must not be asked for ever
                log.error("a second look failed: %s", type(error).__name__)  # noqa: TRY400
                raise Rejected(f"the encoder broke ({type(error).__name__}).") from None
