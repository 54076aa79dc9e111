"""Bluesky, as the contract suite wants to see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette

from inbox.ports import Connection
from integrations.bluesky import integration as bluesky
from tests.contract.polled import Polled
from tests.contract.worlds import Answer, World, now
from tests.hosts import a_host
from tests.networks.bluesky import ANA, BRAND, GATES, HANDLES, LIKES, PASSWORD, POSTS, Bluesky
from tests.servers import Loopback


@dataclass(kw_only=True)
class BlueskyWorld(Polled):
    net: Bluesky
    secret: str = PASSWORD
    tells = frozenset({"deletions"})

    def __post_init__(self) -> None:
        self._ours = self.net.post("News from our workshop", BRAND)
        super().__post_init__()

    def connect(self, base_url: str, secret: str) -> Connection:
        settings = {"base_url": base_url, "identifier": HANDLES[BRAND]}
        secrets = {"BLUESKY_CARE_PASSWORD": secret}
        return bluesky.connect("care", settings, secrets, host=a_host(now))

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        if private:
            return self.net.chats.say(text, ANA)
        return self.net.post(text, under=under or self._ours)

    def echo(self) -> None:
        self.net.mention("this is ours", BRAND)

    def edit(self, message: str, text: str) -> None:
        self.net.records[message].value["text"] = text

    def hidden(self) -> set[str]:
        gates = [one.value for one in self.net.records.values() if f"/{GATES}/" in one.uri]
        return {uri for gate in gates for uri in gate["hiddenReplies"]}

    def liked(self) -> set[str]:
        likes = [one.value for one in self.net.records.values() if f"/{LIKES}/" in one.uri]
        return {like["subject"]["uri"] for like in likes}

    def delete(self, message: str) -> None:
        self.net.delete(message)

    def answers(self) -> Sequence[Answer]:
        return [*self._public(), *self._private()]

    def _public(self) -> Iterator[Answer]:
        for one in self.net.records.values():
            if one.did == BRAND and f"/{POSTS}/" in one.uri and "reply" in one.value:
                parent = one.value["reply"]["parent"]["uri"]
                to = HANDLES[parent.split("/")[2]].partition(".")[0]
                text = one.value["text"]
                yield Answer(id=one.uri, text=text, to=to, in_reply_to=parent, private=False)

    def _private(self) -> Iterator[Answer]:
        for convo in self.net.chats.convos.values():
            for said in convo["said"]:
                if said["sender"]["did"] == BRAND:
                    to = HANDLES[convo["other"]].partition(".")[0]
                    id_ = f"{convo['id']}/{said['id']}"
                    text = said["text"]
                    yield Answer(id=id_, text=text, to=to, in_reply_to=None, private=True)


@contextmanager
def a_bluesky_world() -> Iterator[World]:
    net = Bluesky(clock=now)
    with Loopback(Starlette(routes=net.routes)) as server, ExitStack() as opened:
        yield BlueskyWorld(net=net, faults=net.faults, opened=opened, base_url=server.url)
