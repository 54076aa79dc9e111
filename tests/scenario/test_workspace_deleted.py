"""What a case leaves in Slack once it is deleted: whatever is pressed or asked explains itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from inbox import deskwork, retention
from inbox.case import Case
from inbox.ports import Unit
from tests.stage_fakes import CARE
from tests.workspace_stage import Stage, on_stage

MIHAI = "U0MIHAI"
GONE = "There is no case 1. It may have been deleted"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The card of an open case, and no case to it any more."""
    with on_stage(tmp_path) as stage:
        stage.customer("Where is my parcel?")
        stage.until(lambda: "case.claim" in str(stage.card()["blocks"]))
        card = stage.card()
        stage.writer.run(lambda unit: _close(unit, stage))
        stage.drain()
        later = stage.now + timedelta(days=1)
        assert stage.writer.run(lambda unit: retention.end_old(unit, before=later)) == 1
        stage.client.chat_update(
            channel=CARE, ts=card["ts"], text=card["text"], blocks=card["blocks"]
        )
        yield stage


def _close(unit: Unit, stage: Stage) -> Case:
    number = stage.number()
    return deskwork.close(unit, stage.desk, number, MIHAI, "answered", seen_in=None, at=stage.now)


def elements(card: dict[str, Any]) -> list[dict[str, Any]]:
    """All that can be pressed or chosen; links are opened by Slack itself."""
    rows = [block["elements"] for block in card["blocks"] if block["type"] == "actions"]
    return [each for row in rows for each in row if "url" not in each]


def test_every_button_of_an_old_card_says_that_its_case_is_gone(stage: Stage) -> None:
    card = stage.card()
    pressed = elements(card)
    assert len(pressed) > 3
    for element in pressed:
        for option in element.get("options") or [None]:
            before = len(stage.whispers(MIHAI))
            chosen = {"selected_option": option} if option else {}
            stage.press_on(card, MIHAI, element["action_id"], **chosen)
            told = stage.until(lambda n=before: stage.whispers(MIHAI)[n:] or None)  # type: ignore[misc] # bound now
            assert GONE in str(told), (element["action_id"], option)


@pytest.mark.parametrize("asked", ["case 1", "why 1"])
def test_the_command_says_it_too(stage: Stage, asked: str) -> None:
    stage.slack.act(MIHAI, "command", channel=CARE, text=asked)
    assert GONE in str(stage.until(lambda: stage.whispers(MIHAI)))


def test_the_shortcut_says_that_the_message_is_no_case_any_more(stage: Stage) -> None:
    ts = stage.card()["ts"]
    stage.slack.act(MIHAI, "shortcut", callback_id="tierdesk_case", channel=CARE, ts=ts)
    assert "or its case was deleted" in str(stage.until(lambda: stage.whispers(MIHAI)))
