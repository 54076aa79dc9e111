"""A reception that asks for second looks, and the courier that takes them, one step at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from inbox import deliveries
from inbox.case import Actor, Afterwards, Case
from inbox.changes import AnswerQueued, Change
from inbox.decision import Answer, Decision, Response
from inbox.errors import IntegrationError
from inbox.facts import SEMANTIC, Facts, Findings, Topic
from inbox.message import Event, Message, Visibility
from inbox.outbox import SECOND_LOOKS, Item, LookAgain, State
from inbox.ports import Delivered, Plan, Stored, Unit
from inbox.reception import Arrival, Reception
from inbox.record import record
from inbox.second_look import SecondLook
from tests.builders import a_decision, a_ref, minutes
from tests.house import House
from tierdesk.cpu_budget import CpuBudget
from tierdesk.second_looks import SecondLookCourier

BILLING = Topic(name="billing", words=(), source=SEMANTIC, examples=("You took it twice.",))
LEANING = Findings(language="en", leaning=0.5)


def by_topic(facts: Facts) -> Decision:
    """Rules in the small: money is private; hours are answered by the machine; law is nothing."""
    if facts.topic("billing"):
        return a_decision("private", tier=2, team="experts")
    if facts.topic("legal"):
        return a_decision("law", tier=0)
    if "hours" in facts.text:
        return a_decision("hours", response=Response(kind=Answer.PUBLIC_REPLY, template="hours"))
    return a_decision("spam", tier=None, ignore=True) if "spam" in facts.text else a_decision()


@dataclass
class FakeOpinion:
    """Says what the test wants, and remembers which texts it was asked about."""

    says: Topic | Exception | None = BILLING
    asked: list[str] = field(default_factory=list)

    def wants(self, findings: Findings) -> bool:
        return findings.leaning is not None

    def look(self, text: str, findings: Findings) -> Topic | None:
        self.asked.append(text)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


class FakePlanner:
    """Answers every first message."""

    def plan(self, case: Case, message: Message, decision: Decision, *, at: object) -> Plan:
        queued = AnswerQueued(
            key=f"auto-{message.ref.id}",
            text="At nine.",
            spans=(),
            visibility=Visibility.PUBLIC,
            afterwards=Afterwards.CLOSE,
            automatic=True,
        )
        return Plan(changes=(queued,))


@dataclass
class Meters:
    """Real time and CPU as the test lets them pass."""

    real: float = 0.0
    used: float = 0.0


@dataclass
class Stage:
    """A reception that asks for second looks, and the courier that takes them."""

    house: House
    opinion: FakeOpinion | None = field(default_factory=FakeOpinion)
    meters: Meters = field(default_factory=Meters)

    def __post_init__(self) -> None:
        self.reception = Reception(
            desk=self.house.desk,
            router=self.house.router,
            planners={Answer.PUBLIC_REPLY: FakePlanner()},
            opinion=self.opinion,
        )
        self.courier = SecondLookCourier(
            second=SecondLook(reception=self.reception),
            store=self.house.database,
            writer=self.house.writer,
            budget=CpuBudget(
                timedelta(seconds=10),
                clock=lambda: self.meters.real,
                cpu=lambda: self.meters.used,
            ),
            now=self.house.clock,
        )

    def takes(self, *events: Event, findings: Findings = LEANING, after: float = 0) -> None:
        arrivals = [Arrival(event=event, findings=findings) for event in events]
        self.house.writer.run(
            lambda unit: self.reception.receive(unit, arrivals, now=minutes(after))
        )

    def orders(self) -> list[Item]:
        return [item for item in self.house.queued() if isinstance(item.effect, LookAgain)]

    def looks(self) -> list[Delivered]:
        """Deliver every order that waits, as the dispatcher does."""
        done = []
        while self.orders():
            done.append(self._look(self.lease()))
        return done

    def _look(self, item: Item) -> Delivered:
        result, desk, at = self.courier.deliver(item), self.house.desk, self.house.clock()
        self.house.writer.run(lambda unit: deliveries.delivered(unit, desk, item, result, at=at))
        return result

    def fails(self) -> tuple[IntegrationError, State]:
        """Deliver the first order, which goes wrong; the error, and what becomes of the order."""
        item = self.lease()
        with pytest.raises(IntegrationError) as refused:
            self.courier.deliver(item)
        verdict = self.house.writer.run(
            lambda unit: deliveries.not_delivered(
                unit, self.house.desk, item, refused.value, at=self.house.clock()
            )
        )
        return refused.value, verdict.state

    def lease(self) -> Item:
        def job(unit: Unit) -> Item:
            leased = unit.outbox.lease("test", limit=50, lease_for=timedelta(minutes=1))
            for item in leased:
                if item.lane != SECOND_LOOKS:
                    unit.outbox.settle(item.id, State.QUEUED, after=timedelta())
            return next(item for item in leased if item.lane == SECOND_LOOKS)

        return self.house.writer.run(job)

    def happens(self, actor: Actor, *changes: Change) -> None:
        def job(unit: Unit) -> Case:
            case = unit.cases.get(1)
            assert case
            return record(unit, self.house.desk, case, changes, actor=actor, at=minutes(1))

        self.house.writer.run(job)

    def case(self) -> Case:
        with self.house.database.read() as unit:
            case = unit.cases.get(1)
        assert case
        return case

    def changes(self) -> Sequence[Change]:
        with self.house.database.read() as unit:
            return [event.change for event in unit.cases.history(1)]

    def stored(self, id: str = "1") -> Stored:  # noqa: A002 - the field's name
        with self.house.database.read() as unit:
            return unit.messages.find({a_ref(id)})[a_ref(id)]
