"""Answers that wait for their network: the cards that say so, and how often they are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from inbox import deliveries
from inbox.case import Actor, ActorKind, Afterwards
from inbox.changes import AnswerQueued
from inbox.errors import IntegrationError, Rejected, Retryable, Uncertain
from inbox.message import Posted, Visibility
from inbox.outbox import Item, NewItem, SendAnswer, ShowCard, State, account_lane
from inbox.ports import Delivered, Unit
from inbox.reception import Arrival
from inbox.waiting import Wait, answer_waits
from tests.builders import ACCOUNT, NOW, a_draft, a_message, a_ref, an_author, minutes
from tests.house import House

LANE = account_lane(ACCOUNT)
AT_ONCE = timedelta(seconds=-1)
"""Over when it begins: SQLite's clock may stand still from one statement to the next."""
DOWN = Retryable("It is down.", after=AT_ONCE)


@dataclass
class Queue:
    """Two cases, each with an answer on its way: `answer-1` before `answer-2`."""

    house: House
    heads: list[Item] = field(default_factory=list)

    def tried(self, error: IntegrationError | None) -> None:
        """The head of the lane is tried, and ends so."""
        self._lease()
        item = self.heads.pop()
        self.house.writer.run(lambda unit: self._settle(unit, item, error))

    def drawn(self) -> list[int]:
        """The cases whose cards are drawn anew since the last look."""
        drawn: list[int] = []
        while shown := self._lease():
            drawn += [item.effect.case for item in shown if isinstance(item.effect, ShowCard)]
        return sorted(drawn)

    def waits(self, number: int) -> Wait | None:
        queued = AnswerQueued(
            key=f"answer-{number}",
            text="At nine.",
            spans=(),
            visibility=Visibility.PUBLIC,
            afterwards=Afterwards.WAIT,
            automatic=False,
        )
        with self.house.database.read() as unit:
            case = unit.cases.get(number)
            assert case
            return answer_waits(unit, case, queued)

    def _lease(self) -> list[Item]:
        """One of each lane: what is for Slack is done with that, the answer waits in `heads`."""

        def job(unit: Unit) -> list[Item]:
            leased = unit.outbox.lease("test", limit=50, lease_for=timedelta(minutes=1))
            self.heads += [item for item in leased if item.lane == LANE]
            shown = [item for item in leased if item.lane != LANE]
            for item in shown:
                unit.outbox.settle(item.id, State.DELIVERED)
            return shown

        return self.house.writer.run(job)

    def _settle(self, unit: Unit, item: Item, error: IntegrationError | None) -> None:
        if error is None:
            result = Delivered(ref=a_ref(f"sent-{item.id}"))
            deliveries.delivered(unit, self.house.desk, item, result, at=minutes(1))
        else:
            deliveries.not_delivered(unit, self.house.desk, item, error, at=minutes(1))


def an_answer(number: int) -> NewItem:
    effect = SendAnswer(
        case=number,
        draft=a_draft(),
        spans=(),
        by=Actor(kind=ActorKind.AGENT, id="U1"),
        afterwards=Afterwards.WAIT,
        automatic=False,
    )
    return NewItem(effect=effect, lane=LANE, key=f"answer-{number}")


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with House(tmp_path) as house:
        arrivals = [
            Arrival(event=Posted(message=a_message(name, author=an_author(name))))
            for name in ("1", "2")
        ]
        house.writer.run(lambda unit: house.reception.receive(unit, arrivals, now=NOW))
        queue = Queue(house=house)
        queue.drawn()
        house.writer.run(lambda unit: unit.outbox.add([an_answer(1), an_answer(2)]))
        yield queue


def test_all_answers_behind_one_that_cannot_go_out_wait_with_its_reason(queue: Queue) -> None:
    assert (queue.waits(1), queue.waits(2)) == (None, None)

    queue.tried(DOWN)

    for number in (1, 2):
        assert queue.waits(number) == Wait(why="It is down.", doubtful=False)
    assert queue.drawn() == [1, 2]


def test_what_keeps_failing_is_told_once_and_another_reason_anew(queue: Queue) -> None:
    queue.tried(DOWN)
    queue.drawn()

    queue.tried(DOWN)
    assert queue.drawn() == []
    queue.tried(Retryable("It asked to wait.", after=AT_ONCE))
    assert queue.drawn() == [1, 2]


@pytest.mark.parametrize("end", [None, Rejected("The post was deleted.")])
def test_when_it_is_over_those_behind_are_told(queue: Queue, end: IntegrationError | None) -> None:
    queue.tried(DOWN)
    queue.drawn()

    queue.tried(end)

    assert queue.waits(2) is None
    assert 2 in queue.drawn()


def test_an_answer_that_may_be_there_is_told_from_those_that_only_wait(queue: Queue) -> None:
    queue.tried(Uncertain("It did not answer."))

    assert queue.waits(1) == Wait(why="It did not answer.", doubtful=True)
    assert queue.waits(2) == Wait(why="It did not answer.", doubtful=False)


def test_an_answer_that_goes_out_at_once_has_no_other_card_drawn(queue: Queue) -> None:
    queue.tried(None)

    assert queue.drawn() == [1]
