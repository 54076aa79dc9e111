"""A Mastodon server with a brand and customers on it, whose clock moves with every look."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from inbox.message import (
    Draft,
    Edited,
    Event,
    Message,
    Posted,
)
from inbox.ports import Connection, Poller
from integrations.mastodon import integration
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.network import Network, network
from tests.hosts import a_host
from tests.servers import Loopback

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)


class Town:
    """A network whose clock moves a second with every look, and one account on it."""

    def __init__(self, *, limit: int = 3_000, clock: Callable[[], float] | None = None) -> None:
        ticks = count(BEGIN.timestamp())
        self.faults = Faults()
        self.net: Network = network(
            Feed(), self.faults, clock=clock or (lambda: next(ticks)), limit=limit
        )

    @contextmanager
    def account(
        self, *, token: str = "sandbox-brand-token", **settings: object
    ) -> Iterator[Connection]:
        routes = [Mount("/mastodon", routes=self.net.routes)]
        with Loopback(Starlette(routes=routes)) as server:
            data = {"base_url": f"{server.url}/mastodon", **settings}
            secrets = {"MASTODON_CARE_TOKEN": token}
            connection = integration.connect("care", data, secrets, host=a_host(lambda: BEGIN))
            try:
                yield connection
            finally:
                connection.close()

    def post(self, text: str, who: str = "ana", **more: object) -> str:
        done = self.net.act({"as": who, "type": "post", "text": text, **more})
        assert done
        return done

    def created_at(self, id_: str) -> datetime:
        (at,) = [one["created_at"] for one in self.net.dump() if one["id"] == id_]
        return datetime.fromisoformat(at)


def drained(connection: Connection, cursor: str | None) -> tuple[list[Event], str]:
    assert connection.poller
    events: list[Event] = []
    while True:
        page = connection.poller.poll(cursor)
        events, cursor = [*events, *page.events], page.cursor
        if not page.more:
            return events, cursor


def polled_until_refused(poller: Poller) -> None:
    for _ in range(10):
        poller.poll("0")


def messages(events: list[Event]) -> list[Message]:
    return [event.message for event in events if isinstance(event, Posted | Edited)]


def a_reply(connection: Connection, message: Message, text: str = "Hello") -> Draft:
    return Draft(
        account=connection.account,
        conversation=message.conversation,
        in_reply_to=message.ref,
        to=message.author,
        text=text,
        visibility=message.visibility,
    )


@contextmanager
def behind(
    answer: Callable[[Request], Response], clock: Callable[[], datetime] = lambda: BEGIN
) -> Iterator[Connection]:
    """An account whose server says nothing but this."""

    async def say(request: Request) -> Response:
        return answer(request)

    routes = [Route("/{path:path}", say, methods=["GET", "POST"])]
    with Loopback(Starlette(routes=routes)) as server:
        data, secrets = {"base_url": server.url}, {"MASTODON_CARE_TOKEN": "t"}
        connection = integration.connect("care", data, secrets, host=a_host(clock))
        try:
            yield connection
        finally:
            connection.close()
