"""The fold from a case's history to its state."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inbox.case import Afterwards, Case, Status
from inbox.changes import (
    Answered,
    AnswerQueued,
    Assigned,
    Change,
    Claimed,
    Closed,
    Moved,
    Prioritised,
    Received,
    Released,
    Reopened,
    Routed,
    Snoozed,
    Tagged,
    Watched,
    Woken,
)
from inbox.decision import Priority
from inbox.evolve import evolve
from inbox.message import Visibility
from tests.builders import NOW, a_case, a_decision, a_ref, minutes


def received(id: str = "1", **fields: object) -> Received:  # noqa: A002 - the field's name
    plain: dict[str, object] = {"message": a_ref(id), "visibility": Visibility.PUBLIC}
    return Received(**plain | fields)  # type: ignore[arg-type]  # a builder takes any field


def answered(to: str = "1", **fields: object) -> Answered:
    plain: dict[str, object] = {
        "key": "k",
        "message": a_ref("ours"),
        "url": None,
        "text": "Soon.",
        "spans": (),
        "visibility": Visibility.PUBLIC,
        "afterwards": Afterwards.WAIT,
        "automatic": False,
        "answers": a_ref(to),
    }
    return Answered(**plain | fields)  # type: ignore[arg-type]  # a builder takes any field


def queued(*, automatic: bool = False, afterwards: Afterwards = Afterwards.WAIT) -> AnswerQueued:
    return AnswerQueued(
        key="k",
        text="",
        spans=(),
        visibility=Visibility.PUBLIC,
        afterwards=afterwards,
        automatic=automatic,
    )


def test_a_case_that_a_rule_gives_to_somebody_is_not_new_any_more() -> None:
    decision = a_decision(assignee="U1")
    routed = Routed(message=a_ref(), decision=decision, channel="care")

    given = after(received(), routed)

    assert (given.owner, given.status, given.claimed_at) == ("U1", Status.OPEN, minutes(2))
    again = after(routed, case=evolve(given, Claimed(owner="U2"), at=minutes(3)))
    assert (again.owner, again.claimed_at) == ("U2", minutes(3))


def after(*changes: Change, case: Case | None = None) -> Case:
    case = case or a_case()
    for number, change in enumerate(changes, 1):
        case = evolve(case, change, at=minutes(number))
    return case


SNOOZED = Snoozed(until=NOW + timedelta(days=1))
CLOSED = Closed(resolution="answered")
CLAIMED = Claimed(owner="U1")
RAISED = Moved(tier=2, channel="private", before=1, before_channel="care", reason="an invoice")
LOWERED = Moved(tier=1, channel="care", before=2, before_channel="private", reason="simple")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ((received(),), Status.NEW),
        ((received(), CLAIMED), Status.OPEN),
        ((received(), CLAIMED, Released()), Status.NEW),
        ((received(), Assigned(owner="U2")), Status.OPEN),
        ((received(), CLAIMED, answered()), Status.PENDING),
        ((received(), CLAIMED, answered(afterwards=Afterwards.KEEP)), Status.OPEN),
        ((received(), CLAIMED, answered(afterwards=Afterwards.CLOSE)), Status.CLOSED),
        ((received(), CLAIMED, answered(), received("2")), Status.OPEN),
        ((received(), answered(), received("2")), Status.NEW),
        ((received(), answered(), received("2", reopens=False)), Status.PENDING),
        ((received(), CLAIMED, received("2"), answered("1")), Status.OPEN),
        ((received(), answered(), RAISED), Status.NEW),
        ((received(), CLAIMED, answered(), LOWERED), Status.PENDING),
        ((received(), SNOOZED), Status.ON_HOLD),
        ((received(), CLAIMED, SNOOZED, Woken()), Status.OPEN),
        ((received(), SNOOZED, received("2")), Status.NEW),
        ((received(), CLOSED), Status.CLOSED),
        ((received(), CLOSED, Reopened()), Status.NEW),
        ((received(), CLAIMED, CLOSED, received("2")), Status.OPEN),
        ((received(), CLOSED, received("2", reopens=False)), Status.CLOSED),
        ((received(), CLOSED, answered()), Status.CLOSED),
    ],
)
def test_whose_turn_it_is(changes: tuple[Change, ...], status: Status) -> None:
    assert after(*changes).status is status


def test_every_change_counts_once_and_tells_when() -> None:
    case = after(received(), CLAIMED, Watched(rule="r"))

    assert case.version == 3
    assert case.changed_at == minutes(3)
    assert case.watched


def test_the_customer_waits_from_the_first_unanswered_message() -> None:
    assert after(received(), received("2")).waiting_since == minutes(1)
    assert after(received(), answered()).waiting_since is None
    assert after(received(), answered(), received("2")).waiting_since == minutes(3)
    assert after(received(), CLOSED, received("2")).waiting_since == minutes(3)


def test_an_answer_to_an_older_message_leaves_the_customer_waiting() -> None:
    case = after(received(), received("2"), answered("1"))

    assert case.waiting_since == minutes(1)
    assert case.answered_at == minutes(3)


def test_a_rule_raises_the_priority_and_never_lowers_it() -> None:
    high = Routed(
        message=a_ref(), decision=a_decision(priority=Priority.HIGH, tags=("a", "b")), channel="c"
    )
    low = Routed(
        message=a_ref(), decision=a_decision(priority=Priority.LOW, tags=("b", "c")), channel="c"
    )

    case = after(high, low)

    assert case.priority is Priority.HIGH
    assert case.tags == ("a", "b", "c")
    assert after(high, Prioritised(priority=Priority.LOW)).priority is Priority.LOW
    assert after(high, Tagged(tags=("z",))).tags == ("z",)


def test_a_message_that_asks_for_a_lower_tier_does_not_change_the_team() -> None:
    high = Routed(message=a_ref(), decision=a_decision(tier=2, team="experts"), channel="private")
    low = Routed(message=a_ref("2"), decision=a_decision(tier=1, team="care"), channel="private")
    moved = Moved(tier=2, channel="private", before=1, before_channel="care", reason="a rule")

    assert after(moved, high, low).team == "experts"


def test_a_case_that_moves_leaves_its_team_behind() -> None:
    routed = Routed(message=a_ref(), decision=a_decision(team="care"), channel="care")
    moved = Moved(tier=2, channel="private", before=1, before_channel="care", reason="r")

    assert after(routed).team == "care"
    case = after(routed, moved)
    assert (case.tier, case.channel, case.team) == (2, "private", None)


def test_only_public_messages_are_what_can_be_answered_in_public() -> None:
    case = after(received(), received("2", visibility=Visibility.PRIVATE))

    assert case.last == a_ref("2")
    assert case.last_public == a_ref("1")
    assert case.messages == 2


def test_an_automatic_answer_counts_from_when_it_is_queued() -> None:
    assert after(queued(automatic=True)).automatic_at == minutes(1)
    assert after(queued(automatic=False)).automatic_at is None


def test_a_case_reopened_by_hand_is_waited_for_from_then_on() -> None:
    closed = evolve(a_case(), Closed(resolution="answered"), at=minutes(1))
    assert evolve(closed, Reopened(), at=minutes(5)).waiting_since == minutes(5)


@pytest.mark.parametrize("afterwards", [Afterwards.WAIT, Afterwards.CLOSE])
def test_a_hold_that_begins_while_an_answer_is_on_its_way_outlasts_it(
    afterwards: Afterwards,
) -> None:
    sent = answered(afterwards=afterwards)

    case = after(received(), queued(afterwards=afterwards), Snoozed(until=minutes(99)), sent)

    assert (case.status, case.snoozed_until) == (Status.ON_HOLD, minutes(99))


def test_an_answer_written_during_a_hold_ends_it() -> None:
    case = after(received(), Snoozed(until=minutes(99)), queued(), answered())

    assert (case.status, case.snoozed_until) == (Status.PENDING, None)


def test_an_answer_that_shall_change_nothing_leaves_a_hold() -> None:
    kept = Afterwards.KEEP
    hold = Snoozed(until=minutes(99))

    case = after(received(), hold, queued(afterwards=kept), answered(afterwards=kept))

    assert case.status is Status.ON_HOLD
