"""One account on a small Bluesky, which may come back as a new process, for tests."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from msgspec.structs import replace
from starlette.applications import Starlette

from inbox.message import Draft, Event, Message, Posted, Visibility
from inbox.ports import Connection, Host, Poller
from integrations.bluesky import integration
from tests.hosts import FakeKeep, a_host
from tests.networks.bluesky import BRAND, HANDLES, PASSWORD, Bluesky
from tests.servers import Loopback

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
EVER = {"import_since": "2020-01-01T00:00:00Z"}
LOGIN = "com.atproto.server.createSession"
REFRESH = "com.atproto.server.refreshSession"


class Watch:
    """The time of a test, moved by it."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


class Town:
    """A Bluesky, and one account on it that may come back as a new process with the same keep."""

    def __init__(self, opened: ExitStack, **net: object) -> None:
        self.net = Bluesky(clock=lambda: BEGIN, **net)  # type: ignore[arg-type]  # its own fields
        self.url = opened.enter_context(Loopback(Starlette(routes=self.net.routes))).url
        self.watch = Watch()
        self.host: Host = dataclasses.replace(a_host(self.watch), keep=FakeKeep())

    @contextmanager
    def account(self, password: str = PASSWORD, **settings: object) -> Iterator[Connection]:
        data = {"base_url": self.url, "identifier": HANDLES[BRAND], **settings}
        secrets = {"BLUESKY_CARE_PASSWORD": password}
        connection = integration.connect("care", data, secrets, host=self.host)
        try:
            yield connection
        finally:
            connection.close()

    def logins(self) -> int:
        return self.net.calls.count(LOGIN)


Towns = Callable[..., Town]


def towns() -> Iterator[Towns]:
    """What a fixture yields: makes towns, whose servers end with the test."""
    with ExitStack() as opened:
        yield lambda **net: Town(opened, **net)


def drained(connection: Connection, cursor: str | None = None) -> tuple[list[Event], str]:
    assert connection.poller
    events: list[Event] = []
    while True:
        page = connection.poller.poll(cursor)
        events, cursor = [*events, *page.events], page.cursor
        if not page.more:
            return events, cursor


def polled_until_refused(poller: Poller, cursor: str) -> None:
    for _ in range(200):
        poller.poll(cursor)


def first(events: list[Event]) -> Message:
    assert isinstance(events[0], Posted)
    return events[0].message


def a_reply(connection: Connection, message: Message, text: str = "Hello") -> Draft:
    return Draft(
        account=connection.account,
        conversation=message.conversation,
        in_reply_to=message.ref,
        to=message.author,
        text=text,
        visibility=message.visibility,
        native=message.native,
    )


def in_private(connection: Connection, message: Message, text: str = "Hello") -> Draft:
    assert connection.private
    return replace(
        a_reply(connection, message, text),
        conversation=connection.private.conversation_with(message.author),
        visibility=Visibility.PRIVATE,
    )


def ids(events: list[Event]) -> list[str]:
    return [event.ref.id for event in events]
