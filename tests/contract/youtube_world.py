"""YouTube, with a channel and people who comment on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from starlette.applications import Starlette

from inbox.ports import Connection
from integrations.youtube import integration as youtube
from tests.contract.polled import Polled
from tests.contract.worlds import Answer, World, now
from tests.hosts import a_host
from tests.networks.google import CLIENT, CLIENT_SECRET, REFRESH_TOKEN
from tests.networks.youtube import BRAND, HANDLES, YouTube
from tests.servers import Loopback


@dataclass(kw_only=True)
class YouTubeWorld(Polled):
    net: YouTube
    secret: str = REFRESH_TOKEN
    sends: tuple[str, ...] = ("POST /comments",)

    def connect(self, base_url: str, secret: str) -> Connection:
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
        return youtube.connect("care", settings, secrets, host=a_host(now))

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        assert not private
        return self.net.comment(text, under=under)

    def echo(self) -> None:
        self.net.comment("@brightleaf this is ours", BRAND)

    def edit(self, message: str, text: str) -> None:
        self.net.edit(message, text, now() + timedelta(seconds=1))

    def delete(self, message: str) -> None:
        self.net.delete(message)

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


@contextmanager
def a_youtube_world() -> Iterator[World]:
    net = YouTube(clock=now)
    with Loopback(Starlette(routes=net.routes)) as server, ExitStack() as opened:
        yield YouTubeWorld(net=net, faults=net.faults, opened=opened, base_url=server.url)
