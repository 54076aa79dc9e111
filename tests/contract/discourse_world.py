"""A Discourse forum, as the contract suite wants to see it: polled, and with its webhook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette

from inbox.message import Event
from inbox.ports import Connection, Request
from integrations.discourse import integration as discourse
from tests.contract.polled import Polled
from tests.contract.worlds import Answer, World, now
from tests.hosts import a_host
from tests.networks.discourse import ANA, BRAND, KEY, SECRET, Discourse, Json, signed
from tests.servers import Loopback


@dataclass(kw_only=True)
class DiscourseWorld(Polled):
    """`polls`: the webhook is there, and what comes in is polled all the same."""

    net: Discourse
    polls: bool
    secret: str = KEY

    def connect(self, base_url: str, secret: str) -> Connection:
        settings: dict[str, object] = {
            "base_url": base_url,
            "username": BRAND,
            "webhook": True,
            "wait_for_community": "0s",
            "min_length": 1,
            "requests_per_minute": 1000,
        }
        secrets = {"DISCOURSE_CARE_API_KEY": secret, "DISCOURSE_CARE_WEBHOOK_SECRET": SECRET}
        return discourse.connect("care", settings, secrets, host=a_host(now))

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        if under is not None:
            topic, _, number = under.partition("/")
            return _name(self.net.reply(int(topic), text, to=int(number)))
        return _name(self.net.topic(text, to=BRAND if private else ""))

    def echo(self) -> None:
        self.net.topic(f"@{BRAND} this is ours", BRAND)

    def edit(self, message: str, text: str) -> None:
        post = self.net.at(message)
        self.net.topics[post["topic_id"]].title = text
        self.net.edit(post, text)

    def delete(self, message: str) -> None:
        self.net.delete(self.net.at(message))

    def arrivals(self) -> list[Event]:
        return self.polled() if self.polls else self._delivered()

    def _delivered(self) -> list[Event]:
        assert self.connection.receiver
        events: list[Event] = []
        while self.net.queue:
            request = self.net.queue.pop(0)
            self.connection.receiver.verify(request)
            events += self.connection.receiver.parse(request)
        return events

    def delivery(self) -> Request:
        return signed("post_created", {"post": {"id": 1}})

    def answers(self) -> Sequence[Answer]:
        return [
            self._answer(post)
            for post in self.net.posts.values()
            if post["username"] == BRAND and "this is ours" not in post["raw"]
        ]

    def _answer(self, post: Json) -> Answer:
        topic = self.net.topics[post["topic_id"]]
        above = f"{topic.id}/{post['reply_to_post_number'] or 1}"
        reader = next(iter(topic.readers - {BRAND}), "") if topic.private else ANA
        return Answer(
            id=_name(post),
            text=post["raw"],
            to=reader,
            in_reply_to=None if topic.private else above,
            private=topic.private,
        )

    def liked(self) -> set[str]:
        return {_name(self.net.posts[id_]) for id_ in self.net.liked}


@contextmanager
def _a_world(*, polls: bool) -> Iterator[World]:
    net = Discourse(clock=now, least=1)
    with Loopback(Starlette(routes=net.routes)) as server, ExitStack() as opened:
        yield DiscourseWorld(
            net=net, faults=net.faults, opened=opened, base_url=server.url, polls=polls
        )


def a_discourse_world() -> AbstractContextManager[World]:
    return _a_world(polls=True)


def a_discourse_world_of_webhooks() -> AbstractContextManager[World]:
    return _a_world(polls=False)


def _name(post: Json) -> str:
    return f"{post['topic_id']}/{post['post_number']}"
