"""Mastodon with a brand and people on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import Mount

from inbox.ports import Connection
from integrations.mastodon import integration as mastodon
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.network import Network, network
from tests.contract.polled import Polled
from tests.contract.worlds import Answer, World, now
from tests.hosts import a_host
from tests.servers import Loopback

TOKEN = "sandbox-brand-token"


@dataclass(kw_only=True)
class MastodonWorld(Polled):
    net: Network
    secret: str = TOKEN
    sends: tuple[str, ...] = ("POST /api/v1/statuses",)

    def connect(self, base_url: str, secret: str) -> Connection:
        settings = {"base_url": base_url, "handle": "brightleaf"}
        secrets = {"MASTODON_CARE_TOKEN": secret}
        return mastodon.connect("care", settings, secrets, host=a_host(now))

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        visibility = "direct" if private else "public"
        return self._act("ana", text, visibility=visibility, in_reply_to_id=under)

    def echo(self) -> None:
        self._act("brightleaf", "@brightleaf this is ours", visibility="public")

    def edit(self, message: str, text: str) -> None:
        assert self.net.act({"as": "ana", "type": "edit", "id": message, "text": text})

    def delete(self, message: str) -> None:
        assert self.net.act({"as": "ana", "type": "delete", "id": message})

    def liked(self) -> set[str]:
        statuses = self.net.world.statuses
        return {str(n) for n, one in statuses.items() if "brightleaf" in one.favourited_by}

    def answers(self) -> Sequence[Answer]:
        return [
            Answer(
                id=one["id"],
                text=one["text"].removeprefix("@ana "),
                to="ana" if "@ana" in one["text"] else "",
                in_reply_to=one["in_reply_to_id"],
                private=one["visibility"] == "direct",
            )
            for one in self.net.dump()
            if one["author"] == "brightleaf" and one["idempotency_key"]
        ]

    def _act(self, who: str, text: str, **more: object) -> str:
        done = self.net.act({"as": who, "type": "post", "text": text, **more})
        assert done
        return done


@contextmanager
def a_mastodon_world() -> Iterator[World]:
    faults = Faults()
    net = network(Feed(), faults)
    with (
        Loopback(Starlette(routes=[Mount("/mastodon", routes=net.routes)])) as server,
        ExitStack() as opened,
    ):
        yield MastodonWorld(
            net=net, faults=faults, opened=opened, base_url=f"{server.url}/mastodon"
        )
