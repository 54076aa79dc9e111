"""Events reach a real slack_bolt app as Slack would bring them, by socket or by HTTP."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import SlackRequestHandler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from websockets.sync.client import connect

from sandbox.slack import SIGNING_SECRET
from tests.servers import Loopback
from tests.slack_desk import (
    DEADLINE,
    QUICK,
    Desk,
    Seen,
    SocketBot,
    acknowledge,
    card,
    link,
    press,
    running,
    take,
)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk() as desk:
        yield desk


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
