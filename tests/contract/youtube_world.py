"""YouTube, with a channel and people who comment on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from starlette.applications import Starlette

from inbox.message import Event
from inbox.ports import Connection
from integrations.youtube import integration as youtube
from sandbox.faults import Fault
from tests.contract.worlds import NOBODY, Answer, World, now
from tests.hosts import a_host
from tests.networks.google import CLIENT, CLIENT_SECRET, REFRESH_TOKEN
from tests.networks.youtube import BRAND, HANDLES, YouTube
from tests.servers import Loopback


@dataclass
class YouTubeWorld:
    net: YouTube
    opened: ExitStack
    base_url: str
    secret: str = REFRESH_TOKEN
    tells = frozenset({"edits", "deletions"})

    def __post_init__(self) -> None:
        self.connection = self.with_secret(self.secret)
        self._cursor: str | None = None
        self.arrivals()

    def with_secret(self, secret: str) -> Connection:
        return self._at(self.base_url, secret)

    def unreachable(self) -> Connection:
        return self._at(NOBODY, self.secret)

    def _at(self, base_url: str, secret: str) -> Connection:
        settings = {
            "base_url": base_url,
            "token_url": f"{base_url}/token",
            "channel_id": BRAND,
            "client_id": CLIENT,
        }
        secrets = {
            "YOUTUBE_CARE_CLIENT_SECRET": CLIENT_SECRET,
            "YOUTUBE_CARE_REFRESH_TOKEN": secret,
        }
        connection = youtube.connect("care", settings, secrets, host=a_host(now))
        self.opened.callback(connection.close)
        return connection

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        assert not private
        return self.net.comment(text, under=under)

    def echo(self) -> None:
        self.net.comment("@brightleaf this is ours", BRAND)

    def edit(self, message: str, text: str) -> None:
        self.net.edit(message, text, now() + timedelta(seconds=1))

    def delete(self, message: str) -> None:
        self.net.delete(message)

    def arrivals(self) -> list[Event]:
        assert self.connection.poller
        page = self.connection.poller.poll(self._cursor)
        self._cursor = page.cursor
        assert not page.more
        return list(page.events)

    def hidden(self) -> set[str]:
        return {id_ for id_, one in self.net.comments.items() if one["status"] == "heldForReview"}

    def answers(self) -> Sequence[Answer]:
        comments = self.net.comments
        return [
            Answer(
                id=id_,
                text=one["text"],
                to=HANDLES[comments[one["parent"]]["author"]].removeprefix("@"),
                in_reply_to=one["parent"],
                private=False,
            )
            for id_, one in comments.items()
            if one["author"] == BRAND and one["parent"]
        ]

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        method = "POST /comments"
        fault = Fault(target="network", method=method, kind=kind, retry_after=retry_after)
        self.net.faults.add(fault)


@contextmanager
def a_youtube_world() -> Iterator[World]:
    net = YouTube(clock=now)
    with Loopback(Starlette(routes=net.routes)) as server, ExitStack() as opened:
        yield YouTubeWorld(net, opened, server.url)
