"""X with a brand and people on it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import Mount

from inbox.message import Event
from inbox.ports import Connection, Request
from integrations.x import integration
from sandbox.faults import Fault, Faults
from sandbox.feed import Feed
from sandbox.x import X, activity, x
from sandbox.x.accounts import BRAND, CONSUMER_KEY, CONSUMER_SECRET, TOKENS
from tests.contract.worlds import NOBODY, Answer, World, now
from tests.hosts import a_host
from tests.servers import Loopback

TOKEN = f"{BRAND.id}-sandbox"
SECRET = TOKENS[TOKEN].secret


def secrets(secret: str = SECRET, account: str = "CARE") -> dict[str, str]:
    return {
        f"X_{account}_CONSUMER_KEY": CONSUMER_KEY,
        f"X_{account}_CONSUMER_SECRET": CONSUMER_SECRET,
        f"X_{account}_ACCESS_TOKEN": TOKEN,
        f"X_{account}_ACCESS_SECRET": secret,
    }


@dataclass
class XWorld:
    net: X
    faults: Faults
    opened: ExitStack
    base_url: str
    secret: str = SECRET
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
            "handle": "@brightleaf",
            "webhook": True,
            "per_day": "100",
        }
        connection = integration.connect("care", settings, secrets(secret), host=a_host(now))
        self.opened.callback(connection.close)
        return connection

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        if private:
            return self._act("ana", type="message", text=text)
        above = under or self.net.brand_posts["fern"]
        return self._act("ana", type="post", text=text, in_reply_to_id=above)

    def echo(self) -> None:
        self._act("brightleaf", type="post", text="@brightleaf this is ours")

    def edit(self, message: str, text: str) -> None:
        self._act("ana", type="edit", id=message, text=text)

    def delete(self, message: str) -> None:
        self._act("ana", type="delete", id=message)

    def arrivals(self) -> list[Event]:
        assert self.connection.poller
        events: list[Event] = []
        more = True
        while more:
            page = self.connection.poller.poll(self._cursor)
            self._cursor, more = page.cursor, page.more
            events += page.events
        return events

    def answers(self) -> Sequence[Answer]:
        found = [one for one in self.net.dump() if one["through_api"]]
        authors = {one["id"]: one["author"] for one in self.net.dump()}
        return [
            Answer(
                id=one["id"] if one["visibility"] == "public" else f"message:{one['id']}",
                text=one["text"].removeprefix("@ana "),
                to=one.get("to") or authors[one["in_reply_to_id"]],
                in_reply_to=one["in_reply_to_id"],
                private=one["visibility"] == "private",
            )
            for one in found
        ]

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        for method in ("POST /2/tweets", "POST /2/dm_conversations/with/{id}/messages"):
            self.faults.add(Fault(target="x", method=method, kind=kind, retry_after=retry_after))

    def hidden(self) -> set[str]:
        return {one["id"] for one in self.net.dump() if one.get("hidden")}

    def question(self, *, right: bool) -> Request:
        """X proves nothing when it asks: a question that is wrong is one without a token."""
        token = {"crc_token": "a-token-of-x" if right else ""}
        return Request(method="GET", query=token, headers={}, body=b"", received_at=now())

    def delivery(self) -> Request:
        post = self.net.world.posts[int(self.write("As it is delivered"))]
        event = activity.posted(post, self.net.world, "post.reply.create")
        body = json.dumps(event).encode()
        headers = {"x-twitter-webhooks-signature": activity.signature(body, CONSUMER_SECRET)}
        return Request(method="POST", query={}, headers=headers, body=body, received_at=now())

    def _act(self, who: str, **act: object) -> str:
        done = self.net.act({"as": who, **act})
        assert done
        return done


@contextmanager
def an_x_world() -> Iterator[World]:
    faults = Faults()
    net = x(Feed(), faults)
    net.webhooks["https://desk.example/webhooks/x/care"] = True
    with (
        Loopback(Starlette(routes=[Mount("/x", routes=net.routes)])) as server,
        ExitStack() as opened,
    ):
        yield XWorld(net, faults, opened, f"{server.url}/x")
