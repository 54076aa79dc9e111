"""Why a case is where it is, and what agents say of it when it should have gone elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inbox import deskwork
from inbox.changes import Corrected
from sandbox.faults import Fault
from tests.stage_fakes import CARE, a_ref
from tests.workspace_stage import Stage, find_element, on_stage

MIHAI, IOANA = "U0MIHAI", "U0IOANA"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        stage.customer("Where is my parcel?")
        yield stage


def test_why_here_shows_the_rule_and_the_words(stage: Stage) -> None:
    stage.choose(MIHAI, "why")

    view = stage.window(MIHAI)

    assert "Ordinary messages" in str(view)
    assert "Payment data: no card" in str(view)


def correct(stage: Stage, person: str, where: str) -> None:
    view = stage.window(person)
    block, element = find_element(view["blocks"], "why.correct")
    chosen = next(o for o in element["options"] if o["value"] == where)
    done = stage.slack.act(
        person,
        "view_action",
        view_id=view["id"],
        block_id=block["block_id"],
        action_id="why.correct",
        selected_option=chosen,
    )
    assert done["ok"], done


def said_in(view: dict[str, Any], word: str) -> str | None:
    """All of a window, once a word stands in it."""
    return str(view) if word in str(view) else None


def corrections(stage: Stage) -> list[Corrected]:
    return [e.change for e in stage.history() if isinstance(e.change, Corrected)]


def test_one_choice_says_where_it_should_have_gone_and_moves_nothing(stage: Stage) -> None:
    stage.choose(MIHAI, "why")

    correct(stage, MIHAI, "2")
    thanks = stage.until(lambda: said_in(stage.window(MIHAI), "Noted"))

    assert corrections(stage) == [Corrected(message=a_ref("post-1"), tier=2)]
    assert "“Tier 2 · Private”" in thanks
    assert "stays where it is" in thanks
    assert "why.correct" not in thanks
    assert stage.whispers(MIHAI) == []
    assert (stage.case().tier, stage.case().channel) == (1, "care")
    assert stage.thread() == []


def test_thanks_for_a_correction_come_beside_a_window_that_is_closed(stage: Stage) -> None:
    stage.choose(MIHAI, "why")
    stage.slack.faults.add(Fault(target="slack", method="views.update", kind="500", times=0))

    correct(stage, MIHAI, "2")

    [thanks] = stage.until(lambda: stage.whispers(MIHAI))
    assert "stays where it is" in thanks["text"]


def test_what_is_not_for_us_is_said_as_well_and_by_somebody(stage: Stage) -> None:
    stage.choose(IOANA, "why")

    correct(stage, IOANA, "X")
    stage.until(lambda: corrections(stage))

    assert corrections(stage) == [Corrected(message=a_ref("post-1"), tier=None)]
    assert stage.history()[-1].actor.id == IOANA


def test_a_correction_is_of_the_message_that_the_window_showed(stage: Stage) -> None:
    stage.choose(MIHAI, "why")
    stage.window(MIHAI)
    stage.customer("And another thing", in_reply_to=a_ref("post-1"))

    correct(stage, MIHAI, "2")

    assert stage.until(lambda: corrections(stage))[0].message == a_ref("post-1")


def test_a_correction_that_slack_sends_again_is_noted_once(stage: Stage) -> None:
    stage.choose(MIHAI, "why")
    correct(stage, MIHAI, "2")
    stage.until(lambda: corrections(stage))

    stage.slack.control("redeliver", last=3)
    stage.until(lambda: stage.settled() or None)

    assert len(corrections(stage)) == 1


# --- on the card -------------------------------------------------------------------------

HERE = "case.should_have_been"


def a_choice(card: dict[str, Any], where: str) -> dict[str, Any]:
    _, element = find_element(card["blocks"], HERE)
    return next(o for o in element["options"] if o["value"].startswith(f"{where}:"))


def correct_on(stage: Stage, card: dict[str, Any], person: str, where: str) -> None:
    stage.press_on(card, person, HERE, selected_option=a_choice(card, where))


def test_one_choice_on_the_card_notes_it_and_moves_nothing(stage: Stage) -> None:
    correct_on(stage, stage.card(), MIHAI, "2")

    [thanks] = stage.until(lambda: stage.whispers(MIHAI))
    assert corrections(stage) == [Corrected(message=a_ref("post-1"), tier=2)]
    assert stage.history()[-1].actor.id == MIHAI
    assert "“Tier 2 · Private”" in thanks["text"]
    assert "stays where it is" in thanks["text"]
    assert (stage.case().tier, stage.case().channel) == (1, "care")
    assert stage.thread() == []


def test_the_card_takes_what_is_not_for_us_as_well(stage: Stage) -> None:
    correct_on(stage, stage.card(), IOANA, "X")

    [thanks] = stage.until(lambda: stage.whispers(IOANA))
    assert corrections(stage) == [Corrected(message=a_ref("post-1"), tier=None)]
    assert "Spam or not for us" in thanks["text"]


def test_a_choice_on_a_card_is_for_the_message_that_the_card_explained(stage: Stage) -> None:
    old = stage.card()
    stage.customer("And another thing", in_reply_to=a_ref("post-1"))
    assert a_choice(stage.card(), "2") != a_choice(old, "2")
    stage.client.chat_update(
        channel=CARE, ts=old["ts"], text=old["text"], blocks=old["blocks"]
    )  # what stands on a screen until the new one comes

    correct_on(stage, old, MIHAI, "2")

    assert stage.until(lambda: corrections(stage))[0].message == a_ref("post-1")


def test_a_choice_on_the_card_that_slack_sends_again_is_noted_once(stage: Stage) -> None:
    correct_on(stage, stage.card(), MIHAI, "2")
    stage.until(lambda: corrections(stage))

    stage.slack.control("redeliver", last=1)
    stage.until(lambda: stage.settled() or None)

    assert len(corrections(stage)) == 1
    assert len(stage.whispers(MIHAI)) == 1


def test_a_card_whose_case_has_moved_meanwhile_takes_no_correction_and_says_so(
    stage: Stage,
) -> None:
    old, number = stage.card(), stage.number()
    stage.writer.run(
        lambda unit: deskwork.escalate(
            unit, stage.desk, number, IOANA, 2, "billing", seen_in="care", at=stage.now
        )
    )
    correct_on(stage, old, MIHAI, "1")

    [told] = stage.until(lambda: stage.whispers(MIHAI))
    assert "has moved to another channel" in told["text"]
    assert corrections(stage) == []


def test_a_tier_that_is_gone_is_not_noted_and_says_what_to_do(stage: Stage) -> None:
    old = stage.card()
    del stage.desk.tiers[2]  # type: ignore[attr-defined] # as after a restart with other settings

    correct_on(stage, old, MIHAI, "2")

    [told] = stage.until(lambda: stage.whispers(MIHAI))
    assert "there is no tier 2 any more. Choose another one." in told["text"]
    assert corrections(stage) == []
