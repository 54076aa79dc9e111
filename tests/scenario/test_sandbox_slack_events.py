"""Events, buttons and windows reach a real slack_bolt app as Slack would bring them."""

import contextlib
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import SlackRequestHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from websockets.sync.client import ClientConnection, connect

from sandbox.slack import SIGNING_SECRET
from tests.servers import Loopback
from tests.slack_desk import DEADLINE, Desk, ManualClock, Seen, SocketBot, buttons, modal, section

QUICK = {"ack_seconds": 0.3, "retry_delays": (0.0, 0.01, 0.02)}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk() as desk:
        yield desk


@contextlib.contextmanager
def running(bot: SocketBot) -> Iterator[None]:
    bot.start()
    try:
        yield
    finally:
        bot.stop()


@contextlib.contextmanager
def link(desk: Desk) -> Iterator[ClientConnection]:
    """A bare Socket Mode connection that acknowledges nothing by itself."""
    opened = desk.web.apps_connections_open(app_token="xapp-sandbox")
    with connect(opened["url"], proxy=None) as socket:
        assert take(socket)["type"] == "hello"
        yield socket


def take(socket: ClientConnection) -> dict[str, Any]:
    found = json.loads(socket.recv(timeout=DEADLINE))
    assert isinstance(found, dict)
    return found


def acknowledge(socket: ClientConnection, frame: dict[str, Any], payload: Any = None) -> None:
    said = {"envelope_id": frame["envelope_id"]}
    socket.send(json.dumps(said | ({"payload": payload} if payload else {})))


# --- Socket Mode


def test_a_persons_post_reaches_the_app_as_an_event(desk: Desk) -> None:
    bot, seen = SocketBot(desk), Seen()

    @bot.app.event("message")
    def hear(body: Any) -> None:
        seen.add(body)

    with running(bot):
        desk.act("U0MIHAI", "post", channel="C0CARE", text="a < b & <@U0SAM>")
        [body] = seen.wait()
    event = body["event"]
    assert event["text"] == "a &lt; b &amp; <@U0SAM>"
    assert (event["user"], event["channel"], event["channel_type"]) == (
        "U0MIHAI",
        "C0CARE",
        "channel",
    )
    assert body["authorizations"][0]["user_id"] == "U0TIERDESK"
    assert body["event_id"].startswith("Ev")


def test_an_app_hears_its_own_messages_and_nothing_from_channels_it_is_not_in(
    desk: Desk,
) -> None:
    with link(desk) as socket:
        desk.act("U0MIHAI", "post", channel="C0GENERAL", text="not for bots")
        desk.web.chat_postMessage(channel="C0CARE", text="Card")
        frame = take(socket)
    event = frame["payload"]["event"]
    assert (event["bot_id"], event["text"]) == ("B0TIERDESK", "Card")


def test_changes_deletions_reactions_and_members_are_events(desk: Desk) -> None:
    with link(desk) as socket:
        ts = desk.web.chat_postMessage(channel="C0CARE", text="New")["ts"]
        desk.web.chat_update(channel="C0CARE", ts=ts, text="Claimed")
        desk.act("U0MIHAI", "react", channel="C0CARE", ts=ts, name="eyes")
        desk.act("U0MIHAI", "unreact", channel="C0CARE", ts=ts, name="eyes")
        desk.web.chat_delete(channel="C0CARE", ts=ts)
        desk.web.conversations_invite(channel="C0PRIVATE", users="U0ELIF")
        events = [take(socket)["payload"]["event"] for _ in range(6)]
    assert [event.get("subtype", event["type"]) for event in events] == [
        "message",
        "message_changed",
        "reaction_added",
        "reaction_removed",
        "message_deleted",
        "member_joined_channel",
    ]
    assert events[1]["previous_message"]["text"] == "New"
    assert events[2]["item"] == {"type": "message", "channel": "C0CARE", "ts": ts}


def test_one_connection_gets_an_event(desk: Desk) -> None:
    with link(desk) as first, link(desk) as second:
        for text in ("one", "two"):
            desk.act("U0MIHAI", "post", channel="C0CARE", text=text)
        texts = {take(socket)["payload"]["event"]["text"] for socket in (first, second)}
    assert texts == {"one", "two"}


def test_a_ticket_opens_one_connection(desk: Desk) -> None:
    opened = desk.web.apps_connections_open(app_token="xapp-sandbox")
    with connect(opened["url"], proxy=None):
        pass
    with pytest.raises(Exception, match="403"), connect(opened["url"], proxy=None):
        pass


def test_an_unacknowledged_event_comes_again_three_times() -> None:
    with Desk(**QUICK) as desk, link(desk) as socket:
        desk.act("U0MIHAI", "post", channel="C0CARE", text="once")
        frames = [take(socket) for _ in range(4)]
        desk.act("U0MIHAI", "post", channel="C0CARE", text="twice")
        last = take(socket)
    assert [frame["retry_attempt"] for frame in frames] == [0, 1, 2, 3]
    assert {frame["retry_reason"] for frame in frames[1:]} == {"timeout"}
    assert len({frame["payload"]["event_id"] for frame in frames}) == 1
    assert len({frame["envelope_id"] for frame in frames}) == 4
    assert last["payload"]["event"]["text"] == "twice"


def test_an_acknowledged_event_does_not_come_again() -> None:
    with Desk(**QUICK) as desk, link(desk) as socket:
        desk.act("U0MIHAI", "post", channel="C0CARE", text="one")
        acknowledge(socket, take(socket))
        with pytest.raises(TimeoutError):
            socket.recv(timeout=0.6)


def test_what_a_dying_connection_left_goes_over_the_next() -> None:
    with Desk(ack_seconds=60.0) as desk:
        with link(desk) as first:
            for text in ("one", "two"):
                desk.act("U0MIHAI", "post", channel="C0CARE", text=text)
            acknowledge(first, take(first))
            first.recv(timeout=DEADLINE)
            first.socket.close()
        with link(desk) as second:
            frame = take(second)
    assert frame["payload"]["event"]["text"] == "two"
    assert (frame["retry_attempt"], frame["retry_reason"]) == (1, "connection_failed")


def test_events_wait_for_a_connection_and_keep_their_order(desk: Desk) -> None:
    for number in range(20):
        desk.act("U0MIHAI", "post", channel="C0CARE", text=str(number))
    with link(desk) as socket:
        texts = []
        for _ in range(20):
            frame = take(socket)
            acknowledge(socket, frame)
            texts.append(frame["payload"]["event"]["text"])
    assert texts == [str(number) for number in range(20)]


def test_a_long_queue_reaches_a_real_client_whole(desk: Desk) -> None:
    for number in range(400):
        desk.act("U0MIHAI", "post", channel="C0CARE", text=f"{number} " + "x" * 1_000)
    bot, seen = SocketBot(desk), Seen()
    bot.app.event("message")(lambda event: seen.add(event["text"].split()[0]))
    with running(bot):
        texts = seen.wait(400)
    assert sorted(texts, key=int) == [str(number) for number in range(400)]


def test_acknowledged_events_can_be_brought_again_on_demand(desk: Desk) -> None:
    with link(desk) as socket:
        desk.act("U0MIHAI", "post", channel="C0CARE", text="one")
        frame = take(socket)
        acknowledge(socket, frame)
        desk.act("U0MIHAI", "post", channel="C0CARE", text="two")
        take(socket)
        assert desk.control("redeliver", last=5) == {"ok": True, "sent": 1}
        again = take(socket)
    assert again["payload"]["event_id"] == frame["payload"]["event_id"]
    assert again["retry_attempt"] == 1


def test_a_client_told_to_refresh_moves_to_a_new_connection(desk: Desk) -> None:
    bot, seen = SocketBot(desk), Seen()
    bot.app.event("message")(lambda event: seen.add(event["text"]))
    with running(bot):
        desk.control("disconnect", reason="refresh_requested")
        desk.act("U0MIHAI", "post", channel="C0CARE", text="after")
        assert seen.wait() == ["after"]
        calls = [call["method"] for call in desk.workspace.journal.calls()]
    assert calls.count("apps.connections.open") == 2


def test_a_warning_leaves_the_connection_as_it_is(desk: Desk) -> None:
    with link(desk) as socket:
        desk.control("disconnect", reason="warning")
        assert take(socket)["reason"] == "warning"
        desk.act("U0MIHAI", "post", channel="C0CARE", text="still here")
        assert take(socket)["payload"]["event"]["text"] == "still here"


def test_nonsense_from_a_client_harms_nobody(desk: Desk) -> None:
    with link(desk) as socket:
        for nonsense in ("{", "[1]", '{"envelope_id": 3}', '"x"'):
            socket.send(nonsense)
        desk.act("U0MIHAI", "post", channel="C0CARE", text="still here")
        assert take(socket)["payload"]["event"]["text"] == "still here"


# --- Buttons, commands, shortcuts


def card(desk: Desk, *action_ids: str) -> str:
    blocks = [section(), buttons(*action_ids)]
    return str(desk.web.chat_postMessage(channel="C0CARE", text="Card", blocks=blocks)["ts"])


def press(desk: Desk, ts: str, action_id: str, **more: Any) -> dict[str, Any]:
    return desk.act(
        "U0MIHAI",
        "action",
        channel="C0CARE",
        ts=ts,
        block_id="actions",
        action_id=action_id,
        **more,
    )


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


# --- HTTP mode


@contextlib.contextmanager
def http_bot(desk: Desk, app: App) -> Iterator[str]:
    handler = SlackRequestHandler(app)

    async def receive(request: Request) -> Response:
        await request.body()
        return await handler.handle(request)

    with Loopback(Starlette(routes=[Route("/slack/events", receive, methods=["POST"])])) as server:
        yield f"{server.url}/slack/events"


def test_http_mode_brings_signed_events_buttons_and_commands(desk: Desk) -> None:
    app, seen = App(client=desk.client(), signing_secret=SIGNING_SECRET), Seen()
    app.event("message")(lambda event: seen.add(event["text"]))
    app.command("/tierdesk")(lambda ack, command: ack(f"You said {command['text']}"))

    @app.action("claim")
    def claim(ack: Any, body: Any) -> None:
        ack()
        seen.add(body["actions"][0]["action_id"])

    with http_bot(desk, app) as url:
        assert desk.control("http-mode", events_url=url) == {"ok": True}
        desk.act("U0MIHAI", "post", channel="C0CARE", text="hello")
        seen.wait()
        assert press(desk, card(desk, "claim"), "claim") == {"ok": True}
        assert desk.act("U0SAM", "command", channel="C0CARE", text="mine") == {"ok": True}
    assert sorted(seen.wait(2)) == ["claim", "hello"]
    assert desk.state("U0SAM")["ephemerals"]["C0CARE"][0]["text"] == "You said mine"


def test_http_mode_is_refused_by_an_app_with_another_secret(desk: Desk) -> None:
    app = App(client=desk.client(), signing_secret="another")
    with http_bot(desk, app) as url:
        refusal = desk.control("http-mode", events_url=url)
    assert refusal == {"ok": False, "error": "url_verification_failed"}


def test_http_mode_tries_again_with_number_and_reason_until_told_not_to() -> None:
    seen = Seen()

    async def receive(request: Request) -> Response:
        body = await request.json()
        if body["type"] == "url_verification":
            return Response(body["challenge"], media_type="text/plain")
        text, number = body["event"]["text"], request.headers.get("x-slack-retry-num")
        seen.add((text, number, request.headers.get("x-slack-retry-reason")))
        stop = {"x-slack-no-retry": "1"} if (text, number) == ("stop", "1") else {}
        return Response(status_code=500, headers=stop)

    routes = [Route("/", receive, methods=["POST"])]
    with Desk(**QUICK) as desk, Loopback(Starlette(routes=routes)) as server:
        desk.control("http-mode", events_url=f"{server.url}/")
        desk.act("U0MIHAI", "post", channel="C0CARE", text="stop")
        seen.wait(2)
        desk.act("U0MIHAI", "post", channel="C0CARE", text="go on")
        found = seen.wait(6)
    assert found == [
        ("stop", None, None),
        ("stop", "1", "http_error"),
        ("go on", None, None),
        ("go on", "1", "http_error"),
        ("go on", "2", "http_error"),
        ("go on", "3", "http_error"),
    ]


def test_the_way_of_delivery_can_be_changed_while_it_runs(desk: Desk) -> None:
    app, seen = App(client=desk.client(), signing_secret=SIGNING_SECRET), Seen()
    app.event("message")(lambda event: seen.add(event["text"]))
    with http_bot(desk, app) as url:
        desk.control("http-mode", events_url=url)
        desk.act("U0MIHAI", "post", channel="C0CARE", text="one")
        assert seen.wait() == ["one"]
        desk.control("socket-mode")
        with link(desk) as socket:
            desk.act("U0MIHAI", "post", channel="C0CARE", text="two")
            assert take(socket)["payload"]["event"]["text"] == "two"
