"""Claiming a case and answering it from Slack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inbox.case import SYSTEM, Actor, ActorKind, Afterwards, Status
from inbox.changes import AnsweredElsewhere, AnswerQueued, Change, Closed, HelpdeskAnswered
from inbox.message import Visibility
from inbox.record import record
from tests.stage_fakes import PRIVATE, a_ref
from tests.workspace_stage import Stage, on_stage, picked, typed, written


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        yield stage


def test_a_customers_post_becomes_a_card_with_its_buttons(stage: Stage) -> None:
    stage.customer("Where is my parcel?")

    card = written(stage.card())

    for words in ("Ana Popescu", "Where is my parcel?", "Mastodon", "1,240 followers", "Claim"):
        assert words in card


def test_a_claim_belongs_to_the_first_and_the_second_is_told_who_has_it(stage: Stage) -> None:
    stage.customer("Where is my parcel?")

    card = stage.card()
    assert stage.press_on(card, "U0MIHAI", "case.claim")["ok"]
    assert stage.press_on(card, "U0IOANA", "case.claim")["ok"]

    told = stage.until(lambda: stage.whispers("U0IOANA"))
    assert stage.case().owner == "U0MIHAI"
    assert "<@U0MIHAI> has it" in told[0]["text"]
    assert "Claimed by <@U0MIHAI>" in written(stage.card())


def test_an_answer_goes_out_once_and_stands_in_the_thread(stage: Stage) -> None:
    stage.customer("Where is my parcel?")

    stage.press("U0MIHAI", "case.reply")
    done = stage.submit("U0MIHAI", text=typed("It arrives tomorrow."))
    stage.until(lambda: stage.network.sent)
    stage.until(stage.thread)

    assert done["ok"]
    assert not done.get("errors")
    assert [draft.text for draft in stage.network.sent] == ["It arrives tomorrow."]
    assert "sent by" in written(stage.thread()[-1])
    assert stage.case().status is Status.PENDING
    assert stage.case().owner == "U0MIHAI"


def test_a_helpdesks_answer_that_no_window_can_hold_is_not_opened_in_part(stage: Stage) -> None:
    stage.customer("My card is 4111 1111 1111 1111")
    answered = HelpdeskAnswered(
        desk="front", ticket="7", entry="c", author="Rita", text="Step. " * 600, spans=()
    )
    told(stage, answered, Actor(kind=ActorKind.HELPDESK, id="Rita"))
    line = stage.until(lambda: [m for m in stage.thread(PRIVATE) if "Step." in written(m)])[-1]

    stage.press_on(line, "U0KENJI", "ticket.send_on", PRIVATE)

    [refused] = stage.until(lambda: stage.whispers("U0KENJI", PRIVATE))
    assert "longer than the 3,000 characters" in refused["text"]
    assert stage.slack.state("U0KENJI")["views"] == []


def told(stage: Stage, change: Change, actor: Actor) -> None:
    stage.writer.run(
        lambda unit: record(unit, stage.desk, stage.case(), [change], actor=actor, at=stage.now)
    )


def test_each_answer_of_another_is_told_before_ones_own_is_sent(stage: Stage) -> None:
    stage.customer("Where is my parcel?")
    for person in ("U0MIHAI", "U0IOANA", "U0SAM"):
        stage.press(person, "case.reply")
    stage.submit("U0IOANA", text=typed("From Ioana"))
    stage.until(lambda: stage.network.sent)

    assert stage.submit("U0MIHAI", text=typed("Mine"))["response_action"] == "update"
    stage.submit("U0SAM", text=typed("From Sam"))
    stage.submit("U0SAM", text=typed("From Sam"))
    stage.until(lambda: len(stage.network.sent) == 2 or None)

    assert stage.submit("U0MIHAI", text=typed("Mine"))["response_action"] == "update"
    assert "From Sam" in str(stage.window("U0MIHAI"))
    stage.submit("U0MIHAI", text=typed("Mine"))
    stage.until(lambda: len(stage.network.sent) == 3 or None)


def test_an_answer_on_the_network_itself_is_told_before_ones_own_is_sent(stage: Stage) -> None:
    stage.customer("Where is my parcel?")
    stage.press("U0MIHAI", "case.reply")
    there = AnsweredElsewhere(
        message=a_ref("theirs"),
        by="Dan <!channel>",
        url=None,
        text="Order 48213 left.",
        spans=(),
        visibility=Visibility.PUBLIC,
    )
    told(stage, there, SYSTEM)

    assert stage.submit("U0MIHAI", text=typed("Mine"))["response_action"] == "update"
    asked = str(stage.window("U0MIHAI"))
    assert "Dan &lt;!channel&gt; answered while you wrote" in asked
    assert "[order number] left." in asked
    assert "48213" not in asked


def test_a_case_that_another_closed_is_told_of_before_ones_answer_goes_out(stage: Stage) -> None:
    stage.customer("Where is my parcel?")
    stage.press("U0MIHAI", "case.reply")
    told(stage, Closed(resolution="spam"), Actor(kind=ActorKind.AGENT, id="U0IOANA"))

    assert stage.submit("U0MIHAI", text=typed("Mine"))["response_action"] == "update"
    asked = str(stage.window("U0MIHAI"))
    assert "<@U0IOANA> closed the case while you wrote" in asked
    assert "spam" in asked
    assert not stage.network.sent
    stage.submit("U0MIHAI", text=typed("Mine"))
    stage.until(lambda: stage.network.sent or None)


def test_a_helpdesks_answer_is_not_quoted_in_an_open_channel(stage: Stage) -> None:
    stage.customer("Where is my parcel?")
    stage.press("U0MIHAI", "case.reply")
    relayed = AnswerQueued(
        key="relay",
        text="Your test was positive.",
        spans=(),
        visibility=Visibility.PRIVATE,
        afterwards=Afterwards.KEEP,
        automatic=False,
    )
    told(stage, relayed, Actor(kind=ActorKind.HELPDESK, id="Rita"))

    assert stage.submit("U0MIHAI", text=typed("Mine"))["response_action"] == "update"
    asked = str(stage.window("U0MIHAI"))
    assert "The helpdesk answered while you wrote" in asked
    assert "positive" not in asked


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("window", ["close", "snooze"])
def test_what_the_customer_wrote_while_a_window_was_open_is_not_laid_aside(
    stage: Stage, window: str, *, edited: bool
) -> None:
    first = stage.customer("Where is my parcel?")
    if window == "close":
        stage.press("U0MIHAI", "case.close")
        fields = {"resolution": picked("answered", stage.window("U0MIHAI"))}
    else:
        stage.choose("U0MIHAI", "snooze")
        later = int((stage.now + timedelta(days=2)).timestamp())
        fields = {"until": {"type": "datetimepicker", "selected_date_time": later}}
    if edited:
        stage.edit(first, "Where is my parcel? And my lamp is broken!")
    else:
        stage.customer("Wait, it is broken!")

    stage.submit("U0MIHAI", **fields)

    told = stage.until(lambda: stage.whispers("U0MIHAI"))
    assert "wrote again" in told[0]["text"]
    assert stage.case().status is Status.NEW


@pytest.mark.parametrize("afterwards", ["wait", "close"])
def test_what_the_customer_wrote_while_an_answer_was_typed_stays_our_turn(
    stage: Stage, afterwards: str
) -> None:
    stage.customer("Where is my parcel?")
    stage.press("U0MIHAI", "case.reply")
    then = picked(afterwards, stage.window("U0MIHAI"))
    stage.customer("Wait, it came, and it is broken!")

    stage.submit("U0MIHAI", text=typed("It arrives tomorrow."), afterwards=then)

    stage.until(lambda: stage.case().answered_at)
    assert stage.case().status is Status.OPEN
    assert "it is broken" in written(stage.card())
