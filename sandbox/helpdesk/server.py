"""The server that speaks Zendesk's API: its state and the routes that lead to it."""

import time
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.bodies import object_of, unwanted
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.helpdesk import lookups, people, tickets
from sandbox.helpdesk.errors import Refusal
from sandbox.helpdesk.gate import Endpoint, Gate, Limiter
from sandbox.helpdesk.webhook import Postman
from sandbox.helpdesk.world import World
from sandbox.journal import Journal

_ENDPOINTS = (*lookups.ENDPOINTS, *tickets.ENDPOINTS)


class Helpdesk:
    """The helpdesk; mount `routes` wherever its address shall be.

    `postman.callback` is where its webhook leads, None for nowhere.
    """

    def __init__(
        self, feed: Feed, faults: Faults, *, clock: Callable[[], float], generous: int
    ) -> None:
        self._feed = feed
        self.postman = Postman()
        self.world = World(feed, clock, self.postman.tell)
        self.journal = Journal(clock)
        self.limiter = Limiter(clock=clock, generous=generous)
        self._gate = Gate(
            world=self.world, faults=faults, journal=self.journal, limiter=self.limiter
        )

    @property
    def rate_limit(self) -> bool:
        return self.limiter.on

    @rate_limit.setter
    def rate_limit(self, on: bool) -> None:
        self.limiter.on = on

    @property
    def routes(self) -> list[Route]:
        return [
            *(self._route(endpoint, path) for endpoint in _ENDPOINTS for path in _paths(endpoint)),
            Route("/people/state", self._state),
            Route("/people/act", self._act, methods=["POST"]),
            Route("/people/webhook", self._lead, methods=["POST"]),
            Route("/agent/tickets/{id:int}", _to_page),
        ]

    def reset(self) -> None:
        """No tickets; ids go on growing."""
        self.world.clear()
        self.journal.clear()
        self.limiter.clear()
        self.postman.clear()
        self._feed.publish("helpdesk", "reset")

    def act(self, given: dict[str, Any]) -> str | None:
        """Do what `POST /people/act` does; the ticket's id, or None when it was refused."""
        try:
            done = str(people.act(self.world, given)["id"])
        except Refusal:
            return None
        self.postman.go()
        return done

    def by_customer(self) -> dict[str, str]:
        """The newest living ticket of each customer, by the customer's name."""
        return {one.requester.name: str(one.id) for one in self.world.living()}

    def dump(self) -> list[dict[str, Any]]:
        return people.dump(self.world)

    def _route(self, endpoint: Endpoint, path: str) -> Route:
        async def answer(request: Request) -> Response:
            response = await self._gate.open(request, endpoint)
            self.postman.go()
            return response

        return Route(path, answer, methods=[endpoint.method])

    async def _state(self, _request: Request) -> Response:
        return JSONResponse(people.state(self.world))

    async def _lead(self, request: Request) -> Response:
        """Let the webhook lead to `url` from now on, null for nowhere."""
        given = await object_of(request)
        url = given.get("url") if given else None
        if given is None or not (url is None or isinstance(url, str)):
            return unwanted()
        self.postman.callback = url
        return JSONResponse({"ok": True})

    async def _act(self, request: Request) -> Response:
        given = await object_of(request)
        if given is None:
            return unwanted()
        try:
            done = people.act(self.world, given)
        except Refusal as refusal:
            return JSONResponse({"ok": False, **refusal.body}, refusal.status)
        self.postman.go()
        return JSONResponse(done)


def _paths(endpoint: Endpoint) -> tuple[str, str]:
    """The API answers with and without the name of its form."""
    return f"{endpoint.path}.json", endpoint.path


async def _to_page(request: Request) -> Response:
    return RedirectResponse(f"/#helpdesk-{request.path_params['id']}")


def helpdesk(
    feed: Feed,
    faults: Faults,
    *,
    clock: Callable[[], float] = time.time,
    generous: int = 1,
) -> Helpdesk:
    """A helpdesk without tickets; its limits are Zendesk's times `generous`."""
    return Helpdesk(feed, faults, clock=clock, generous=generous)
