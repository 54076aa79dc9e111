"""Reddit, with a brand's subreddit and people who write there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette

from inbox.message import Event
from inbox.ports import Connection
from integrations.reddit import integration as reddit
from sandbox.faults import Fault
from tests.contract.worlds import NOBODY, Answer, World, now
from tests.hosts import a_host
from tests.networks.reddit import BRAND, CLIENT, CLIENT_SECRET, PASSWORD, SUB, Reddit
from tests.servers import Loopback


@dataclass
class RedditWorld:
    net: Reddit
    opened: ExitStack
    base_url: str
    secret: str = PASSWORD
    tells = frozenset({"edits", "deletions"})

    def __post_init__(self) -> None:
        self.connection = self.with_secret(self.secret)
        self._cursor: str | None = None
        self.arrivals()

    def with_secret(self, secret: str) -> Connection:
        return self._at(self.base_url, secret)

    def unreachable(self) -> Connection:
        return self._at(NOBODY, self.secret)

    def _at(self, url: str, secret: str) -> Connection:
        settings = {
            "username": BRAND,
            "client_id": CLIENT,
            "subreddits": [SUB],
            "moderator": True,
            "oauth_url": url,
            "reddit_url": url,
        }
        secrets = {"REDDIT_CARE_CLIENT_SECRET": CLIENT_SECRET, "REDDIT_CARE_PASSWORD": secret}
        connection = reddit.connect("care", settings, secrets, host=a_host(now))
        self.opened.callback(connection.close)
        return connection

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        return self.net.letter(text) if private else self.net.comment(text, under=under or "")

    def echo(self) -> None:
        self.net.post("u/Brightleaf, this is ours", BRAND)

    def edit(self, message: str, text: str) -> None:
        self.net.edit(message, text, now())

    def delete(self, message: str) -> None:
        self.net.delete(message)

    def arrivals(self) -> list[Event]:
        assert self.connection.poller
        page = self.connection.poller.poll(self._cursor)
        self._cursor = page.cursor
        return list(page.events)

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

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        fault = Fault(target="network", method="write", kind=kind, retry_after=retry_after)
        self.net.faults.add(fault)


@contextmanager
def a_reddit_world() -> Iterator[World]:
    net = Reddit(clock=now)
    with Loopback(Starlette(routes=net.routes)) as server, ExitStack() as opened:
        yield RedditWorld(net, opened, server.url)
