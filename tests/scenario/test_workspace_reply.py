"""Claiming a case and answering it from Slack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.case import Status
from tests.workspace_stage import Stage, on_stage, typed, written


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
