"""An account on a small forum, and the time, which a test moves."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace
from starlette.applications import Starlette

from inbox.message import Draft, Echoed, Edited, Event, Message, Posted, Visibility
from inbox.ports import Connection, Poller
from integrations.discourse import integration
from tests.hosts import a_host
from tests.networks.discourse import (
    BRAND,
    KEY,
    SECRET,
    Discourse,
)
from tests.servers import Loopback

EVER = {"import_since": "2020-01-01T00:00:00Z"}
AT_ONCE = {**EVER, "wait_for_community": "0s"}
HALF_AN_HOUR = timedelta(minutes=30)
TEXT = "Why does my lamp flicker at night?"
ANSWER = "Please turn it off and on again."


class Town:
    """A forum, an account on it, and the time, which a test moves."""

    def __init__(self, opened: ExitStack, **net: object) -> None:
        self.now = datetime(2026, 11, 22, 8, tzinfo=UTC)
        self.net = Discourse(clock=lambda: self.now, **net)  # type: ignore[arg-type]  # its fields
        self.url = opened.enter_context(Loopback(Starlette(routes=self.net.routes))).url

    @contextmanager
    def account(self, key: str = KEY, **settings: object) -> Iterator[Connection]:
        data = {"base_url": self.url, "username": BRAND, "requests_per_minute": 6000, **settings}
        secrets = {"DISCOURSE_CARE_API_KEY": key, "DISCOURSE_CARE_WEBHOOK_SECRET": SECRET}
        host = a_host(lambda: self.now)
        connection = integration.connect("care", data, secrets, host=host)
        try:
            yield connection
        finally:
            connection.close()


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


def delivered(connection: Connection, town: Town) -> list[Event]:
    assert connection.receiver
    events: list[Event] = []
    while town.net.queue:
        events += connection.receiver.parse(town.net.queue.pop(0))
    return events


def texts(events: list[Event]) -> list[str]:
    return [e.message.text for e in events if isinstance(e, Posted | Echoed | Edited)]


def first(events: list[Event]) -> Message:
    assert isinstance(events[0], Posted)
    return events[0].message


def a_reply(connection: Connection, message: Message, text: str = ANSWER) -> Draft:
    return Draft(
        account=connection.account,
        conversation=message.conversation,
        in_reply_to=message.ref,
        to=message.author,
        text=text,
        visibility=message.visibility,
        native=message.native,
    )


def in_private(connection: Connection, message: Message, text: str = ANSWER) -> Draft:
    assert connection.private
    return replace(
        a_reply(connection, message, text),
        conversation=connection.private.conversation_with(message.author),
        visibility=Visibility.PRIVATE,
    )


def polled_until_refused(poller: Poller, cursor: str) -> None:
    for _ in range(100):
        poller.poll(cursor)
