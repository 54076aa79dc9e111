"""Meta's networks, as the contract suite wants to see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.applications import Starlette
from starlette.routing import Mount

from inbox.message import Event
from inbox.ports import Connection, Host, Integration, Request
from integrations.facebook import integration as facebook
from integrations.instagram import integration as instagram
from integrations.threads import integration as threads
from integrations.whatsapp import integration as whatsapp
from sandbox.faults import Fault, Faults
from sandbox.feed import Feed
from sandbox.meta import Meta, meta
from sandbox.meta.accounts import (
    APP,
    APP_SECRET,
    INSTAGRAM,
    INSTAGRAM_NAME,
    PAGE,
    PHONE,
    THREADS,
    THREADS_NAME,
    VERIFY_TOKEN,
    people,
)
from sandbox.meta.hooks import Delivery
from sandbox.meta.world import US
from sandbox.network.accounts import CUSTOMERS
from tests.contract.worlds import NOBODY, Answer, World, now
from tests.hosts import a_host
from tests.servers import Loopback

ANA = replace(CUSTOMERS[0], display_name="ana")
"""On Facebook people have names and no handles."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One of Meta's networks: its settings, its token, and what its answers are posted to."""

    integration: Integration
    token: str
    host: str
    settings: Mapping[str, object]
    sends: tuple[str, ...]
    tells: frozenset[str] = frozenset({"deletions"})


FACEBOOK = Kind(
    integration=facebook,
    token="sandbox-page-token",
    host="graph",
    settings={"page_id": PAGE, "app_id": APP, "human_agent": True},
    sends=("POST comment/comments", "POST page/messages"),
    tells=frozenset({"edits", "deletions"}),
)
INSTAGRAM_ITSELF = Kind(
    integration=instagram,
    token="sandbox-instagram-token",
    host="instagram",
    settings={"account_id": INSTAGRAM, "username": INSTAGRAM_NAME, "human_agent": True},
    sends=("POST ig_comment/replies", "POST instagram/messages"),
)
WHATSAPP = Kind(
    integration=whatsapp,
    token="sandbox-whatsapp-token",
    host="graph",
    settings={"phone_number_id": PHONE},
    sends=("POST phone/messages",),
    tells=frozenset(),
)
THREADS_ITSELF = Kind(
    integration=threads,
    token="sandbox-threads-token",
    host="threads",
    settings={"user_id": THREADS, "username": THREADS_NAME},
    sends=("POST threads/threads_publish",),
)


def connected(
    kind: Kind, base: str, host: Host, *, secret: str | None = None, **settings: object
) -> Connection:
    """An account `care` of a network at the sandbox mounted at `base`."""
    name = kind.integration.name.upper()
    secrets = {
        f"{name}_CARE_TOKEN": secret or kind.token,
        f"{name}_CARE_APP_SECRET": APP_SECRET,
        f"{name}_CARE_VERIFY_TOKEN": VERIFY_TOKEN,
    }
    data = {"graph_base": f"{base}/{kind.host}", **kind.settings, **settings}
    return kind.integration.connect("care", data, secrets, host=host)


def delivered(net: Meta, connection: Connection, at: datetime) -> list[Event]:
    """What the webhooks that wait bring to an account."""
    assert connection.receiver
    events: list[Event] = []
    for delivery in net.hooks.take():
        request = inbound(delivery, at)
        connection.receiver.verify(request)
        events += connection.receiver.parse(request)
    return events


def inbound(delivery: Delivery, at: datetime) -> Request:
    return Request(
        method="POST",
        query={},
        headers=delivery.headers,
        body=delivery.body,
        received_at=at,
    )


@dataclass
class MetaWorld:
    kind: Kind
    net: Meta
    faults: Faults
    opened: ExitStack
    base: str

    def __post_init__(self) -> None:
        self.secret = self.kind.token
        self.tells = self.kind.tells
        self.network = self.kind.integration.name
        self.net.hooks.callbacks[self.network] = "https://desk.example/webhooks"
        self.connection = self.with_secret(self.secret)

    def with_secret(self, secret: str) -> Connection:
        return self._at(self.base, secret)

    def unreachable(self) -> Connection:
        return self._at(NOBODY, self.secret)

    def _at(self, base: str, secret: str) -> Connection:
        connection = connected(self.kind, base, a_host(now), secret=secret)
        self.opened.callback(connection.close)
        return connection

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        visibility = "direct" if private else "public"
        return self._act("ana", text, visibility=visibility, in_reply_to_id=under)

    def echo(self) -> None:
        """A post of the brand; on WhatsApp, which has none, an answer that we sent ourselves."""
        if self.network == "whatsapp":
            self.net.world.letter("whatsapp", "ana", "ours", ours=True, app=APP)
        else:
            self._act(US, "@brightleaf this is ours")
            self._act(US, "and this stands under it")

    def edit(self, message: str, text: str) -> None:
        self._act("ana", text, type="edit", id=message)

    def delete(self, message: str) -> None:
        self._act("ana", "", type="delete", id=message)

    def hidden(self) -> set[str]:
        return {one.id for one in self.net.world.comments.values() if one.hidden}

    def liked(self) -> set[str]:
        return {one.id for one in self.net.world.comments.values() if one.liked}

    def question(self, *, right: bool) -> Request:
        token = VERIFY_TOKEN if right else "not-our-token"
        query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "115"}
        return Request(method="GET", query=query, headers={}, body=b"", received_at=now())

    def delivery(self) -> Request:
        self.write("Hello")
        return inbound(self.net.hooks.take()[0], now())

    def arrivals(self) -> list[Event]:
        return delivered(self.net, self.connection, now())

    def answers(self) -> Sequence[Answer]:
        """What stands in our name and was not written by hand."""
        found = self.net.dump()
        authors = {one["id"]: one["author"] for one in found}
        return [
            Answer(
                id=one["id"],
                text=one["text"],
                to=one.get("to") or authors[one["in_reply_to_id"]],
                in_reply_to=one["in_reply_to_id"],
                private=one["visibility"] == "direct",
            )
            for one in found
            if (one["network"], one["author"]) == (self.network, US)
            and (one.get("to") or authors.get(one["in_reply_to_id"]) == "ana")
        ]

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        for method in self.kind.sends:
            self.faults.add(Fault(target="meta", method=method, kind=kind, retry_after=retry_after))

    def _act(self, who: str, text: str, **more: object) -> str:
        act = {"as": who, "network": self.network, "type": "post", "text": text, **more}
        done = self.net.act(act)
        assert done
        return done


def _world(kind: Kind) -> Callable[[], Iterator[World]]:
    def opened() -> Iterator[World]:
        faults = Faults()
        net = meta(Feed(), faults, persons=people((ANA,)))
        app = Starlette(routes=[Mount("/meta", routes=net.routes)])
        with Loopback(app) as server, ExitStack() as stack:
            yield MetaWorld(kind, net, faults, stack, f"{server.url}/meta")

    return opened


a_facebook_world = contextmanager(_world(FACEBOOK))
an_instagram_world = contextmanager(_world(INSTAGRAM_ITSELF))
a_whatsapp_world = contextmanager(_world(WHATSAPP))
a_threads_world = contextmanager(_world(THREADS_ITSELF))
