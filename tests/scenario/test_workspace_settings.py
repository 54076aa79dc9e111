"""What agents set in windows: owner, priority, tags, holds, and how a case ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from inbox.case import Status
from inbox.decision import Priority
from tests.stage_fakes import a_ref
from tests.workspace_stage import Stage, on_stage, picked, typed, written

MIHAI, IOANA = "U0MIHAI", "U0IOANA"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        stage.customer("Where is my parcel?")
        yield stage


def test_owner_priority_and_tags_are_set_in_one_window(stage: Stage) -> None:
    stage.choose(MIHAI, "change")
    view = stage.window(MIHAI)

    stage.submit(
        MIHAI,
        owner={"type": "users_select", "selected_user": IOANA},
        priority=picked("critical", view),
        tags=typed("#Delivery, vip"),
    )
    stage.until(lambda: stage.case().tags or None)
    told = stage.until(lambda: stage.direct(IOANA))

    case = stage.case()
    assert (case.owner, case.priority, case.tags) == (IOANA, Priority.CRITICAL, ("delivery", "vip"))
    assert "gave you case" in told[0]["text"]
    assert "🔴 Critical" in written(stage.card())


def test_what_others_changed_while_a_window_was_open_stays(stage: Stage) -> None:
    stage.choose(MIHAI, "change")
    before = stage.window(MIHAI)
    stage.choose(IOANA, "change")
    critical = picked("critical", stage.window(IOANA))
    stage.submit(IOANA, owner=user(IOANA), priority=critical, tags=typed("vip"))
    stage.until(lambda: stage.case().tags)

    stage.submit(MIHAI, owner=user(None), priority=picked("low", before), tags=typed(""))

    stage.until(lambda: stage.case().priority is Priority.LOW)
    assert (stage.case().owner, stage.case().tags) == (IOANA, ("vip",))


def test_an_owner_that_is_taken_out_lets_go(stage: Stage) -> None:
    stage.press(MIHAI, "case.claim")
    stage.until(lambda: stage.case().owner)
    stage.choose(IOANA, "change")
    as_it_is = picked("medium", stage.window(IOANA))

    stage.submit(IOANA, owner=user(None), priority=as_it_is, tags=typed(""))

    stage.until(lambda: stage.case().status is Status.NEW)
    assert stage.case().owner is None


def user(who: str | None) -> dict[str, Any]:
    return {"type": "users_select", "selected_user": who}


def test_a_hold_in_the_past_is_refused_and_a_later_one_taken(stage: Stage) -> None:
    stage.choose(MIHAI, "snooze")
    past = int((stage.now - timedelta(hours=1)).timestamp())
    later = int((stage.now + timedelta(hours=5)).timestamp())

    refused = stage.submit(MIHAI, until={"type": "datetimepicker", "selected_date_time": past})
    assert "That time is over" in refused["errors"]["until"]
    stage.submit(MIHAI, until={"type": "datetimepicker", "selected_date_time": later})
    stage.until(lambda: stage.case().snoozed_until)

    assert stage.case().status is Status.ON_HOLD
    assert "On hold until" in written(stage.card())


def test_a_case_is_closed_as_something_and_opened_again(stage: Stage) -> None:
    stage.press(MIHAI, "case.close")
    view = stage.window(MIHAI)
    stage.submit(MIHAI, resolution=picked("duplicate", view))
    stage.until(lambda: stage.case().closed_at)

    assert "Closed as duplicate" in written(stage.card())
    stage.press(MIHAI, "case.reopen")
    stage.until(lambda: stage.case().status is Status.NEW or None)
    assert "case.claim" in written(stage.card())


def test_a_comment_is_hidden_and_its_case_closed_as_spam(stage: Stage) -> None:
    stage.press(MIHAI, "case.hide")
    stage.until(lambda: stage.network.hidden)
    stage.press(MIHAI, "case.close")
    view = stage.window(MIHAI)
    stage.submit(MIHAI, resolution=picked("spam", view))
    stage.until(lambda: stage.case().resolution)

    assert stage.case().resolution == "spam"
    assert stage.network.hidden == [a_ref("post-1")]


@pytest.mark.parametrize("action", ["case.hide", "case.like"])
def test_a_comment_that_the_card_did_not_show_yet_is_neither_hidden_nor_liked(
    stage: Stage, action: str
) -> None:
    as_seen = stage.card()
    stage.customer("Thank you all the same!")

    stage.press_on(as_seen, MIHAI, action)

    told = stage.until(lambda: stage.whispers(MIHAI))
    assert "wrote again" in told[0]["text"]
    assert not stage.network.hidden
    assert not stage.network.liked


def test_a_hidden_comment_is_shown_again_and_a_liked_one_liked_no_more(stage: Stage) -> None:
    for action, kept, undo in (
        ("case.hide", stage.network.hidden, "case.unhide"),
        ("case.like", stage.network.liked, "case.unlike"),
    ):
        stage.press(MIHAI, action)
        stage.until(lambda kept=kept: kept)  # type: ignore[misc]  # a lambda with a default
        stage.until(lambda undo=undo: undo in written(stage.card()))  # type: ignore[misc]
        stage.press(MIHAI, undo)
        stage.until(lambda kept=kept: not kept)  # type: ignore[misc]
        stage.until(lambda action=action: action in written(stage.card()))  # type: ignore[misc]

    told = str(stage.thread())
    assert "hidden on its network, asked by" in told
    assert "shown again on its network, asked by" in told
    assert "liked no more on its network, asked by" in told
