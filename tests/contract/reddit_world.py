"""Reddit, with a brand's subreddit and people who write there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette

from inbox.ports import Connection
from integrations.reddit import integration as reddit
from tests.contract.polled import Polled
from tests.contract.worlds import Answer, World, now
from tests.hosts import a_host
from tests.networks.reddit import BRAND, CLIENT, CLIENT_SECRET, PASSWORD, SUB, Reddit
from tests.servers import Loopback


@dataclass(kw_only=True)
class RedditWorld(Polled):
    net: Reddit
    secret: str = PASSWORD
    sends: tuple[str, ...] = ("write",)

    def connect(self, base_url: str, secret: str) -> Connection:
        settings = {
            "username": BRAND,
            "client_id": CLIENT,
            "subreddits": [SUB],
            "moderator": True,
            "oauth_url": base_url,
            "reddit_url": base_url,
        }
        secrets = {"REDDIT_CARE_CLIENT_SECRET": CLIENT_SECRET, "REDDIT_CARE_PASSWORD": secret}
        return reddit.connect("care", settings, secrets, host=a_host(now))

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        return self.net.letter(text) if private else self.net.comment(text, under=under or "")

    def echo(self) -> None:
        self.net.post("u/Brightleaf, this is ours", BRAND)

    def edit(self, message: str, text: str) -> None:
        self.net.edit(message, text, now())

    def delete(self, message: str) -> None:
        self.net.delete(message)

    def hidden(self) -> set[str]:
        return self.net.removed

    def answers(self) -> Sequence[Answer]:
        return [self._answer(one) for one in self.net.things.values() if self._is_answer(one)]

    def _is_answer(self, one: dict[str, object]) -> bool:
        return one["author"] == BRAND and not str(one["name"]).startswith("t3_")

    def _answer(self, one: dict[str, object]) -> Answer:
        private, parent = str(one["name"]).startswith("t4_"), one["parent_id"]
        to = one["dest"] if private else self.net.things[str(parent)]["author"]
        return Answer(
            id=str(one["name"]),
            text=str(one["body"]),
            to=str(to),
            in_reply_to=str(parent) if parent else None,
            private=private,
        )


@contextmanager
def a_reddit_world() -> Iterator[World]:
    net = Reddit(clock=now)
    with Loopback(Starlette(routes=net.routes)) as server, ExitStack() as opened:
        yield RedditWorld(net=net, faults=net.faults, opened=opened, base_url=server.url)
