"""Meta's networks on loopback at a time of our own, for tests of what only they have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.routing import Mount

from inbox.message import Draft, Event, Message, Posted, Sent, Visibility
from inbox.ports import Connection, Host
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.meta import Meta, meta
from sandbox.meta.accounts import people
from sandbox.meta.world import US
from tests.contract.meta_worlds import Kind, connected, delivered
from tests.hosts import FakeKeep, FakeMeter
from tests.servers import Loopback

START = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Town:
    """Meta's networks at a time of our own."""

    net: Meta
    faults: Faults
    base: str
    opened: ExitStack
    clock: list[datetime]
    keep: FakeKeep = field(default_factory=FakeKeep)

    def account(self, kind: Kind, **settings: Any) -> Connection:
        """An account; a second one of a kind is the same after a restart."""
        host = Host(clock=lambda: self.clock[0], meter=FakeMeter(), keep=self.keep)
        connection = connected(kind, self.base, host, **settings)
        self.opened.callback(connection.close)
        return connection

    def act(self, network: str, who: str = "ana", type: str = "post", **more: object) -> str:  # noqa: A002
        done = self.net.act({"as": who, "network": network, "type": type, **more})
        assert done
        return done

    def comes(self, connection: Connection) -> list[Event]:
        return delivered(self.net, connection, self.clock[0])

    def one(self, connection: Connection) -> Message:
        (event,) = self.comes(connection)
        assert isinstance(event, Posted)
        return event.message

    def later(self, **time: float) -> None:
        self.clock[0] += timedelta(**time)

    def ours(self, network: str) -> list[dict[str, Any]]:
        """Answers in our name, oldest first."""
        found = [o for o in self.net.dump() if (o["network"], o["author"]) == (network, US)]
        return [one for one in found if "to" in one or one["in_reply_to_id"] is not None]


@contextmanager
def a_meta_town() -> Iterator[Town]:
    clock = [START]
    faults = Faults()
    net = meta(Feed(), faults, clock=lambda: clock[0].timestamp(), persons=people())  # noqa: PLW0108
    app = Starlette(routes=[Mount("/meta", routes=net.routes)])
    with Loopback(app) as server, ExitStack() as opened:
        yield Town(net, faults, f"{server.url}/meta", opened, clock)


def in_public(message: Message, text: str = "We are on it.", **more: object) -> Draft:
    draft = Draft(
        account=message.ref.at(),
        conversation=message.conversation,
        in_reply_to=message.ref,
        to=message.author,
        text=text,
        visibility=message.visibility,
        native=message.native,
    )
    return replace(draft, **more)


def in_private(connection: Connection, message: Message, text: str = "Tell us here.") -> Draft:
    assert connection.private
    return replace(
        in_public(message, text),
        conversation=connection.private.conversation_with(message.author),
        visibility=Visibility.PRIVATE,
        in_reply_to=None,
        about=message.ref,
    )


def send(connection: Connection, draft: Draft, key: str = "k-1") -> Sent:
    if draft.visibility is Visibility.PRIVATE:
        assert connection.private
        return connection.private.message(draft, key=key)
    assert connection.public
    return connection.public.reply(draft, key=key)
