"""The sandbox's Slack on a free port, and people who work in it, for tests."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

import httpx
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.routing import Mount
from websockets.sync.client import ClientConnection, connect

from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, slack
from tests.servers import Loopback
from workspace.socket import SocketConnection

DEADLINE = 10.0
QUICK: dict[str, Any] = {"ack_seconds": 0.3, "retry_delays": (0.0, 0.01, 0.02)}


class ManualClock:
    """Seconds that pass only when told to."""

    def __init__(self, now: float = 1_763_793_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Desk:
    """A workspace served over loopback; `web` is the bot's client."""

    def __init__(self, **settings: Any) -> None:
        self.faults = Faults()
        self.workspace = slack(Feed(), self.faults, **{"rate_limit": False, **settings})
        self._server = Loopback(Starlette(routes=[Mount("/slack", routes=self.workspace.routes)]))
        self.url = f"{self._server.url}/slack"
        self._http = httpx.Client(base_url=self.url, timeout=DEADLINE, trust_env=False)
        self.web = self.client()

    def client(self, token: str = BOT_TOKEN) -> WebClient:
        return WebClient(token, base_url=f"{self.url}/api/", timeout=10)

    def act(self, person: str, kind: str, **fields: Any) -> dict[str, Any]:
        return self._json("/people/act", {"as": person, "type": kind, **fields})

    def state(self, person: str) -> dict[str, Any]:
        found = self._http.get("/people/state", params={"as": person}).json()
        assert isinstance(found, dict)
        return found

    def control(self, action: str, **fields: Any) -> dict[str, Any]:
        return self._json("/control", {"action": action, **fields})

    def post(self, path: str, body: object) -> httpx.Response:
        return self._http.post(path, json=body)

    def close(self) -> None:
        self._http.close()
        self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _json(self, path: str, body: object) -> dict[str, Any]:
        found = self._http.post(path, json=body).json()
        assert isinstance(found, dict)
        return found


class SocketBot:
    """A real Bolt app in Socket Mode; register listeners on `.app` before `start`."""

    def __init__(self, desk: Desk) -> None:
        self.app = App(client=desk.client(), signing_secret=SIGNING_SECRET)
        self._handler = SocketModeHandler(self.app, APP_TOKEN, ping_interval=0.5)

    def start(self) -> Self:
        self._handler.connect()  # type: ignore[no-untyped-call]  # as the library has it
        return self

    def stop(self) -> None:
        SocketConnection(self._handler).close()


class Seen:
    """Collects what listeners saw, and waits for it."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._changed = threading.Condition()

    def add(self, item: Any) -> None:
        with self._changed:
            self.all.append(item)
            self._changed.notify_all()

    def wait(self, count: int = 1) -> list[Any]:
        """The first `count` things seen, waited for until the deadline."""
        return self.until(lambda seen: len(seen) >= count)[:count]

    def until(self, enough: Callable[[list[Any]], bool]) -> list[Any]:
        with self._changed:
            assert self._changed.wait_for(lambda: enough(self.all), DEADLINE), self.all
            return list(self.all)


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


def section(text: str = "A case") -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def buttons(*action_ids: str, block_id: str = "actions") -> dict[str, Any]:
    return {
        "type": "actions",
        "block_id": block_id,
        "elements": [
            {
                "type": "button",
                "action_id": name,
                "value": "1042",
                "text": {"type": "plain_text", "text": name.title()},
            }
            for name in action_ids
        ],
    }


def modal(callback_id: str = "reply", **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": "Reply"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "text",
                "label": {"type": "plain_text", "text": "Text"},
                "element": {"type": "plain_text_input", "action_id": "typed", "max_length": 500},
            }
        ],
        **more,
    }


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
