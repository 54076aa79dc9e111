"""From a network's events to a committed reception: detect, then one transaction for many."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from inbox.facts import Findings
from inbox.knowledge import Hit
from inbox.message import Account, Deleted, Echoed, Edited, Event, Posted, Ref, Settled, Undelivered
from inbox.outbox import Alert, NewItem, slack_lane
from inbox.ports import Detector, Unit
from inbox.reception import NO_FINDINGS, Arrival, Outcome, Reception
from inbox.self_service import article_for
from inbox.unread import tell, tell_lists, tell_refused

log = logging.getLogger(__name__)

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
        """Detect, and search the articles; outside any transaction, since it takes time."""
        return self.look_at_all([(events, me)])[0]

    def look_at_all(
        self, batches: Sequence[tuple[Sequence[Event], Ref | None]]
    ) -> list[list[Arrival]]:
        """Of several accounts, each with our own author there: the detectors see all at once."""
        asked = [_text(event, me) for events, me in batches for event in events]
        seen = iter(self.detector.detect_all([text for text in asked if text is not None]))
        findings = iter([NO_FINDINGS if text is None else next(seen) for text in asked])
        return [
            [self._seen(event, next(findings), own=_own(event, me)) for event in events]
            for events, me in batches
        ]

    def _seen(self, event: Event, findings: Findings, *, own: bool) -> Arrival:
        hit = None if own else self._article(event, findings)
        return Arrival(event=event, findings=findings, own=own, hit=hit)

    def _article(self, event: Event, findings: Findings) -> Hit | None:
        """The one that answers a new message; where the search fails, people do."""
        if not isinstance(event, Posted):
            return None
        desk, articles = self.reception.desk, self.reception.articles
        try:
            return article_for(desk, articles, event.message, findings)
        except Exception as error:
            log.error("no article was searched for: %s", type(error).__name__)  # noqa: TRY400
            return None

    def submit(self, arrivals: list[Arrival]) -> Future[list[Outcome]]:
        """Receive together with whatever else arrives now; done when it is committed."""
        return self.writer.submit_batch(self._receive, arrivals)

    def submit_all(self, batches: Sequence[list[Arrival]]) -> Future[list[list[Outcome]]]:
        """Receive several requests' arrivals in one call: all of them, or none."""
        return self.writer.submit(lambda unit: self._receive(unit, batches))

    def receive_page(self, arrivals: list[Arrival], account: Account, cursor: str) -> list[Outcome]:
        """Receive a poll's page and move its cursor, in one transaction.

        Where it fails, each message by itself: one that cannot be taken in must not hold up those
        after it for ever. It is left out, and told to a person. Raises where the store itself is
        the fault: then the page comes again, whole.
        """

        def job(unit: Unit) -> list[Outcome]:
            outcomes = self.reception.receive(unit, arrivals, now=self.now())
            unit.cursors.set(account, cursor)
            return outcomes

        try:
            return self.writer.run(job)
        except Exception as error:
            log.error("a page of %s failed: %s", account, type(error).__name__)  # noqa: TRY400
            return self._one_by_one(arrivals, account, cursor)

    def left_out(self, account: Account, entries: int) -> Future[None]:
        """An account sent what nobody here can read; done when it is committed that it is told."""
        desk, at = self.reception.desk, self.now()
        return self.writer.submit(lambda unit: tell(unit, desk, account, entries, at=at))

    def passed_over(self, account: Account, lists: Mapping[str, str]) -> Future[None]:
        """Some lists of an account cannot be read; done when it is committed that it is told."""
        desk, at = self.reception.desk, self.now()
        return self.writer.submit(lambda unit: tell_lists(unit, desk, account, lists, at=at))

    def refused(self, account: Account) -> Future[None]:
        """An account was sent what is not as documented; done when it is committed."""
        desk, at = self.reception.desk, self.now()
        return self.writer.submit(lambda unit: tell_refused(unit, desk, account, at=at))

    def _one_by_one(self, arrivals: list[Arrival], account: Account, cursor: str) -> list[Outcome]:
        """In one transaction, too: a store that was away for a moment loses no message of it."""

        def job(unit: Unit) -> list[Outcome]:
            taken: list[Outcome] = []
            for arrival in arrivals:
                if unit.attempt(partial(self._take, unit, arrival, taken)):
                    self._tell(unit, arrival.event.ref)
            unit.cursors.set(account, cursor)
            return taken

        return self.writer.run(job)

    def _take(self, unit: Unit, arrival: Arrival, taken: list[Outcome]) -> None:
        taken += self.reception.receive(unit, [arrival], now=self.now())

    def _tell(self, unit: Unit, ref: Ref) -> None:
        channel = self.reception.desk.operations
        if channel is None:
            return
        text = (
            f"A message of {ref.at()} could not be taken in and was left out: an error of ours."
            f" Look at it on the network, its id there is {ref.id[:200]}; and report the error"
            " that Tierdesk's log names."
        )
        key = f"left-out:{ref.network}:{ref.account}:{ref.id}"
        unit.outbox.add(
            [NewItem(effect=Alert(channel=channel, text=text), lane=slack_lane(channel), key=key)]
        )

    def _receive(self, unit: Unit, batches: Sequence[list[Arrival]]) -> list[list[Outcome]]:
        flat = [arrival for batch in batches for arrival in batch]
        outcomes = iter(self.reception.receive(unit, flat, now=self.now()))
        return [[next(outcomes) for _ in batch] for batch in batches]


def _own(event: Event, me: Ref | None) -> bool:
    match event:
        case Posted(message=message) | Edited(message=message):
            return me is not None and message.author.ref == me
        case Deleted() | Undelivered() | Echoed() | Settled():
            return False


def _text(event: Event, me: Ref | None) -> tuple[str, str | None] | None:
    """What is to be looked at, with its language as the network tells it; None where nothing is."""
    match event:
        case Deleted() | Undelivered():
            return None
        case Posted(message=m) | Edited(message=m) | Echoed(message=m) | Settled(message=m):
            return None if _own(event, me) else (m.text, m.language)
