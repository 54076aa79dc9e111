"""What agents do in windows: answering with care, and moving."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inbox.message import Kind, Visibility
from tests.stage_fakes import CARE, PRIVATE, a_ref
from tests.workspace_stage import Stage, on_stage, picked, typed, written

MIHAI, IOANA = "U0MIHAI", "U0IOANA"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        stage.customer("Where is my parcel?")
        yield stage


def open_reply(stage: Stage, person: str = MIHAI) -> dict[str, Any]:
    assert stage.press(person, "case.reply")["ok"]
    return stage.window(person)


def act_in(
    stage: Stage, person: str, action: str, values: dict[str, Any], chosen: dict[str, Any]
) -> None:
    view = stage.window(person)
    block = next(b for b in view["blocks"] if (b.get("element") or {}).get("action_id") == action)
    done = stage.slack.act(
        person,
        "view_action",
        view_id=view["id"],
        block_id=block["block_id"],
        action_id=action,
        values=values,
        selected_option=chosen["selected_option"],
    )
    assert done["ok"], done


def state_of(view: dict[str, Any], text: str) -> dict[str, Any]:
    block = next(b for b in view["blocks"] if str(b.get("block_id")).startswith("text"))
    return {block["block_id"]: {"text": typed(text)}}


# --- the answer --------------------------------------------------------------------------


def test_personal_data_in_a_public_answer_is_stopped_and_goes_in_private_instead(
    stage: Stage,
) -> None:
    view = open_reply(stage)

    stopped = stage.submit(MIHAI, text=typed("Order 48213 is on its way"))
    assert "This would publish an order number (“48213”)" in next(iter(stopped["errors"].values()))
    assert "In private" in next(iter(stopped["errors"].values()))
    assert stage.network.sent == []
    sent = stage.submit(
        MIHAI, text=typed("Order 48213 is on its way"), where=picked("private", view)
    )
    stage.until(lambda: stage.network.sent)

    assert not sent["errors"]
    assert stage.network.sent[0].visibility is Visibility.PRIVATE


def test_the_window_changes_its_button_and_keeps_what_was_typed(stage: Stage) -> None:
    view = open_reply(stage)
    private = picked("private", view)

    act_in(stage, MIHAI, "reply.where", state_of(view, "half an ans"), private)
    changed = stage.until(
        lambda: next(
            (v for v in stage.slack.state(MIHAI)["views"] if "privately" in str(v["submit"])), None
        )
    )

    assert "half an ans" in str(changed["blocks"])
    assert "as a message to Ana Popescu" in str(changed["blocks"])


def test_a_saved_reply_is_added_to_what_was_typed(stage: Stage) -> None:
    view = open_reply(stage)

    act_in(stage, MIHAI, "reply.saved", state_of(view, "Hello."), picked("sorry", view))
    filled = stage.until(
        lambda: next(
            (v for v in stage.slack.state(MIHAI)["views"] if "We are sorry" in str(v)), None
        )
    )

    assert "Hello.\\n\\nWe are sorry, Ana Popescu." in str(filled["blocks"])


def test_who_answers_second_is_asked_first(stage: Stage) -> None:
    open_reply(stage, MIHAI)
    open_reply(stage, IOANA)
    stage.submit(IOANA, text=typed("From Ioana"))
    stage.until(lambda: stage.network.sent)

    asked = stage.submit(MIHAI, text=typed("From Mihai"))
    assert asked["response_action"] == "update"
    view = stage.window(MIHAI)
    assert "Send yours as well?" in str(view)
    assert "From Mihai" in str(view)
    stage.submit(MIHAI, text=typed("From Mihai"))
    stage.until(lambda: len(stage.network.sent) == 2 or None)

    assert [draft.text for draft in stage.network.sent] == ["From Ioana", "From Mihai"]


def test_an_answer_longer_than_the_network_takes_is_refused_in_words(stage: Stage) -> None:
    open_reply(stage)

    refused = stage.submit(MIHAI, text=typed("x" * 501))

    assert "Shorten it by 1" in next(iter(refused["errors"].values()))


def test_a_submission_that_comes_again_is_not_sent_again(stage: Stage) -> None:
    open_reply(stage)
    stage.submit(MIHAI, text=typed("Once."))
    stage.until(lambda: stage.network.sent)

    stage.slack.control("redeliver", last=3)
    stage.until(lambda: stage.settled() or None)

    assert len(stage.network.sent) == 1


def test_a_window_of_a_case_that_moved_away_gives_the_text_back(stage: Stage) -> None:
    open_reply(stage)
    escalate(stage, IOANA)

    refused = stage.submit(MIHAI, text=typed("My answer"))

    assert "has moved" in next(iter(refused["errors"].values()))
    assert stage.network.sent == []


def test_a_deleted_post_is_answered_in_private_only(stage: Stage) -> None:
    stage.delete(stage.a_message("", ref=a_ref("post-1")))
    view = open_reply(stage)

    assert "was deleted" in str(view["blocks"])
    assert view["submit"]["text"] == "Send privately"


# --- moving ------------------------------------------------------------------------------


def escalate(stage: Stage, person: str, channel: str = CARE, tier: int = 2) -> None:
    stage.press(person, "case.escalate", channel)
    view = stage.window(person)
    stage.submit(person, tier=picked(str(tier), view), reason=typed("needs the invoice"))
    stage.until(lambda: stage.case().tier == tier or None)


def test_taking_private_invites_notes_and_moves(stage: Stage) -> None:
    stage.press(MIHAI, "case.take_private")
    view = stage.window(MIHAI)
    assert "Hello Ana Popescu, please tell us here." in str(view)
    assert "We wrote to you privately." in str(view)

    stage.submit(
        MIHAI,
        invitation=typed("Please tell us here: order 48213?"),
        note=typed("We wrote to you privately."),
    )
    stage.until(lambda: len(stage.network.sent) == 2 or None)
    stage.until(lambda: stage.cards(PRIVATE) or None)

    assert [d.visibility.value for d in stage.network.sent] == ["private", "public"]
    assert stage.case().tier == 2
    assert "moved to a private channel" in written(stage.card(CARE))
    stage.customer(
        "Here it is",
        visibility=Visibility.PRIVATE,
        kind=Kind.DM,
        conversation=stage.network.sent[0].conversation,
    )
    assert "Here it is" in written(stage.card(PRIVATE))
    assert "Here it is" not in written(stage.card(CARE))


def test_a_public_word_with_personal_data_keeps_the_window_open(stage: Stage) -> None:
    stage.press(MIHAI, "case.take_private")
    stage.window(MIHAI)

    refused = stage.submit(MIHAI, invitation=typed("Hello"), note=typed("About 48213"))

    assert list(refused["errors"]) == ["note"]
    assert stage.case().tier == 1


def test_taking_private_without_a_word_moves_the_case_alone(stage: Stage) -> None:
    stage.press(MIHAI, "case.take_private")
    stage.window(MIHAI)

    stage.submit(MIHAI, invitation=typed(""), note=typed(""))
    stage.until(lambda: stage.case().tier == 2 or None)

    assert stage.network.sent == []


def test_no_word_in_public_speaks_of_a_private_message_that_is_not_sent(stage: Stage) -> None:
    stage.press(MIHAI, "case.take_private")
    stage.window(MIHAI)
    speaks_of_it = typed("We wrote to you privately.")
    refused = stage.submit(MIHAI, invitation=typed(""), note=speaks_of_it)
    assert "no private message is sent" in refused["errors"]["note"]

    account, connection = next(iter(stage.connections.items()))
    stage.connections[account] = replace(connection, private=None)
    stage.press(IOANA, "case.take_private")
    assert "We wrote to you privately." not in str(stage.window(IOANA))
    stage.submit(IOANA)
    stage.until(lambda: stage.case().tier == 2)

    assert stage.network.sent == []


def test_an_escalation_tells_why_and_its_owner_lets_go(stage: Stage) -> None:
    stage.press(IOANA, "case.claim")
    stage.until(lambda: stage.case().owner)

    escalate(stage, IOANA)
    stage.until(lambda: stage.thread(PRIVATE))

    assert stage.case().owner is None
    assert any("needs the invoice" in written(line) for line in stage.thread(PRIVATE))


def test_a_case_that_comes_back_brings_what_happened_meanwhile_once(stage: Stage) -> None:
    escalate(stage, MIHAI)
    stage.customer("It is the green one.")
    escalate(stage, "U0KENJI", PRIVATE, 1)
    stage.customer("Thank you for asking.")
    escalate(stage, MIHAI)
    escalate(stage, "U0KENJI", PRIVATE, 1)
    stage.drain()

    lines = [written(line) for line in stage.thread(CARE)]
    assert sum("green one" in line for line in lines) == 1
    assert sum("Thank you for asking" in line for line in lines) == 1


@pytest.mark.parametrize("window", ["escalate", "take_private"])
def test_a_case_that_another_closed_meanwhile_moves_nowhere(stage: Stage, window: str) -> None:
    stage.press(MIHAI, f"case.{window}")
    view = stage.window(MIHAI)
    stage.press(IOANA, "case.close")
    stage.submit(IOANA, resolution=picked("duplicate", stage.window(IOANA)))
    stage.until(lambda: stage.case().closed_at)

    if window == "escalate":
        stage.submit(MIHAI, tier=picked("2", view), reason=typed("needs the invoice"))
    else:
        stage.submit(MIHAI, invitation=typed(""), note=typed(""))

    told = stage.until(lambda: stage.whispers(MIHAI))
    assert "is closed. Reopen it first" in told[0]["text"]
    assert stage.case().tier == 1


def test_experts_are_called_into_the_thread_and_the_owner_stays(stage: Stage) -> None:
    stage.press(MIHAI, "case.claim")
    stage.until(lambda: stage.case().owner)

    stage.choose(MIHAI, "swarm")
    people = {"type": "multi_users_select", "selected_users": [IOANA]}
    stage.submit(MIHAI, experts=people, question=typed("Which depot?"))
    lines = stage.until(stage.thread)

    assert '"user_id": "U0IOANA"' in written(lines[-1])
    assert "Which depot?" in written(lines[-1])
    assert stage.case().owner == MIHAI


def test_an_expert_who_is_not_in_the_channel_is_asked_directly(stage: Stage) -> None:
    escalate(stage, MIHAI)
    stage.choose("U0KENJI", "swarm", PRIVATE)
    people = {"type": "multi_users_select", "selected_users": [MIHAI]}

    stage.submit("U0KENJI", experts=people, question=typed("Is it order 48213?"))

    asked = stage.until(
        lambda: [
            written(message)
            for messages in stage.slack.state(MIHAI)["messages"].values()
            for message in messages
            if "asks for your help" in message["text"]
        ]
    )
    assert len(asked) == 1
    assert "48213" not in asked[0]
