"""A second look at what the detectors left undecided: it raises later, and does nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox import deskwork
from inbox.case import Actor, ActorKind, Afterwards, Status
from inbox.changes import Answered, AnswerQueued, Closed, Moved, Routed
from inbox.errors import Rejected, Retryable
from inbox.facts import Findings, Topic
from inbox.message import Deleted, Edited, Posted, Visibility
from inbox.outbox import SECOND_LOOKS, Alert, LookAgain, ShowCard, State
from inbox.ports import Delivered
from inbox.second_look import SecondLook
from tests.builders import a_message, a_ref, minutes
from tests.house import FakeRouter, House
from tests.second_look_stage import BILLING, LEANING, Stage, by_topic

AGENT = Actor(kind=ActorKind.AGENT, id="U1")
BOT = Actor(kind=ActorKind.RULE, id="hours")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with House(tmp_path, FakeRouter(decide=by_topic)) as house:
        yield Stage(house)


def post(text: str = "my statement shows a second one") -> Posted:
    return Posted(message=a_message("1", text=text))


def test_what_the_model_left_undecided_is_queued_once_with_its_arrival(stage: Stage) -> None:
    stage.takes(post())
    stage.takes(post())
    [order] = stage.orders()
    assert order.effect == LookAgain(case=1, message=a_ref("1"))
    assert order.lane == SECOND_LOOKS


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("sure of itself", Findings(language="en")),
        ("private already", replace(LEANING, topics=(Topic(name="billing", words=("paid",)),))),
        ("spam", LEANING),
    ],
)
def test_nothing_is_looked_at_again_that_is_decided(
    stage: Stage, text: str, findings: Findings
) -> None:
    stage.takes(post(text), findings=findings)
    assert stage.orders() == []


def test_a_second_look_raises_the_case_by_the_rules_and_shows_it_there(stage: Stage) -> None:
    stage.takes(post())
    stage.house.router.asked.clear()

    stage.looks()

    [facts] = stage.house.router.asked
    assert facts.topics == (BILLING,)
    case, stored = stage.case(), stage.stored()
    assert (case.tier, case.channel, case.rule, case.team) == (2, "private", "private", "experts")
    assert stored.findings.topics == (BILLING,)
    assert stored.decision
    assert (stored.decision.rule, stored.facts and stored.facts.topics) == ("private", (BILLING,))
    assert [type(change) for change in stage.changes()[-2:]] == [Moved, Routed]
    cards = {i.effect.channel for i in stage.house.queued() if isinstance(i.effect, ShowCard)}
    assert cards >= {"care", "private"}


def test_a_look_that_sees_nothing_changes_nothing(stage: Stage) -> None:
    assert stage.opinion
    stage.opinion.says = None
    stage.takes(post())
    before = stage.case()
    stage.looks()
    assert (stage.case(), stage.stored().findings) == (before, LEANING)


def test_rules_that_would_lower_it_leave_the_case_as_it_is(stage: Stage) -> None:
    assert stage.opinion
    stage.opinion.says = replace(BILLING, name="legal")
    stage.takes(post())
    before = stage.case(), stage.stored().decision
    stage.looks()
    assert (stage.case(), stage.stored().decision) == before
    assert [topic.name for topic in stage.stored().findings.topics] == ["legal"]


def test_a_look_done_twice_raises_once(stage: Stage) -> None:
    stage.takes(post())
    [order] = stage.orders()
    stage.courier.deliver(order)
    before = stage.case()
    stage.courier.deliver(order)
    assert stage.case() == before
    assert stage.opinion
    assert len(stage.opinion.asked) == 1


def test_an_automatic_answer_is_never_made_and_one_that_went_out_is_told(stage: Stage) -> None:
    stage.takes(post("the hours on my statement"))
    sent = Answered(
        key="auto-1",
        message=a_ref("sent"),
        url=None,
        text="At nine.",
        spans=(),
        visibility=Visibility.PUBLIC,
        afterwards=Afterwards.CLOSE,
        automatic=True,
        answers=a_ref("1"),
    )
    stage.happens(BOT, sent)
    assert stage.case().status is Status.CLOSED

    stage.looks()

    assert (stage.case().status, stage.case().tier) == (Status.NEW, 2)
    assert len([c for c in stage.changes() if isinstance(c, AnswerQueued)]) == 1
    [told] = [i.effect for i in stage.house.queued() if isinstance(i.effect, Alert)]
    assert (told.channel, told.case) == ("private", 1)
    assert "had an automatic answer" in told.text


def test_no_alarm_where_no_machine_answered(stage: Stage) -> None:
    stage.takes(post())
    stage.looks()
    assert stage.case().tier == 2
    assert stage.house.told() == []


def test_what_a_person_closed_or_placed_since_then_stays(stage: Stage) -> None:
    stage.takes(post())
    stage.happens(AGENT, Closed(resolution="answered"))
    stage.looks()
    assert (stage.case().tier, stage.case().status) == (1, Status.CLOSED)
    assert stage.opinion
    assert stage.opinion.asked == []


def test_what_a_person_did_before_the_message_came_does_not_hinder(stage: Stage) -> None:
    stage.takes(post(), findings=Findings(language="en"))
    stage.happens(AGENT, Closed(resolution="answered"))
    stage.takes(Posted(message=a_message("2", conversation=a_ref("1"))), after=2)
    stage.looks()
    assert stage.case().tier == 2


def test_a_case_that_somebody_has_is_raised_and_stays_theirs(stage: Stage) -> None:
    stage.takes(post())
    stage.house.writer.run(
        lambda unit: deskwork.claim(unit, stage.house.desk, 1, "U1", seen_in=None, at=minutes(1))
    )
    stage.looks()
    assert (stage.case().tier, stage.case().owner) == (2, "U1")


def test_a_deleted_message_is_not_looked_at(stage: Stage) -> None:
    stage.takes(post())
    stage.takes(Deleted(ref=a_ref("1"), at=minutes(1)), after=1)
    stage.looks()
    assert stage.case().tier == 1


def test_an_edited_text_is_looked_at_as_it_stands(stage: Stage) -> None:
    stage.takes(post("as it was"), findings=Findings(language="en"))
    assert stage.orders() == []
    stage.takes(Edited(message=a_message("1", text="as it is"), at=minutes(1)), after=1)
    stage.looks()
    assert stage.opinion
    assert stage.opinion.asked == ["as it is"]
    assert stage.case().tier == 2


def test_what_was_seen_in_a_text_that_was_edited_meanwhile_counts_for_nothing(
    stage: Stage,
) -> None:
    stage.takes(post("as it was"))
    looked_at = stage.stored()
    stage.takes(Edited(message=a_message("1", text="as it is"), at=minutes(1)), after=1)
    second = SecondLook(reception=stage.reception)
    raised = stage.house.writer.run(
        lambda unit: second.saw(unit, looked_at, BILLING, now=minutes(2))
    )
    assert not raised
    assert stage.case().tier == 1


def test_an_order_outlives_a_restart(tmp_path: Path) -> None:
    with House(tmp_path, FakeRouter(decide=by_topic)) as house:
        Stage(house).takes(post())
    with House(tmp_path, FakeRouter(decide=by_topic)) as house:
        stage = Stage(house)
        stage.looks()
        assert stage.case().tier == 2


def test_orders_of_a_time_with_second_looks_are_done_with_when_they_are_off(
    tmp_path: Path,
) -> None:
    with House(tmp_path, FakeRouter(decide=by_topic)) as house:
        Stage(house).takes(post())
        off = Stage(house, opinion=None)
        assert off.looks() == [Delivered()]
        assert off.case().tier == 1
        off.takes(Posted(message=a_message("2")))
        assert off.orders() == []


def test_the_lane_waits_for_the_next_minute_when_the_cpu_is_spent(stage: Stage) -> None:
    stage.takes(post())
    stage.meters.real = 40.0
    with stage.courier.budget.spending():
        stage.meters.used += 25.0

    error, state = stage.fails()

    assert isinstance(error, Retryable)
    assert (error.after, state) == (timedelta(seconds=80), State.QUEUED)
    [order] = stage.orders()
    stage.meters.real = 119.0
    with pytest.raises(Retryable):
        stage.courier.deliver(order)
    stage.meters.real = 120.0
    stage.courier.deliver(order)
    assert stage.case().tier == 2


def test_a_broken_encoder_is_told_once_and_the_first_decision_stands(stage: Stage) -> None:
    assert stage.opinion
    stage.opinion.says = ZeroDivisionError("a customer's words")
    stage.takes(post(), Posted(message=a_message("2")))
    for _ in range(2):
        error, state = stage.fails()
        assert isinstance(error, Rejected)
        assert "customer" not in str(error)
        assert state is State.FAILED
    [told] = stage.house.told()
    assert "second look failed" in told
    assert stage.case().tier == 1
