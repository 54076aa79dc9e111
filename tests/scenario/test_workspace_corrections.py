"""Why a case is where it is, and what agents say of it when it should have gone elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from inbox import deskwork
from inbox.changes import Corrected
from inbox.message import Message, Visibility
from inbox.ports import Stored
from sandbox.faults import Fault
from tests.stage_fakes import CARE, PRIVATE, a_ref, an_author
from tests.workspace_stage import Stage, find_element, on_stage, written

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


# --- where there is no open card ---------------------------------------------------------


def test_a_closed_card_leads_to_why_it_was_here_and_takes_the_correction_there(
    stage: Stage,
) -> None:
    number = stage.number()
    stage.writer.run(
        lambda unit: deskwork.close(
            unit, stage.desk, number, MIHAI, "spam", seen_in="care", at=stage.now
        )
    )
    stage.choose(MIHAI, "why")

    correct(stage, MIHAI, "2")

    stage.until(lambda: said_in(stage.window(MIHAI), "Noted"))
    assert corrections(stage) == [Corrected(message=a_ref("post-1"), tier=2)]
    assert stage.case().resolution == "spam"


def asked(stage: Stage, person: str, text: str, channel: str = CARE) -> dict[str, Any]:
    """What only they see as the answer to a command."""
    before = len(stage.whispers(person, channel))
    assert stage.slack.act(person, "command", channel=channel, text=text)["ok"]
    return stage.until(lambda: stage.whispers(person, channel)[before:] or None)[-1]


def correct_told(
    stage: Stage, told: dict[str, Any], person: str, where: str, channel: str = CARE
) -> str:
    """Choose in an answer; what is said to it."""
    before = len(stage.whispers(person, channel))
    _, element = find_element(told["blocks"], "told.correct")
    chosen = next(o for o in element["options"] if o["value"] == where)
    stage.press_on(told, person, "told.correct", channel, selected_option=chosen)
    [said] = stage.until(lambda: stage.whispers(person, channel)[before:] or None)
    return str(said["text"])


def test_the_answer_to_why_takes_the_correction_wherever_it_was_asked(stage: Stage) -> None:
    told = asked(stage, IOANA, f"why {stage.number()}", PRIVATE)

    thanks = correct_told(stage, told, IOANA, "2", PRIVATE)

    assert "“Tier 2 · Private”" in thanks
    assert "stays where it is" in thanks
    assert corrections(stage) == [Corrected(message=a_ref("post-1"), tier=2)]


def ignored(stage: Stage) -> Stored:
    with stage.database.read() as unit:
        [stored] = unit.messages.ignored(public_only=False, limit=5)
    return stored


def spam(stage: Stage, **more: object) -> Message:
    author = an_author(ref=a_ref("u-eve"), name="Eve Dunn", handle="eve")
    text = "My followers wait for order 48213"
    return stage.customer(text, conversation=a_ref("thread-2"), author=author, **more)


def test_what_a_rule_set_aside_is_shown_masked_for_the_place_and_can_be_corrected(
    stage: Stage,
) -> None:
    message = spam(stage)
    told = asked(stage, IOANA, "ignored")
    seen = asked(stage, IOANA, "ignored", PRIVATE)

    assert "Eve Dunn" in written(told)
    assert "rule “Spam” (text has “…”)" in written(told)
    assert "followers wait for order [order number]" in written(told)
    assert "followers wait for order 48213" in written(seen)
    assert "rule “Spam” (text has “My followers wait fo”)" in written(seen)

    thanks = correct_told(stage, told, IOANA, "1")
    correct_told(stage, seen, IOANA, "2", PRIVATE)

    assert "“Tier 1 · Public”" in thanks
    assert "stays set aside" in thanks
    noted = ignored(stage).corrected
    assert noted is not None
    assert (noted.tier, noted.by) == (2, IOANA)
    assert ignored(stage).message.ref == message.ref
    assert ignored(stage).case is None
    assert f"✅ “Tier 2 · Private”, says <@{IOANA}>" in written(asked(stage, MIHAI, "ignored"))


def test_a_private_message_that_was_set_aside_is_shown_only_where_private_matters_are_worked(
    stage: Stage,
) -> None:
    spam(stage, visibility=Visibility.PRIVATE)

    there = written(asked(stage, IOANA, "ignored", PRIVATE))
    elsewhere = written(asked(stage, IOANA, "ignored"))

    assert "followers wait for order" in there
    assert "Eve Dunn" not in elsewhere
    assert "followers" not in elsewhere
    assert "Private messages are listed in the channel where private matters" in elsewhere


def test_an_ignored_message_that_is_kept_no_more_takes_no_correction_and_says_so(
    stage: Stage,
) -> None:
    spam(stage)
    told = asked(stage, MIHAI, "ignored")
    stage.now += timedelta(days=9)
    stage.writer.run(lambda unit: unit.messages.forget_caseless(stage.now))

    assert "is not kept any more" in correct_told(stage, told, MIHAI, "1")


def test_where_nothing_was_set_aside_or_all_of_it_is_deleted_the_answer_says_so(
    stage: Stage,
) -> None:
    assert "No rule has set a message aside" in written(asked(stage, MIHAI, "ignored"))

    stage.delete(spam(stage))

    assert "No rule has set a message aside" in written(asked(stage, MIHAI, "ignored"))
