"""X on loopback with a brand's account on it, for tests: time stands until a test moves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount

from inbox.budget import Purse
from inbox.message import (
    Account,
    Deleted,
    Draft,
    Echoed,
    Edited,
    Event,
    Message,
    Posted,
    Visibility,
)
from inbox.ports import Connection, Host, Request
from integrations.x import XSettings, integration, wire
from integrations.x.convert import Eyes
from integrations.x.till import Till, budget
from sandbox.faults import Fault, Faults
from sandbox.feed import Feed
from sandbox.x import X, x
from sandbox.x.accounts import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from tests.contract.x_world import secrets
from tests.hosts import FakeKeep, FakeMeter
from tests.house import Clock
from tests.servers import Loopback

CARE = Account("x", "care")
ME = wire.User(id="1111111111111111111", username="brightleaf", name="Brightleaf")
EYES = Eyes(account=CARE, me=ME, web_url="https://x.com")
"""How the brand sees what X recorded."""
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)

OAUTH2 = {
    "X_CARE_CLIENT_ID": CLIENT_ID,
    "X_CARE_CLIENT_SECRET": CLIENT_SECRET,
    "X_CARE_REFRESH_TOKEN": REFRESH_TOKEN,
}


@dataclass
class Town:
    """`connection` is the account; `cursor` is where its next poll goes on."""

    net: X
    faults: Faults
    clock: Clock
    base_url: str
    meter: FakeMeter = field(default_factory=FakeMeter)
    keep: FakeKeep = field(default_factory=FakeKeep)
    cursor: str | None = None
    opened: list[Connection] = field(default_factory=list)

    def open(self, given: Mapping[str, str] | None = None, **settings: Any) -> Connection:
        """The account with these settings, as after a start of the product."""
        host = Host(clock=self.clock, meter=self.meter, keep=self.keep)
        data = {"base_url": self.base_url, **settings}
        connection = integration.connect("care", data, given or secrets(), host=host)
        self.opened.append(connection)
        return connection

    @property
    def connection(self) -> Connection:
        return self.opened[-1]

    def write(self, text: str, who: str = "ana", **more: Any) -> str:
        return self.act(who, "post", text=text, **more)

    def act(self, who: str, kind: str, **more: Any) -> str:
        done = self.net.act({"as": who, "type": kind, **more})
        assert done, f"{who} could not {kind}"
        return done

    def poll(self) -> list[Event]:
        """All that comes until nothing more does."""
        assert self.connection.poller
        events: list[Event] = []
        more = True
        while more:
            page = self.connection.poller.poll(self.cursor)
            self.cursor, more = page.cursor, page.more
            events += page.events
        return events

    def fault(self, method: str, kind: str, **more: Any) -> None:
        self.faults.add(Fault(target="x", method=method, kind=kind, **more))

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [one for one in self.net.journal.calls() if one["method"] == method]

    def answers(self) -> list[dict[str, Any]]:
        return [one for one in self.net.dump() if one["through_api"]]

    def draft(self, message: Message, text: str = "We are on it.", **fields: Any) -> Draft:
        plain: dict[str, Any] = {
            "account": self.connection.account,
            "conversation": message.conversation,
            "in_reply_to": message.ref,
            "to": message.author,
            "text": text,
            "visibility": message.visibility,
            "native": message.native,
        }
        return Draft(**plain | fields)

    def private(self, message: Message, text: str = "Tell us more.") -> Draft:
        return self.draft(message, text, visibility=Visibility.PRIVATE)


def message_of(event: Event) -> Message:
    assert isinstance(event, Posted | Edited | Echoed)
    return event.message


def texts(events: list[Event]) -> list[str]:
    return [e.message.text for e in events if not isinstance(e, Deleted) and hasattr(e, "message")]


@contextmanager
def a_town(*, generous: int = 1) -> Iterator[Town]:
    clock = Clock(datetime.now(UTC).replace(microsecond=0))
    faults = Faults()
    net = x(Feed(), faults, clock=lambda: clock().timestamp(), generous=generous)
    with Loopback(Starlette(routes=[Mount("/x", routes=net.routes)])) as server:
        town = Town(net, faults, clock, f"{server.url}/x")
        try:
            yield town
        finally:
            for connection in town.opened:
                connection.close()


def a_till(settings: XSettings | None = None, meter: FakeMeter | None = None) -> Till:
    settings = settings or XSettings()
    purse = Purse(budget=budget(settings), meter=meter or FakeMeter(), clock=lambda: NOW)
    return Till(settings.prices, purse, settings.owns_app)


def a_delivery(body: bytes, **headers: str) -> Request:
    return Request(method="POST", query={}, headers=headers, body=body, received_at=NOW)
