"""What stands before every call: who asks, the limits of the endpoint, credits, faults."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.bodies import Answer
from sandbox.faults import Faults, Severed, Silent, perform
from sandbox.journal import Journal
from sandbox.x import errors
from sandbox.x.accounts import Account
from sandbox.x.errors import Refusal
from sandbox.x.signing import Doorkeeper
from sandbox.x.world import World

WINDOW_SECONDS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that passed the gate. `charge` bills what X would bill, in micro-dollars."""

    world: World
    me: Account
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]
    charge: Callable[[str, int, str], None]

    def fields(self, name: str) -> frozenset[str]:
        """The values of a list such as `tweet.fields`."""
        return frozenset(filter(None, self.query.get(name, "").split(",")))

    def own_id(self) -> None:
        """403 where the path names another user than the one who asks."""
        if self.path["id"] != self.me.id:
            raise errors.forbidden("You are not permitted to perform this action.")


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One call of the API: `limit` per user in 15 minutes, and the parameters that it knows."""

    method: str
    path: str
    handler: Handler
    limit: int
    parameters: frozenset[str] = frozenset()
    created: bool = False

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(slots=True, kw_only=True)
class Limiter:
    """Calls per endpoint and user in windows of 15 minutes; `on` False lets all pass."""

    clock: Callable[[], float]
    generous: int
    on: bool = True
    _window: int = 0
    _used: dict[tuple[str, str], int] = field(default_factory=dict)

    def use(self, endpoint: Endpoint, account: Account) -> bool:
        """Count a call; whether it may pass."""
        window = int(self.clock()) // WINDOW_SECONDS
        if window != self._window:
            self._window, self._used = window, {}
        key = (endpoint.name, account.id)
        self._used[key] = self._used.get(key, 0) + 1
        return not self.on or self._used[key] <= endpoint.limit * self.generous

    def headers(self, endpoint: Endpoint, account: Account) -> dict[str, str]:
        most = endpoint.limit * self.generous
        used = self._used.get((endpoint.name, account.id), 0) if self.on else 0
        return _headers(most, max(0, most - used), self.ends())

    def limited(self, reset: float) -> Response:
        """The 429 answer; `reset` is in seconds since 1970, 0 for one that names no time."""
        problem = Refusal(429, "Too Many Requests", "Too Many Requests", "rate-limit-exceeded")
        return Answer(problem.problem, 429, _headers(1, 0, reset) if reset else {})

    def ends(self) -> float:
        return (self._window + 1) * WINDOW_SECONDS

    def clear(self) -> None:
        self._used = {}


def _headers(most: int, left: int, reset: float) -> dict[str, str]:
    return {
        "x-rate-limit-limit": str(most),
        "x-rate-limit-remaining": str(left),
        "x-rate-limit-reset": str(int(reset)),
    }


@dataclass(slots=True, kw_only=True)
class Purse:
    """The credits of the app in micro-dollars, None for as many as wanted; bills once a day each.

    `bill` is what was charged so far.
    """

    clock: Callable[[], float]
    credits: int | None = None
    bill: int = 0
    _day: int = 0
    _today: set[str] = field(default_factory=set)

    def charge(self, kind: str, price: int, id_: str) -> None:
        day = int(self.clock()) // 86_400
        if self._day != day:
            self._day, self._today = day, set()
        name = f"{kind} {price} {id_}"
        if id_ and name in self._today:
            return
        self._today.add(name)
        self.bill += price
        if self.credits is not None:
            self.credits -= price

    @property
    def empty(self) -> bool:
        return self.credits is not None and self.credits <= 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Leads a request to its handler, or says why not."""

    world: World
    faults: Faults
    journal: Journal
    limiter: Limiter
    doorkeeper: Doorkeeper
    purse: Purse

    async def open(self, request: Request, endpoint: Endpoint) -> Response:
        body = await _body(request)

        async def work() -> Response:
            return self._answer(request, endpoint, body)

        fault = self.faults.take("x", endpoint.name)
        response = await perform(fault, work, self._limited)
        lost = isinstance(response, Severed | Silent)
        args = {**request.query_params, **request.path_params, **body}
        self.journal.record(endpoint.name, args, answer_ok=not lost and response.status_code < 400)
        return response

    def _limited(self, seconds: float) -> Response:
        """A fault's 429; one with a wait of 0 names no time at all."""
        return self.limiter.limited(self.world.clock() + seconds if seconds else 0)

    def _answer(self, request: Request, endpoint: Endpoint, body: dict[str, Any]) -> Response:
        try:
            me = self.doorkeeper.account(request)
            if self.purse.empty:
                raise errors.no_credits()
            if not self.limiter.use(endpoint, me):
                return self.limiter.limited(self.limiter.ends())
            response = self._handled(request, endpoint, me, body)
        except Refusal as refusal:
            return Answer(refusal.problem, refusal.status)
        response.headers.update(self.limiter.headers(endpoint, me))
        return response

    def _handled(
        self, request: Request, endpoint: Endpoint, me: Account, body: dict[str, Any]
    ) -> Response:
        try:
            _known(request, endpoint)
            call = Call(
                world=self.world,
                me=me,
                path=request.path_params,
                query=request.query_params,
                body=body,
                charge=self.purse.charge,
            )
            return Answer(endpoint.handler(call), 201 if endpoint.created else 200)
        except Refusal as refusal:
            return Answer(refusal.problem, refusal.status)


def _known(request: Request, endpoint: Endpoint) -> None:
    for name in request.query_params:
        if name not in endpoint.parameters:
            known = ",".join(sorted(endpoint.parameters))
            raise errors.invalid(f"The query parameter [{name}] is not one of [{known}]")


async def _body(request: Request) -> dict[str, Any]:
    try:
        given = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}
