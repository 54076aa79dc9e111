"""One account on a small Reddit, for tests."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from starlette.applications import Starlette

from inbox.message import Event, Message, Posted
from inbox.ports import Connection
from integrations.reddit import integration
from tests.hosts import a_host
from tests.networks.reddit import BRAND, CLIENT, CLIENT_SECRET, PASSWORD, REFRESH_TOKEN, SUB, Reddit
from tests.servers import Loopback

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Town:
    """A Reddit of its own, in which a minute passes between polls."""

    def __init__(self, opened: ExitStack) -> None:
        self.now = NOON
        self.net = Reddit(clock=lambda: self.now)
        self._url = opened.enter_context(Loopback(Starlette(routes=self.net.routes))).url
        self._opened = opened
        self.cursor: str | None = None

    def open(self, **settings: object) -> Connection:
        given: dict[str, object] = {
            "username": BRAND,
            "client_id": CLIENT,
            "subreddits": [SUB],
            "oauth_url": self._url,
            "reddit_url": self._url,
            **settings,
        }
        secrets = {
            "REDDIT_CARE_CLIENT_SECRET": CLIENT_SECRET,
            "REDDIT_CARE_PASSWORD": PASSWORD,
            "REDDIT_CARE_REFRESH_TOKEN": REFRESH_TOKEN,
        }
        self.connection = integration.connect("care", given, secrets, host=a_host(lambda: self.now))
        self._opened.callback(self.connection.close)
        return self.connection

    def poll(self) -> list[Event]:
        self.now += timedelta(minutes=1)
        assert self.connection.poller
        page = self.connection.poller.poll(self.cursor)
        self.cursor = page.cursor
        return list(page.events)

    def texts(self) -> list[str]:
        return [event.message.text for event in self.poll() if isinstance(event, Posted)]

    def one(self) -> Message:
        (event,) = self.poll()
        assert isinstance(event, Posted)
        return event.message
