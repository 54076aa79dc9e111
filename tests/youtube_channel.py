"""A YouTube on loopback with a brand's channel, for tests: time stands until one moves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

from starlette.applications import Starlette

from inbox.message import Draft, Event, Message, Posted
from inbox.ports import Connection, Host
from integrations.youtube import integration
from tests.hosts import a_host
from tests.networks.google import CLIENT, CLIENT_SECRET, REFRESH_TOKEN
from tests.networks.youtube import BRAND, YouTube
from tests.servers import Loopback

NOON = datetime(2026, 11, 22, 20, tzinfo=UTC)  # noon in Pacific time


class Channel:
    """A channel on a YouTube of its own, polled again and again."""

    def __init__(self, url: str, opened: ExitStack) -> None:
        self.now = NOON
        self.net = YouTube(clock=lambda: self.now)
        self._opened = opened
        self.url = url
        self.host: Host = a_host(lambda: self.now)
        self.cursor: str | None = None

    def open(self, **settings: object) -> Connection:
        given: dict[str, object] = {
            "base_url": self.url,
            "token_url": f"{self.url}/token",
            "channel_id": BRAND,
            "client_id": CLIENT,
            **settings,
        }
        secrets = {
            "YOUTUBE_CARE_CLIENT_SECRET": CLIENT_SECRET,
            "YOUTUBE_CARE_REFRESH_TOKEN": REFRESH_TOKEN,
        }
        self.connection = integration.connect("care", given, secrets, host=self.host)
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


@contextmanager
def a_channel() -> Iterator[Channel]:
    with ExitStack() as opened:
        app = Starlette()
        server = opened.enter_context(Loopback(app))
        channel = Channel(server.url, opened)
        app.router.routes.extend(channel.net.routes)
        yield channel


def an_answer(message: Message, text: str = "We are on it.") -> Draft:
    return Draft(
        account=message.ref.at(),
        conversation=message.conversation,
        in_reply_to=message.ref,
        to=message.author,
        text=text,
        visibility=message.visibility,
        native=message.native,
    )
