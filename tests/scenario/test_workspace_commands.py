"""Looking cases up: masked for the place where it is asked, shut for who may not see them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox import deskwork
from inbox.ports import Unit
from sandbox.faults import Fault
from tests.servers import Loopback
from tests.stage_fakes import CARE, PRIVATE
from tests.workspace_stage import Stage, on_stage, written
from workspace.rules_list import RuleUse

MIHAI, IOANA, GENERAL = "U0MIHAI", "U0IOANA", "C0GENERAL"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        yield stage


def ask(stage: Stage, person: str, text: str, channel: str = CARE) -> str:
    """What the person reads as the answer."""
    before = len(stage.whispers(person, channel))
    assert stage.slack.act(person, "command", channel=channel, text=text)["ok"]
    answers = stage.until(
        lambda: stage.whispers(person, channel)[before:] or None,
    )
    return written(answers[0])


def test_a_case_is_shown_without_buttons_and_masked_for_the_place(stage: Stage) -> None:
    stage.customer("My order 48213 is late")
    stage.drain()

    shown = ask(stage, MIHAI, f"case {stage.number()}", GENERAL)

    assert "[order number]" in shown
    assert "48213" not in shown
    assert "case.claim" not in shown
    assert "Go to the card" in shown


def test_a_case_of_a_private_channel_is_shown_to_its_members_only(stage: Stage) -> None:
    stage.customer("My card is 4111 1111 1111 1111, order 48213")
    number = stage.number()

    for question in (f"case #{number}", f"why {number}"):
        refused = ask(stage, MIHAI, question)
        assert "private channel that you are not in" in refused
        assert "order" not in refused
    assert "Ana Popescu" in ask(stage, IOANA, f"case {number}")
    assert "48213" not in ask(stage, IOANA, f"case {number}")
    assert "48213" in ask(stage, IOANA, f"case {number}", PRIVATE)


def test_where_slack_cannot_tell_who_is_in_a_channel_it_stays_shut(stage: Stage) -> None:
    stage.customer("My card is 4111 1111 1111 1111")
    stage.slack.faults.add(
        Fault(
            target="slack",
            method="conversations.members",
            kind="500",
            times=0,
            retry_after=0,
            delay=0,
        )
    )

    for question in (f"case {stage.number()}", "mine"):
        stage.writer.run(lambda unit: own(stage, unit))
        told = ask(stage, IOANA, question)
        assert "Slack does not say who is in the private channels" in told
        assert "4111" not in told


def own(stage: Stage, unit: Unit) -> None:
    case = unit.cases.get(stage.number())
    assert case is not None
    deskwork.assign(
        unit, stage.desk, case.number, "U0KENJI", IOANA, seen_in=case.channel, at=stage.now
    )


def test_mine_lists_what_i_have_and_may_see(stage: Stage) -> None:
    stage.customer("Where is my parcel?")
    stage.press(MIHAI, "case.claim")
    stage.until(lambda: stage.case().owner)

    assert f"*#{stage.number()}*" in ask(stage, MIHAI, "mine")
    assert "no open cases" in ask(stage, IOANA, "mine")


def test_why_tells_the_rule(stage: Stage) -> None:
    stage.customer("Where is my parcel?")

    assert "Ordinary messages" in ask(stage, MIHAI, f"why {stage.number()}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "in a few words"),
        ("help", "in a few words"),
        ("dance", "is not something that I know"),
        ("case", "Say which case"),
        ("case abc", "Say which case"),
        ("case 99999", "There is no case 99999"),
        ("case ²", "Say which case"),
        ("case " + "9" * 5000, "Say which case"),
        ("<!channel> `x`", "is not something that I know"),
    ],
)
def test_whatever_is_typed_gets_an_answer(stage: Stage, text: str, words: str) -> None:
    answer = ask(stage, MIHAI, text)

    assert words in answer
    assert "<!channel>" not in answer


def test_the_shortcut_finds_the_case_of_a_message(stage: Stage) -> None:
    stage.customer("Where is my parcel?")
    stage.customer("It is late")
    line = stage.thread()[0]

    for ts in (stage.card()["ts"], line["ts"]):
        before = len(stage.whispers(MIHAI))
        done = stage.slack.act(MIHAI, "shortcut", callback_id="tierdesk_case", channel=CARE, ts=ts)
        assert done["ok"]
        answers = stage.until(lambda n=before: stage.whispers(MIHAI)[n:] or None)  # type: ignore[misc] # bound now
        assert "Ana Popescu" in written(answers[0])


def test_the_shortcut_on_another_message_says_so(stage: Stage) -> None:
    posted: dict[str, Any] = stage.slack.act(MIHAI, "post", channel=CARE, text="lunch?")
    ts = posted.get("ts") or stage.messages(CARE)[-1]["ts"]

    stage.slack.act(MIHAI, "shortcut", callback_id="tierdesk_case", channel=CARE, ts=ts)

    assert "is not a case" in written(stage.until(lambda: stage.whispers(MIHAI))[0])


def test_how_the_accounts_are_and_what_they_cost_can_be_asked(stage: Stage) -> None:
    stage.customer("Where is my parcel?")

    assert "last message" in ask(stage, MIHAI, "channels")
    assert "No account here costs anything" in ask(stage, MIHAI, "report costs")
    assert "/tierdesk report costs" in ask(stage, MIHAI, "report everything")


def test_the_rules_are_listed_in_their_order_with_what_they_matched(stage: Stage) -> None:
    shown = ask(stage, MIHAI, "rules")

    assert "1 · Payment data: 2 messages in 7 days, 1,200 in 30" in shown
    assert "always · VIP &amp; &lt;@U0SAM&gt; (in shadow): no message in 30 days" in shown


def test_an_answer_that_one_message_does_not_hold_is_several(stage: Stage) -> None:
    uses = [
        RuleUse(position=n, name=f"Rule {n}", shadow=False, week=0, month=n) for n in range(500)
    ]
    stage.rules = uses

    assert stage.slack.act(MIHAI, "command", channel=CARE, text="rules")["ok"]
    stage.until(lambda: "499 · Rule 499:" in str(stage.whispers(MIHAI)))

    told = stage.whispers(MIHAI)
    assert len(told) > 1
    assert all(f" {n} · Rule {n}: " in "".join(map(written, told)) for n in range(500))


def test_an_answer_that_slack_does_not_take_comes_in_its_plainest_form(stage: Stage) -> None:
    stage.customer("Where is my parcel?")
    came: list[str] = []

    async def fussy(request: Request) -> Response:
        came.append((await request.body()).decode())
        return Response("invalid_blocks", 200 if '"header"' not in came[-1] else 400)

    with Loopback(Starlette(routes=[Route("/answer", fussy, methods=["POST"])])) as server:
        asked = {"command": "/tierdesk", "text": f"case {stage.number()}", "trigger_id": "1.1"}
        place = {"user_id": MIHAI, "channel_id": CARE, "response_url": f"{server.url}/answer"}
        stage.app.dispatch(BoltRequest(mode="socket_mode", body=asked | place))
        stage.app.listener_runner.listener_executor.shutdown(wait=True)

    assert len(came) == 2
    assert "Where is my parcel?" in came[1]
