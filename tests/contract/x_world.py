"""X with a brand and people on it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import Mount

from inbox.ports import Connection, Request
from integrations.x import integration
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.x import X, activity, x
from sandbox.x.accounts import BRAND, CONSUMER_KEY, CONSUMER_SECRET, TOKENS
from tests.contract.polled import Polled
from tests.contract.worlds import Answer, World, now
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


@dataclass(kw_only=True)
class XWorld(Polled):
    net: X
    secret: str = SECRET
    target = "x"
    sends: tuple[str, ...] = ("POST /2/tweets", "POST /2/dm_conversations/with/{id}/messages")

    def connect(self, base_url: str, secret: str) -> Connection:
        settings = {
            "base_url": base_url,
            "handle": "@brightleaf",
            "webhook": True,
            "per_day": "100",
        }
        return integration.connect("care", settings, secrets(secret), host=a_host(now))

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
        yield XWorld(net=net, faults=faults, opened=opened, base_url=f"{server.url}/x")
