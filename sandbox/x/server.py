"""The server that speaks the X API v2: its state and the routes that lead to it."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox.bodies import Answer, object_of, unwanted
from sandbox.faults import Faults, perform
from sandbox.feed import Feed
from sandbox.journal import Journal
from sandbox.x import messages, people, posts
from sandbox.x.errors import Refusal
from sandbox.x.gate import Endpoint, Gate, Limiter, Purse
from sandbox.x.seed import seed
from sandbox.x.signing import Doorkeeper
from sandbox.x.world import World

_ENDPOINTS = (*posts.ENDPOINTS, *messages.ENDPOINTS)


class X:
    """The network; mount `routes` wherever the API base shall be.

    `webhooks` are the addresses that the app registered, and whether each is valid.
    """

    def __init__(
        self, feed: Feed, faults: Faults, *, clock: Callable[[], float], generous: int
    ) -> None:
        self._feed = feed
        self._faults = faults
        self.world = World(feed, clock)
        self.journal = Journal(clock)
        self.limiter = Limiter(clock=clock, generous=generous)
        self.doorkeeper = Doorkeeper(clock=clock)
        self.purse = Purse(clock=clock)
        self.webhooks: dict[str, bool] = {}
        self._gate = Gate(
            world=self.world,
            faults=faults,
            journal=self.journal,
            limiter=self.limiter,
            doorkeeper=self.doorkeeper,
            purse=self.purse,
        )
        self.reset()

    @property
    def rate_limit(self) -> bool:
        return self.limiter.on

    @rate_limit.setter
    def rate_limit(self, on: bool) -> None:
        self.limiter.on = on

    @property
    def routes(self) -> list[Route]:
        return [
            *(self._route(endpoint) for endpoint in _ENDPOINTS),
            Route("/2/oauth2/token", self._token, methods=["POST"]),
            Route("/oauth2/token", self._app_token, methods=["POST"]),
            Route("/2/webhooks", self._webhooks),
            Route("/people/state", self._state),
            Route("/people/act", self._act, methods=["POST"]),
            Route("/{acct}/status/{id:int}", _to_page),
        ]

    def reset(self) -> None:
        """Back to the seed; ids go on growing."""
        self.world.clear()
        self.journal.clear()
        self.limiter.clear()
        self.brand_posts = seed(self.world)
        self._feed.publish("x", "reset")

    def act(self, given: dict[str, Any]) -> str | None:
        """Do what `POST /people/act` does; the post's id, or None when it was refused."""
        try:
            return str(people.act(self.world, given)["id"])
        except Refusal:
            return None

    def dump(self) -> list[dict[str, Any]]:
        return people.dump(self.world)

    def _route(self, endpoint: Endpoint) -> Route:
        async def answer(request: Request) -> Response:
            return await self._gate.open(request, endpoint)

        return Route(endpoint.path, answer, methods=[endpoint.method])

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))

        async def refreshed() -> Response:
            return _told(lambda: self.doorkeeper.refresh(request, form))

        fault = self._faults.take("x", "POST /2/oauth2/token")
        return await perform(fault, refreshed, lambda seconds: Answer({}, 429))

    async def _app_token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        return _told(lambda: self.doorkeeper.app_token(request, form))

    async def _webhooks(self, request: Request) -> Response:
        def listed() -> dict[str, Any]:
            self.doorkeeper.app_only(request)
            hooks = [{"id": "1", "url": u, "valid": v} for u, v in self.webhooks.items()]
            return {"data": hooks, "meta": {"result_count": len(hooks)}} if hooks else {}

        return _told(listed)

    async def _state(self, request: Request) -> Response:
        acct = request.query_params.get("as", "")
        return _told(lambda: people.state(self.world, acct))

    async def _act(self, request: Request) -> Response:
        given = await object_of(request)
        if given is None:
            return unwanted()
        return _told(lambda: people.act(self.world, given))


def _told(work: Callable[[], dict[str, Any]]) -> Response:
    try:
        return Answer(work())
    except Refusal as refusal:
        return Answer({"ok": False, "error": str(refusal), **refusal.problem}, refusal.status)


async def _to_page(request: Request) -> Response:
    return RedirectResponse(f"/#x-{request.path_params['id']}")


def x(
    feed: Feed,
    faults: Faults,
    *,
    clock: Callable[[], float] = time.time,
    generous: int = 1,
) -> X:
    """A seeded X; its limits are the real ones times `generous`."""
    return X(feed, faults, clock=clock, generous=generous)
