"""Channels are checked before anything is shown; HTTP mode; Slack's redelivery over both ways."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from msgspec.structs import replace
from starlette.applications import Starlette

from inbox.desk import Channel, Desk
from inbox.errors import AuthFailed
from inbox.outbox import Alert, Item, NewItem, State
from sandbox.slack import BOT_SCOPES, BOT_TOKEN, SIGNING_SECRET
from tests.servers import Loopback
from tests.slack_desk import Desk as SlackWorkspace
from tests.stage_fakes import CARE, a_desk
from tests.workspace_stage import Stage, on_stage
from tierdesk.gate import ChannelWatch, Gate
from workspace.app import build_app
from workspace.client import slack_client
from workspace.http import slack_route
from workspace.startup import check_channels


def problems(desk: Desk, **slack: object) -> list[str]:
    with SlackWorkspace(**slack) as server:
        return check_channels(slack_client(f"{server.url}/api/", BOT_TOKEN), desk)


def with_channel(key: str, channel_id: str) -> Desk:
    desk = a_desk()
    changed = replace(desk.channels[key], id=channel_id)
    return replace(desk, channels={**desk.channels, key: changed})


def test_a_desk_that_is_right_has_no_problems() -> None:
    assert problems(a_desk()) == []


@pytest.mark.parametrize(
    ("key", "channel", "words"),
    [
        ("private", CARE, "Make it private"),
        ("care", "C0NONE", "was not found"),
        ("marketing", "C0GENERAL", "/invite @Tierdesk"),
    ],
)
def test_each_fault_of_a_channel_is_told_with_what_to_do(
    key: str, channel: str, words: str
) -> None:
    found = problems(with_channel(key, channel))

    assert any(words in problem and f"“{key}”" in problem for problem in found)


def test_a_channel_of_a_private_tier_must_be_private_whatever_its_settings_say() -> None:
    desk = a_desk()
    open_one = Channel(key="private", id=CARE, private=False)

    found = problems(replace(desk, channels={**desk.channels, "private": open_one}))

    assert any("Make it private" in problem for problem in found)


def test_a_private_channel_that_its_owner_opens_is_shown_nothing_more(tmp_path: Path) -> None:
    with on_stage(tmp_path) as stage:
        gate = Gate(stage.notifier)
        gate.open()
        opened = with_channel("private", CARE)  # what Slack calls public now
        ChannelWatch(client=stage.client, desk=opened, gate=gate).look()

        for channel, kept in (("private", True), ("care", False)):
            item = a_leased_alert(stage, channel)
            with pytest.raises(AuthFailed, match="Make it private") if kept else nullcontext():
                gate.deliver(item)

        ChannelWatch(client=stage.client, desk=a_desk(), gate=gate).look()
        gate.deliver(a_leased_alert(stage, "private"))


def a_leased_alert(stage: Stage, channel: str) -> Item:
    queued = NewItem(effect=Alert(channel=channel, text="Look."), lane=f"test:{channel}")
    stage.writer.run(lambda unit: unit.outbox.add([queued]))
    [item] = stage.lease()
    stage.writer.run(lambda unit: unit.outbox.settle(item.id, State.DELIVERED))
    return item


def test_a_missing_scope_is_named() -> None:
    found = problems(a_desk(), scopes=BOT_SCOPES - {"reactions:read"})

    assert any("reactions:read" in problem for problem in found)


def test_a_token_that_is_refused_is_no_problem_of_the_channels() -> None:
    with SlackWorkspace() as server, pytest.raises(AuthFailed):
        check_channels(slack_client(f"{server.url}/api/", "xoxb-wrong"), a_desk())


# --- HTTP mode ---------------------------------------------------------------------------


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        stage.customer("Where is my parcel?")
        yield stage


@pytest.fixture
def edge(stage: Stage) -> Iterator[str]:
    app = build_app(stage.workspace, SIGNING_SECRET)
    with Loopback(Starlette(routes=[slack_route(app)])) as server:
        yield server.url
    app.listener_runner.listener_executor.shutdown(wait=True)


def test_a_click_arrives_over_http_as_well(stage: Stage, edge: str) -> None:
    assert stage.slack.control("http-mode", events_url=f"{edge}/slack/events")["ok"]

    assert stage.press("U0MIHAI", "case.claim")["ok"]
    stage.until(lambda: stage.case().owner)

    assert stage.case().owner == "U0MIHAI"


def test_what_is_not_signed_is_refused_without_detail(stage: Stage, edge: str) -> None:
    body = urlencode({"payload": json.dumps(a_click(stage))})

    for headers in ({}, signed(body, "wrong"), signed(body, SIGNING_SECRET, old=True)):
        answer = httpx.post(f"{edge}/slack/events", content=body, headers=form(headers))
        assert answer.status_code == 401
        assert "parcel" not in answer.text
    assert httpx.post(f"{edge}/slack/events", content=b"\xff\xfe").status_code == 401
    assert httpx.post(f"{edge}/slack/events", content=b"x" * 3_000_000).status_code == 413
    assert stage.case().owner is None


def test_a_click_that_comes_twice_is_done_once(stage: Stage, edge: str) -> None:
    body = urlencode({"payload": json.dumps(a_click(stage))})

    for _ in range(2):
        headers = form(signed(body, SIGNING_SECRET))
        assert httpx.post(f"{edge}/slack/events", content=body, headers=headers).status_code == 200
    stage.until(lambda: stage.case().owner)
    stage.settled()

    assert stage.whispers("U0MIHAI") == []  # a second claim would be refused in words


def test_without_a_signing_secret_nothing_is_believed(stage: Stage) -> None:
    app = build_app(stage.workspace, None)
    body = urlencode({"payload": json.dumps(a_click(stage))})
    with Loopback(Starlette(routes=[slack_route(app)])) as server:
        headers = form(signed(body, ""))
        answer = httpx.post(f"{server.url}/slack/events", content=body, headers=headers)

    assert answer.status_code == 401


def a_click(stage: Stage) -> dict[str, object]:
    return {
        "type": "block_actions",
        "user": {"id": "U0MIHAI"},
        "team": {"id": "T0BRIGHT"},
        "channel": {"id": CARE},
        "container": {"type": "message", "message_ts": stage.card()["ts"], "channel_id": CARE},
        "trigger_id": "1.2.3",
        "actions": [
            {
                "type": "button",
                "action_id": "case.claim",
                "block_id": "b",
                "value": str(stage.number()),
                "action_ts": "1763793000.000100",
            }
        ],
    }


def signed(body: str, secret: str, *, old: bool = False) -> dict[str, str]:
    at = str(int(time.time()) - (600 if old else 0))
    digest = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}


def form(headers: dict[str, str]) -> dict[str, str]:
    return {"Content-Type": "application/x-www-form-urlencoded", **headers}
