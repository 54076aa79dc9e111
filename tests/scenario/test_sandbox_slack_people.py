"""What people press, type and submit reaches a real slack_bolt app as from Slack."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from websockets.sync.client import ClientConnection

from tests.slack_desk import (
    DEADLINE,
    QUICK,
    Desk,
    ManualClock,
    Seen,
    SocketBot,
    acknowledge,
    card,
    link,
    modal,
    press,
    running,
    take,
)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk() as desk:
        yield desk


# --- Buttons, commands, shortcuts


def test_a_button_tells_who_pressed_what_where(desk: Desk) -> None:
    bot, seen = SocketBot(desk), Seen()

    @bot.app.action("claim")
    def claim(ack: Any, body: Any) -> None:
        ack()
        seen.add(body)

    ts = card(desk, "claim", "reply")
    with running(bot):
        assert press(desk, ts, "claim") == {"ok": True}
        [body] = seen.wait()
    assert body["user"]["id"] == "U0MIHAI"
    assert body["container"]["message_ts"] == body["message"]["ts"] == ts
    assert body["channel"] == {"id": "C0CARE", "name": "care-public"}
    assert (body["actions"][0]["action_id"], body["actions"][0]["value"]) == ("claim", "1042")


def test_a_menu_tells_the_whole_option(desk: Desk) -> None:
    option = {"text": {"type": "plain_text", "text": "High"}, "value": "high"}
    menu = {"type": "static_select", "action_id": "priority", "options": [option]}
    block = {"type": "actions", "block_id": "actions", "elements": [menu]}
    ts = desk.web.chat_postMessage(channel="C0CARE", text="x", blocks=[block])["ts"]
    bot, seen = SocketBot(desk), Seen()

    @bot.app.action("priority")
    def pick(ack: Any, body: Any) -> None:
        ack()
        seen.add(body)

    with running(bot):
        assert press(desk, ts, "priority", selected_option="high") == {"ok": True}
        refusal = press(desk, ts, "priority", selected_option="low")
        [body] = seen.wait()
    assert body["actions"][0]["selected_option"] == option
    assert body["state"]["values"]["actions"]["priority"]["selected_option"] == option
    assert refusal == {"ok": False, "error": "no_such_option"}


def test_an_app_that_does_not_answer_is_told_to_the_person() -> None:
    with Desk(**QUICK) as desk, link(desk):
        assert press(desk, card(desk, "claim"), "claim") == {
            "ok": False,
            "error": "operation_timeout",
        }


def test_a_response_url_answers_five_times(desk: Desk) -> None:
    bot, seen = SocketBot(desk), Seen()

    @bot.app.action("claim")
    def claim(ack: Any, body: Any) -> None:
        ack()
        seen.add(body["response_url"])

    ts = card(desk, "claim")
    with running(bot):
        press(desk, ts, "claim")
        [url] = seen.wait()
    hook = WebhookClient(url)
    assert hook.send(text="Claimed", replace_original=True).status_code == 200
    assert desk.state("U0SAM")["messages"]["C0CARE"][0]["text"] == "Claimed"
    hook.send(text="Only you")
    assert desk.state("U0MIHAI")["ephemerals"]["C0CARE"][0]["text"] == "Only you"
    hook.send(text="Everybody", response_type="in_channel")
    assert hook.send(text="x", blocks=[{"type": "spacer"}]).status_code == 500
    hook.send(delete_original=True)
    assert [m["text"] for m in desk.state("U0SAM")["messages"]["C0CARE"]] == ["Everybody"]
    assert hook.send(text="sixth").status_code == 404


def test_a_command_carries_its_text_and_is_answered_privately(desk: Desk) -> None:
    bot = SocketBot(desk)

    @bot.app.command("/tierdesk")
    def run(ack: Any, command: Any) -> None:
        ack(f"{command['user_name']} in {command['channel_name']}: {command['text']}")

    with running(bot):
        assert desk.act("U0SAM", "command", channel="C0OPS", text="mine") == {"ok": True}
    assert desk.state("U0SAM")["ephemerals"]["C0OPS"][0]["text"] == "sam in privategroup: mine"


def test_a_message_shortcut_brings_the_message(desk: Desk) -> None:
    bot, seen = SocketBot(desk), Seen()

    @bot.app.shortcut("make_case")
    def make(ack: Any, body: Any) -> None:
        ack()
        seen.add(body)

    ts = card(desk, "claim")
    with running(bot):
        desk.act("U0MIHAI", "shortcut", channel="C0CARE", ts=ts, callback_id="make_case")
        [body] = seen.wait()
    assert (body["type"], body["message"]["ts"]) == ("message_action", ts)
    assert body["trigger_id"]


def test_opening_the_home_is_an_event(desk: Desk) -> None:
    with link(desk) as socket:
        desk.act("U0SAM", "home")
        event = take(socket)["payload"]["event"]
    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", "U0SAM", "home")


# --- Windows


def trigger_of(frame: dict[str, Any]) -> str:
    return str(frame["payload"]["trigger_id"])


@contextlib.contextmanager
def pressing(desk: Desk, ts: str) -> Iterator[threading.Thread]:
    """A person presses while the test holds the app's side of the connection."""
    thread = threading.Thread(target=press, args=(desk, ts, "reply"))
    thread.start()
    try:
        yield thread
    finally:
        thread.join(DEADLINE)


def a_trigger(desk: Desk, socket: ClientConnection) -> str:
    with pressing(desk, card(desk, "reply")):
        while (frame := take(socket))["type"] == "events_api":
            acknowledge(socket, frame)
        acknowledge(socket, frame)
    return trigger_of(frame)


def error(call: Any, **fields: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**fields)
    return str(caught.value.response["error"])


def test_a_trigger_works_once_and_for_three_seconds() -> None:
    clock = ManualClock()
    with Desk(clock=clock) as desk, link(desk) as socket:
        open_view = desk.web.views_open
        first = a_trigger(desk, socket)
        assert error(open_view, trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"
        assert error(open_view, trigger_id=first, view={"type": "modal"}) == "invalid_arguments"
        clock.advance(2.9)
        assert open_view(trigger_id=first, view=modal())["view"]["callback_id"] == "reply"
        assert error(open_view, trigger_id=first, view=modal()) == "exchanged_trigger_id"
        late = a_trigger(desk, socket)
        clock.advance(3.1)
        assert error(open_view, trigger_id=late, view=modal()) == "expired_trigger_id"


def test_a_view_is_updated_only_by_who_knows_its_hash(desk: Desk) -> None:
    with link(desk) as socket:
        view = modal(external_id="case-1042")
        opened = desk.web.views_open(trigger_id=a_trigger(desk, socket), view=view)["view"]
    update = desk.web.views_update
    newer = update(view_id=opened["id"], view=view, hash=opened["hash"])["view"]
    assert newer["id"] == opened["id"]
    stale = {"view_id": opened["id"], "view": view, "hash": opened["hash"]}
    assert error(update, **stale) == "hash_conflict"
    assert update(external_id="case-1042", view=view)["ok"]
    assert error(update, view_id="V0NONE", view=view) == "not_found"


def test_windows_stack_three_deep(desk: Desk) -> None:
    with link(desk) as socket:
        desk.web.views_open(trigger_id=a_trigger(desk, socket), view=modal("1"))
        for name in ("2", "3"):
            desk.web.views_push(trigger_id=a_trigger(desk, socket), view=modal(name))
        fourth = {"trigger_id": a_trigger(desk, socket), "view": modal("4")}
        assert error(desk.web.views_push, **fourth) == "push_limit_reached"
    stack = desk.state("U0MIHAI")["views"]
    assert [view["callback_id"] for view in stack] == ["1", "2", "3"]


def typed(text: str) -> dict[str, Any]:
    return {"text": {"typed": {"type": "plain_text_input", "value": text}}}


def reply_bot(desk: Desk, submit: Any, seen: Seen) -> SocketBot:
    """Opens the Reply window on a press; `submit` acknowledges what is sent from it."""
    bot = SocketBot(desk)

    @bot.app.action("reply")
    def reply(ack: Any, body: Any, client: Any) -> None:
        ack()
        view = modal(notify_on_close=True, private_metadata="1042")
        seen.add(client.views_open(trigger_id=body["trigger_id"], view=view)["view"]["id"])

    bot.app.view("reply")(submit)
    return bot


def test_a_window_goes_the_way_its_app_answers(desk: Desk) -> None:
    answers: list[dict[str, Any]] = [
        {"response_action": "errors", "errors": {"text": "An order number stands in it."}},
        {"response_action": "push", "view": modal("sure")},
        {"response_action": "update", "view": modal("reply", private_metadata="2")},
        {},
    ]
    seen, texts = Seen(), []

    def submit(ack: Any, view: Any) -> None:
        texts.append(view["state"]["values"]["text"]["typed"]["value"])
        ack(**answers.pop(0))

    bot = reply_bot(desk, submit, seen)
    with running(bot):
        press(desk, card(desk, "reply"), "reply")
        [view_id] = seen.wait()

        def send(text: str) -> dict[str, Any]:
            return desk.act("U0MIHAI", "submit", view_id=view_id, values=typed(text))

        found = send("48213")
        assert found["errors"] == {"text": "An order number stands in it."}
        assert desk.state("U0MIHAI")["views"][0]["errors"] == found["errors"]
        assert send("Hello")["response_action"] == "push"
        sure = desk.state("U0MIHAI")["views"][1]
        desk.act("U0MIHAI", "close_view", view_id=sure["id"])
        assert send("Hello")["response_action"] == "update"
        assert send("Hello, Ana")["response_action"] is None
        assert desk.state("U0MIHAI")["views"] == []
    assert texts == ["48213", "Hello", "Hello", "Hello, Ana"]


def test_an_empty_or_too_long_field_never_reaches_the_app(desk: Desk) -> None:
    seen = Seen()
    bot = reply_bot(desk, lambda ack: ack(), seen)
    with running(bot):
        press(desk, card(desk, "reply"), "reply")
        [view_id] = seen.wait()
        for text in ("", "x" * 501):
            found = desk.act("U0MIHAI", "submit", view_id=view_id, values=typed(text))
            assert found["response_action"] == "errors"
        assert len(desk.state("U0MIHAI")["views"]) == 1


def test_closing_a_window_is_told_when_asked_for(desk: Desk) -> None:
    seen, closed = Seen(), Seen()
    bot = reply_bot(desk, lambda ack: ack(), seen)

    @bot.app.view_closed("reply")
    def gone(ack: Any, body: Any) -> None:
        ack()
        closed.add(body["view"]["private_metadata"])

    with running(bot):
        press(desk, card(desk, "reply"), "reply")
        [view_id] = seen.wait()
        desk.act("U0MIHAI", "close_view", view_id=view_id)
        assert closed.wait() == ["1042"]
    assert desk.state("U0MIHAI")["views"] == []


def test_a_menu_in_a_message_can_ask_the_app_for_options(desk: Desk) -> None:
    menu = {"type": "external_select", "action_id": "article", "min_query_length": 2}
    block = {"type": "actions", "block_id": "actions", "elements": [menu]}
    ts = desk.web.chat_postMessage(channel="C0CARE", text="x", blocks=[block])["ts"]
    option = {"text": {"type": "plain_text", "text": "Where is my parcel"}, "value": "7"}
    bot = SocketBot(desk)
    bot.app.options("article")(lambda ack: ack(options=[option]))
    with running(bot):
        found = desk.act(
            "U0MIHAI",
            "options",
            channel="C0CARE",
            ts=ts,
            block_id="actions",
            action_id="article",
            value="parcel",
        )
    assert found == {"ok": True, "options": [option]}
