"""What becomes of an effect after it was tried, on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox import deliveries
from inbox.case import Actor, ActorKind, Afterwards, Case, Status
from inbox.changes import Answered, CaseEvent, Held, NotSent
from inbox.errors import (
    AuthFailed,
    Faulty,
    IntegrationError,
    Refusal,
    Rejected,
    Retryable,
    Uncertain,
)
from inbox.message import Posted
from inbox.outbox import Alert, Item, NewItem, SendAnswer, ShowCard, State, Whisper
from inbox.ports import Delivered, Unit
from inbox.reception import Arrival, Outcome
from tests.builders import NOW, a_draft, a_message, a_ref, minutes
from tests.house import House

LANE = "mastodon:brand"
AGENT = Actor(kind=ActorKind.AGENT, id="U1")


@dataclass
class Post:
    """A case with one answer that is being sent."""

    house: House

    def lease(self) -> Item:
        def job(unit: Unit) -> Item:
            leased = unit.outbox.lease("test", limit=50, lease_for=timedelta(minutes=1))
            return next(item for item in leased if item.lane == LANE)

        return self.house.writer.run(job)

    def fails(self, item: Item, error: IntegrationError, *, after: float = 1) -> State:
        return self.house.writer.run(
            lambda unit: deliveries.not_delivered(
                unit, self.house.desk, item, error, at=minutes(after)
            )
        ).state

    def arrives(self, item: Item, id: str = "sent-1") -> None:  # noqa: A002 - the field's name
        result = Delivered(ref=a_ref(id), url="https://social.example/1")
        self.house.writer.run(
            lambda unit: deliveries.delivered(unit, self.house.desk, item, result, at=minutes(1))
        )

    def item(self, id: int) -> Item:  # noqa: A002 - the field's name
        with self.house.database.read() as unit:
            found = unit.outbox.get(id)
        assert found
        return found

    def case(self) -> Case:
        with self.house.database.read() as unit:
            case = unit.cases.get(1)
        assert case
        return case

    def history(self) -> list[CaseEvent]:
        with self.house.database.read() as unit:
            return list(unit.cases.history(1))

    def of(self, kind: type) -> list[object]:
        return [event.change for event in self.history() if isinstance(event.change, kind)]

    def held(self) -> Item:
        item = self.lease()
        assert self.fails(item, deliveries.Unknowable("Nobody can look.")) is State.HELD
        return item


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with House(tmp_path) as house:
        arrival = Arrival(event=Posted(message=a_message("1")))
        house.writer.run(lambda unit: house.reception.receive(unit, [arrival], now=NOW))
        effect = SendAnswer(
            case=1,
            draft=a_draft("At nine."),
            spans=(),
            by=AGENT,
            afterwards=Afterwards.WAIT,
            automatic=False,
            answers=a_ref("1"),
        )
        item = NewItem(effect=effect, lane=LANE, key="answer-1")
        house.writer.run(lambda unit: unit.outbox.add([item]))
        yield Post(house=house)


def an_item(*, attempts: int = 1, maybe_done: bool = False, answer: bool = True) -> Item:
    show = ShowCard(case=1, channel="care")
    send = SendAnswer(
        case=1,
        draft=a_draft(),
        spans=(),
        by=AGENT,
        afterwards=Afterwards.WAIT,
        automatic=False,
    )
    return Item(
        id=1,
        key="k",
        lane=LANE,
        effect=send if answer else show,
        attempts=attempts,
        maybe_done=maybe_done,
        created_at=NOW,
        first_tried=NOW,
    )


@pytest.mark.parametrize(
    ("item", "error", "at", "state", "wait"),
    [
        (an_item(), Retryable("later"), 1, State.QUEUED, 1),
        (an_item(attempts=4), Retryable("later"), 1, State.QUEUED, 8),
        (an_item(attempts=40), Retryable("later"), 1, State.QUEUED, 300),
        (an_item(), Retryable("later", after=timedelta(seconds=77)), 1, State.QUEUED, 77),
        (an_item(), Retryable("later"), 361, State.FAILED, None),
        (an_item(maybe_done=True), Retryable("later"), 361, State.HELD, None),
        (an_item(answer=False), Retryable("later"), 361, State.QUEUED, 1),
        (an_item(attempts=9), AuthFailed("token"), 1, State.QUEUED, 300),
        (an_item(attempts=99), AuthFailed("token"), 361, State.FAILED, None),
        (an_item(maybe_done=True), AuthFailed("token"), 361, State.HELD, None),
        (an_item(attempts=99, answer=False), AuthFailed("token"), 9999, State.QUEUED, 300),
        (an_item(), Uncertain("?"), 1, State.QUEUED, 1),
        (an_item(), Uncertain("?", after=timedelta(seconds=15)), 1, State.QUEUED, 15),
        (an_item(attempts=9), Uncertain("?", after=timedelta(seconds=15)), 1, State.QUEUED, 256),
        (an_item(attempts=9, maybe_done=True), Uncertain("?"), 1, State.QUEUED, 256),
        (an_item(attempts=10, maybe_done=True), Uncertain("?"), 1, State.HELD, None),
        (an_item(attempts=99, maybe_done=True, answer=False), Uncertain("?"), 1, State.QUEUED, 300),
        (an_item(attempts=10, maybe_done=True, answer=False), Faulty("?"), 1, State.FAILED, None),
        (an_item(attempts=10, maybe_done=True), Faulty("?"), 1, State.HELD, None),
        (an_item(), Rejected("no"), 1, State.FAILED, None),
    ],
)
def test_the_meaning_of_an_error_decides(
    item: Item, error: IntegrationError, at: float, state: State, wait: float | None
) -> None:
    verdict = deliveries.judge(item, error, at=minutes(at))

    assert verdict.state is state
    assert verdict.after == (None if wait is None else timedelta(seconds=wait))
    assert verdict.maybe_done is (isinstance(error, Uncertain) or item.maybe_done)


def test_an_answer_that_arrived_is_recorded_and_its_echo_starts_nothing(post: Post) -> None:
    post.arrives(post.lease())

    [answered] = post.of(Answered)
    assert isinstance(answered, Answered)
    assert answered.url == "https://social.example/1"
    assert post.case().status is Status.PENDING
    echo = Arrival(event=Posted(message=a_message("sent-1", conversation=a_ref("1"))))
    taken = post.house.writer.run(
        lambda unit: post.house.reception.receive(unit, [echo], now=minutes(2))
    )
    assert taken == [Outcome.KNOWN]


def test_an_attempt_whose_lease_was_lost_says_nothing(post: Post) -> None:
    slow = post.lease()
    post.house.writer.run(lambda unit: unit.outbox.take_back("test"))
    again = post.lease()

    post.arrives(slow)
    assert post.fails(replace(slow), Rejected("no")) is State.FAILED
    assert not post.of(Answered)
    assert not post.of(NotSent)

    assert again.maybe_done
    post.arrives(again)
    assert len(post.of(Answered)) == 1


def test_a_refused_answer_comes_back_to_its_agent_with_its_text(post: Post) -> None:
    post.fails(post.lease(), Rejected("The post was deleted."))

    [not_sent] = post.of(NotSent)
    assert isinstance(not_sent, NotSent)
    assert not_sent.text == "At nine."
    [whisper] = [i.effect for i in post.house.queued() if isinstance(i.effect, Whisper)]
    assert (whisper.user, whisper.quote) == ("U1", "At nine.")
    assert "The post was deleted." in whisper.text


def test_what_nobody_can_know_is_held_and_told_beside_its_case(post: Post) -> None:
    item = post.held()

    assert post.item(item.id).state is State.HELD
    assert post.of(Held)
    [alert] = [i.effect for i in post.house.queued() if isinstance(i.effect, Alert)]
    assert (alert.channel, alert.case, alert.held) == ("care", 1, item.id)


def test_it_is_there_records_it_once(post: Post) -> None:
    item = post.held()
    desk = post.house.desk

    post.house.writer.run(lambda u: deliveries.it_is_there(u, desk, item.id, at=minutes(2)))

    assert len(post.of(Answered)) == 1
    assert post.item(item.id).state is State.DELIVERED
    with pytest.raises(Refusal, match="Nothing to decide"):
        post.house.writer.run(lambda u: deliveries.it_is_there(u, desk, item.id, at=minutes(3)))


def test_send_again_tries_once_more_without_a_look(post: Post) -> None:
    item = post.held()

    post.house.writer.run(lambda unit: deliveries.send_again(unit, item.id))

    again = post.lease()
    assert again.id == item.id
    assert not again.maybe_done
    with pytest.raises(Refusal, match="Nothing to decide"):
        post.house.writer.run(lambda unit: deliveries.send_again(unit, item.id))


def test_a_dropped_answer_is_told_on_its_case(post: Post) -> None:
    item = post.held()
    desk = post.house.desk

    post.house.writer.run(lambda u: deliveries.drop(u, desk, item.id, at=minutes(2)))

    assert post.item(item.id).state is State.DROPPED
    assert post.of(NotSent)


def test_an_item_that_is_not_there_is_said_to_be_not_there(post: Post) -> None:
    with pytest.raises(Refusal, match="no item 999"):
        post.house.writer.run(lambda unit: deliveries.send_again(unit, 999))


def test_what_slack_refuses_to_show_is_told_once_a_day_with_its_case(post: Post) -> None:
    """What was refused a month ago is no reason to keep quiet about what is refused today."""
    house = post.house
    with house.database.transact() as unit:
        leased = unit.outbox.lease("w", limit=9, lease_for=timedelta(minutes=1))
    card = next(item for item in leased if isinstance(item.effect, ShowCard))
    for after in (1, 2, 30 * 24 * 60):
        with house.database.writing() as connection:
            connection.exec_driver_sql(f"UPDATE outbox SET state = 'leased' WHERE id = {card.id}")
        post.fails(card, Rejected("Slack refused: invalid_blocks."), after=after)
    told = [text for text in house.told() if "invalid_blocks" in text]
    assert len(told) == 2
    assert f"case {post.case().number} " in told[0]
