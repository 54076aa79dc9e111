"""From a network's events to a committed reception: detect, then one transaction for many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from inbox.message import Account, Deleted, Echoed, Edited, Event, Posted, Ref, Undelivered
from inbox.ports import Detector, Unit
from inbox.reception import NO_FINDINGS, Arrival, Outcome, Reception

T = TypeVar("T")
X = TypeVar("X")
R = TypeVar("R")


class Writer(Protocol):
    """The one writing thread; see store.writer."""

    def run(self, job: Callable[[Unit], T]) -> T: ...
    def submit(self, job: Callable[[Unit], T]) -> Future[T]: ...
    def submit_batch(
        self, handler: Callable[[Unit, Sequence[X]], Sequence[R]], item: X
    ) -> Future[R]: ...


@dataclass(slots=True)
class Arrivals:
    """The way from a connection into the reception, for polls and webhooks alike."""

    writer: Writer
    reception: Reception
    detector: Detector
    now: Callable[[], datetime]

    def look_at(self, events: Sequence[Event], *, me: Ref | None) -> list[Arrival]:
        """Run the detectors; outside any transaction, since they take time."""
        return [self._look(event, me) for event in events]

    def submit(self, arrivals: list[Arrival]) -> Future[list[Outcome]]:
        """Receive together with whatever else arrives now; done when it is committed."""
        return self.writer.submit_batch(self._receive, arrivals)

    def submit_all(self, batches: Sequence[list[Arrival]]) -> Future[list[list[Outcome]]]:
        """Receive several requests' arrivals in one call: all of them, or none."""
        return self.writer.submit(lambda unit: self._receive(unit, batches))

    def receive_page(self, arrivals: list[Arrival], account: Account, cursor: str) -> list[Outcome]:
        """Receive a poll's page and move its cursor, in one transaction."""

        def job(unit: Unit) -> list[Outcome]:
            outcomes = self.reception.receive(unit, arrivals, now=self.now())
            unit.cursors.set(account, cursor)
            return outcomes

        return self.writer.run(job)

    def _receive(self, unit: Unit, batches: Sequence[list[Arrival]]) -> list[list[Outcome]]:
        flat = [arrival for batch in batches for arrival in batch]
        outcomes = iter(self.reception.receive(unit, flat, now=self.now()))
        return [[next(outcomes) for _ in batch] for batch in batches]

    def _look(self, event: Event, me: Ref | None) -> Arrival:
        match event:
            case Deleted() | Undelivered():
                return Arrival(event=event, findings=NO_FINDINGS)
            case Echoed(message=message):
                findings = self.detector.detect(message.text, language=message.language)
                return Arrival(event=event, findings=findings)
            case Posted(message=message) | Edited(message=message):
                own = me is not None and message.author.ref == me
                findings = (
                    NO_FINDINGS
                    if own
                    else self.detector.detect(message.text, language=message.language)
                )
                return Arrival(event=event, findings=findings, own=own)
