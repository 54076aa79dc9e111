"""What an older version left in Slack: no press of it stays without a word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stage_fakes import CARE
from tests.workspace_stage import Stage, on_stage

MIHAI = "U0MIHAI"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        stage.customer("Where is my parcel?")
        yield stage


def text(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def old_button(number: int) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": "case.profile",
        "text": text("Profile"),
        "value": str(number),
    }


def old_menu(number: int) -> dict[str, Any]:
    options = [{"text": text("Spam"), "value": f"spam:{number}"}]
    return {"type": "overflow", "action_id": "case.more", "options": options}


def drawn_long_ago(stage: Stage, element: dict[str, Any]) -> dict[str, Any]:
    blocks = [{"type": "actions", "block_id": "old", "elements": [element]}]
    card = stage.card()
    stage.client.chat_update(channel=CARE, ts=card["ts"], text=card["text"], blocks=blocks)
    return stage.card()


def told(stage: Stage) -> str:
    return str(stage.until(lambda: stage.whispers(MIHAI))[0]["text"])


def test_a_button_that_is_no_more_says_so_and_its_card_is_drawn_anew(stage: Stage) -> None:
    buttons = stage.card()["blocks"][-1]
    old = drawn_long_ago(stage, old_button(stage.number()))

    stage.press_on(old, MIHAI, "case.profile")

    assert "older version of Tierdesk. It is drawn anew" in told(stage)
    stage.until(lambda: stage.card()["blocks"][-1] == buttons)


def test_a_line_of_the_menu_that_is_no_more_says_so_as_well(stage: Stage) -> None:
    buttons = stage.card()["blocks"][-1]
    old = drawn_long_ago(stage, old_menu(stage.number()))

    stage.choose_on(old, MIHAI, "spam")

    assert "older version of Tierdesk. It is drawn anew" in told(stage)
    stage.until(lambda: stage.card()["blocks"][-1] == buttons)


def test_a_press_that_slack_sends_again_is_explained_once(stage: Stage) -> None:
    stage.press_on(drawn_long_ago(stage, old_button(stage.number())), MIHAI, "case.profile")
    told(stage)

    stage.slack.control("redeliver", last=1)
    stage.until(lambda: stage.settled() or None)

    assert len(stage.whispers(MIHAI)) == 1


def test_a_button_that_stands_on_no_card_leads_to_the_card(stage: Stage) -> None:
    blocks = [{"type": "actions", "block_id": "old", "elements": [old_button(1)]}]
    stage.client.chat_postMessage(channel=CARE, text="An alert", blocks=blocks)

    stage.press_on(stage.cards()[-1], MIHAI, "case.profile")

    assert "Work the case from its card" in told(stage)


def an_old_window(stage: Stage) -> dict[str, Any]:
    """A window of ours, as an older version would have drawn it."""
    stage.choose(MIHAI, "why")
    opened = stage.window(MIHAI)
    field = {
        "type": "input",
        "block_id": "why",
        "label": text("Why"),
        "element": {"type": "plain_text_input", "action_id": "why"},
    }
    view = {
        "type": "modal",
        "callback_id": "window.spam",
        "title": text("Spam"),
        "submit": text("Spam"),
        "blocks": [field, {"type": "actions", "block_id": "old", "elements": [old_button(1)]}],
    }
    stage.client.views_update(view_id=opened["id"], view=view)
    return stage.window(MIHAI)


def test_a_window_that_is_no_more_says_so_under_its_field(stage: Stage) -> None:
    an_old_window(stage)

    answer = stage.submit(MIHAI, why={"type": "plain_text_input", "value": "it is spam"})

    assert "This window is too old" in str(answer)


def test_a_button_in_a_window_that_is_no_more_is_explained_to_who_pressed_it(stage: Stage) -> None:
    opened = an_old_window(stage)

    stage.slack.act(
        MIHAI, "view_action", view_id=opened["id"], block_id="old", action_id="case.profile"
    )

    direct = stage.until(
        lambda: [
            message
            for channel in stage.slack.state(MIHAI)["messages"].values()
            for message in channel
            if "This window is too old" in message["text"]
        ]
    )
    assert len(direct) == 1
