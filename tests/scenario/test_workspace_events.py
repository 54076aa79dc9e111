"""Reactions, talk in threads, held answers, redeliveries, errors on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest

from inbox import deliveries, deskwork
from inbox.case import Status
from inbox.changes import Claimed
from inbox.errors import Uncertain
from inbox.message import Posted
from inbox.outbox import State
from inbox.reception import Arrival
from sandbox.faults import Fault
from tests.stage_fakes import CARE, a_ref
from tests.workspace_stage import Stage, on_stage, typed, written

MIHAI, IOANA = "U0MIHAI", "U0IOANA"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        stage.customer("Where is my parcel?")
        yield stage


def react(stage: Stage, person: str, name: str, kind: str = "react") -> None:
    act = stage.slack.act(person, kind, channel=CARE, ts=stage.card()["ts"], name=name)
    assert act["ok"]


def test_eyes_claim_and_a_check_closes(stage: Stage) -> None:
    react(stage, MIHAI, "eyes")
    stage.until(lambda: stage.case().owner)
    react(stage, MIHAI, "white_check_mark")
    stage.until(lambda: stage.case().closed_at)

    assert stage.case().owner == MIHAI
    assert stage.case().resolution == "answered"


def wrote(stage: Stage, text: str, *, shown: bool) -> None:
    """The customer writes again; it is in the store, and in Slack where it is `shown`."""
    message = stage.a_message(text, in_reply_to=a_ref("post-1"))
    arrival = Arrival(event=Posted(message=message), findings=stage.detector.detect(text))
    stage.writer.run(lambda unit: stage.reception.receive(unit, [arrival], now=stage.now))
    if shown:
        stage.drain()


def test_a_check_closes_nothing_while_a_newer_message_is_not_in_slack(stage: Stage) -> None:
    wrote(stage, "No, it is still not here!", shown=False)

    react(stage, MIHAI, "white_check_mark")

    [told] = stage.until(lambda: stage.whispers(MIHAI), deliver=False)
    assert "Case 1 stays open: the customer wrote again" in told["text"]
    assert stage.case().status is Status.NEW

    stage.drain()
    react(stage, MIHAI, "white_check_mark", "unreact")
    react(stage, MIHAI, "white_check_mark")
    stage.until(lambda: stage.case().closed_at)


def test_a_check_that_came_before_the_message_closes_nothing_after_it(stage: Stage) -> None:
    stage.now += timedelta(minutes=1)  # Slack told us of the emoji late: the message was first
    wrote(stage, "No, it is still not here!", shown=True)

    react(stage, MIHAI, "white_check_mark")

    [told] = stage.until(lambda: stage.whispers(MIHAI))
    assert "did not stand here yet when you gave it ✅" in told["text"]
    assert stage.case().status is Status.NEW


def test_a_check_closes_what_was_read_though_something_else_waits_for_slack(stage: Stage) -> None:
    wrote(stage, "And another thing", shown=True)
    number = stage.number()
    stage.writer.run(
        lambda unit: deskwork.set_tags(
            unit, stage.desk, number, IOANA, ("parcel",), seen_in="care", at=stage.now
        )
    )

    react(stage, MIHAI, "white_check_mark")

    stage.until(lambda: stage.case().closed_at)


def test_other_emoji_and_taking_one_away_do_nothing(stage: Stage) -> None:
    react(stage, MIHAI, "tada")
    react(stage, MIHAI, "eyes")
    stage.until(lambda: stage.case().owner)
    react(stage, MIHAI, "eyes", "unreact")
    stage.settled()

    assert stage.case().owner == MIHAI
    assert stage.case().status is Status.OPEN


def test_the_second_pair_of_eyes_is_told_who_has_it(stage: Stage) -> None:
    react(stage, MIHAI, "eyes")
    stage.until(lambda: stage.case().owner)
    react(stage, IOANA, "eyes")

    assert "<@U0MIHAI> has it" in stage.until(lambda: stage.whispers(IOANA))[0]["text"]


def test_an_event_that_comes_again_does_nothing_twice(stage: Stage) -> None:
    react(stage, MIHAI, "eyes")
    stage.until(lambda: stage.case().owner)
    stage.press(MIHAI, "case.release")
    stage.until(lambda: stage.case().owner is None or None)

    stage.slack.control("redeliver", last=10)
    stage.settled()

    assert stage.case().owner is None
    assert sum(isinstance(e.change, Claimed) for e in stage.history()) == 1


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_a_picture_or_a_line_for_the_channel_as_well_stays_in_the_team_too(
    stage: Stage, subtype: str
) -> None:
    event = {
        "type": "message",
        "subtype": subtype,
        "channel": CARE,
        "user": MIHAI,
        "text": "See this",
        "ts": "1763793999.000100",
        "thread_ts": stage.card()["ts"],
    }
    body = {"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": event}

    stage.app.dispatch(BoltRequest(mode="socket_mode", body=body))

    told = stage.until(lambda: stage.whispers(MIHAI))
    assert "Only your team sees this" in told[0]["text"]


def test_who_writes_in_a_thread_first_is_told_that_it_stays_in_the_team(stage: Stage) -> None:
    ts = stage.card()["ts"]
    for text in ("is this right?", "I think so"):
        stage.slack.act(MIHAI, "post", channel=CARE, text=text, thread_ts=ts)
    stage.slack.act(IOANA, "post", channel=CARE, text="outside of any thread")
    told = stage.until(lambda: stage.whispers(MIHAI))
    stage.settled()

    assert "Only your team sees this. To answer Ana Popescu" in told[0]["text"]
    assert len(stage.whispers(MIHAI)) == 1
    assert stage.whispers(IOANA) == []
    assert stage.network.sent == []


# --- held answers ------------------------------------------------------------------------


def a_held_answer(stage: Stage) -> None:
    """An answer that may have gone out, and nobody can look."""
    stage.network.refuses = deliveries.Unknowable("The network did not answer.")
    stage.press(MIHAI, "case.reply")
    stage.submit(MIHAI, text=typed("Tomorrow."))
    stage.until(lambda: any("Nobody knows" in m["text"] for m in stage.thread()) or None)
    stage.network.refuses = None


def the_alert(stage: Stage) -> dict[str, Any]:
    return next(m for m in stage.thread() if "Nobody knows" in m["text"])


@pytest.mark.parametrize(
    ("button", "words", "sent"),
    [("held.it_is_there", "It is there", 0), ("held.send_again", "Send again", 1)],
)
def test_a_held_answer_is_decided_by_a_person_once(
    stage: Stage, button: str, words: str, sent: int
) -> None:
    a_held_answer(stage)
    alert = the_alert(stage)

    stage.press_on(alert, IOANA, button)
    stage.until(lambda: "Decided" in written(the_alert(stage)) or None)
    stage.until(lambda: stage.case().status is Status.PENDING or None)

    assert f"“{words}”, by <@U0IOANA>" in written(the_alert(stage))
    assert len(stage.network.sent) == sent
    with stage.database.read() as unit:
        assert not unit.outbox.in_state(State.HELD)


def test_a_decision_that_slack_does_not_show_is_not_told_as_not_done(stage: Stage) -> None:
    a_held_answer(stage)
    limit = Fault(target="slack", method="chat.update", kind="429", times=0, delay=0)
    stage.slack.faults.add(limit)

    stage.press_on(the_alert(stage), IOANA, "held.send_again")

    told = stage.until(lambda: stage.whispers(IOANA))
    stage.until(lambda: stage.network.sent)
    assert "“Send again”: that is done" in told[0]["text"]
    assert len(stage.whispers(IOANA)) == 1


def test_an_uncertain_answer_is_not_shown_as_sent(stage: Stage) -> None:
    stage.network.refuses = Uncertain("The network did not answer.")
    stage.press(MIHAI, "case.reply")
    stage.submit(MIHAI, text=typed("Tomorrow."))
    stage.until(
        lambda: (
            "An answer may be on Mastodon: The network did not answer." in written(stage.card())
            or None
        )
    )

    assert stage.case().status is not Status.PENDING
