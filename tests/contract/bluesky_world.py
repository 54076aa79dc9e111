"""Bluesky, as the contract suite wants to see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette

from inbox.message import Event
from inbox.ports import Connection
from integrations.bluesky import integration as bluesky
from sandbox.faults import Fault
from tests.contract.worlds import NOBODY, Answer, World, now
from tests.hosts import a_host
from tests.networks.bluesky import ANA, BRAND, GATES, HANDLES, LIKES, PASSWORD, POSTS, Bluesky
from tests.servers import Loopback


@dataclass
class BlueskyWorld:
    net: Bluesky
    opened: ExitStack
    base_url: str
    secret: str = PASSWORD
    tells = frozenset({"deletions"})

    def __post_init__(self) -> None:
        self._ours = self.net.post("News from our workshop", BRAND)
        self.connection = self.with_secret(self.secret)
        self._cursor: str | None = None
        self.arrivals()

    def with_secret(self, secret: str) -> Connection:
        return self._at(self.base_url, secret)

    def unreachable(self) -> Connection:
        return self._at(NOBODY, self.secret)

    def _at(self, base_url: str, secret: str) -> Connection:
        settings = {"base_url": base_url, "identifier": HANDLES[BRAND]}
        secrets = {"BLUESKY_CARE_PASSWORD": secret}
        connection = bluesky.connect("care", settings, secrets, host=a_host(now))
        self.opened.callback(connection.close)
        return connection

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

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        fault = Fault(target="network", method="send", kind=kind, retry_after=retry_after)
        self.net.faults.add(fault)


@contextmanager
def a_bluesky_world() -> Iterator[World]:
    net = Bluesky(clock=now)
    with Loopback(Starlette(routes=net.routes)) as server, ExitStack() as opened:
        yield BlueskyWorld(net, opened, server.url)
