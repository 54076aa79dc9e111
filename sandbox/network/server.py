"""The Mastodon-compatible server: its state and the routes that lead to it."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.bodies import Answer, object_of, unwanted
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.journal import Journal
from sandbox.network import errors, lookups, people, statuses
from sandbox.network.errors import Refusal
from sandbox.network.gate import Endpoint, Gate, Limiter, base_of
from sandbox.network.seed import seed
from sandbox.network.site import ROUTES
from sandbox.network.world import World

_ENDPOINTS = (*lookups.ENDPOINTS, *statuses.ENDPOINTS)
_UNKNOWN = tuple(
    (method, "/api/{path:path}") for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
)

Answering = Callable[[Request], Awaitable[Response]]


class Network:
    """The network; mount `routes` wherever the API base shall be."""

    def __init__(
        self,
        feed: Feed,
        faults: Faults,
        *,
        clock: Callable[[], float],
        limit: int,
        rate_limit: bool,
    ) -> None:
        self._feed = feed
        self.world = World(feed, clock)
        self.journal = Journal(clock)
        self._limiter = Limiter(clock=clock, limit=limit, on=rate_limit)
        self._gate = Gate(
            world=self.world, faults=faults, journal=self.journal, limiter=self._limiter
        )
        self.reset()

    @property
    def rate_limit(self) -> bool:
        return self._limiter.on

    @rate_limit.setter
    def rate_limit(self, on: bool) -> None:
        self._limiter.on = on

    @property
    def routes(self) -> list[Route]:
        unknown = [Endpoint(method=m, path=p, handler=_unknown) for m, p in _UNKNOWN]
        return [
            *(self._route(e, path) for e in _ENDPOINTS for path in (e.path, f"{e.path}/")),
            *(self._route(e, e.path) for e in unknown),
            Route("/people/state", self._state),
            Route("/people/act", self._act, methods=["POST"]),
            *ROUTES,
        ]

    def reset(self) -> None:
        """Back to the seed; ids go on growing."""
        self.world.clear()
        self.journal.clear()
        self._limiter.clear()
        self.brand_posts = seed(self.world)
        self._feed.publish("network", "reset")

    def act(self, given: dict[str, Any]) -> str | None:
        """Do what `POST /people/act` does; the post's id, or None when it was refused."""
        try:
            return str(people.act(self.world, given)["id"])
        except Refusal:
            return None

    def dump(self) -> list[dict[str, Any]]:
        return people.dump(self.world)

    def _route(self, endpoint: Endpoint, path: str) -> Route:
        async def answer(request: Request) -> Response:
            return await self._gate.open(request, endpoint)

        return Route(path, answer, methods=[endpoint.method])

    async def _state(self, request: Request) -> Response:
        base = base_of(request)
        acct = request.query_params.get("as", "")
        return _told(lambda: people.state(self.world, acct, base))

    async def _act(self, request: Request) -> Response:
        given = await object_of(request)
        if given is None:
            return unwanted()
        return _told(lambda: people.act(self.world, given))


def _told(work: Callable[[], dict[str, Any]]) -> Response:
    try:
        return Answer(work())
    except Refusal as refusal:
        return Answer({"ok": False, "error": refusal.error}, refusal.status)


def _unknown(_call: object) -> Response:
    raise errors.not_found()


def network(
    feed: Feed,
    faults: Faults,
    *,
    clock: Callable[[], float] = time.time,
    limit: int = 3_000,
    rate_limit: bool = True,
) -> Network:
    """A seeded network; `limit` is calls per account in five minutes (the real one: 300)."""
    return Network(feed, faults, clock=clock, limit=limit, rate_limit=rate_limit)
