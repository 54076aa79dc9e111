"""What stands before every API call: token, rate limit, scope, faults and the journal."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from sandbox.bodies import Answer
from sandbox.faults import Faults, Severed, Silent, perform
from sandbox.journal import Journal
from sandbox.network import errors
from sandbox.network.accounts import BRAND, TOKENS, Account, Token
from sandbox.network.arguments import Arguments, arguments
from sandbox.network.entities import Entities
from sandbox.network.errors import Refusal
from sandbox.network.world import World

WINDOW_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that passed the gate."""

    world: World
    me: Account
    args: Arguments
    base: str
    url: str
    idempotency_key: str | None
    scopes: frozenset[str] = frozenset()

    @property
    def entities(self) -> Entities:
        return Entities(self.world, self.base, self.me.acct)

    def id(self) -> int:
        """The id in the path; one that is no number belongs to nothing."""
        return self.args.number("id") or 0


def base_of(request: Request) -> str:
    """The address that this network is mounted at, without a slash at its end."""
    return f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}"


Handler = Callable[[Call], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One call of the API; without a `scope` it is open to everybody, even without a token, with
    the scope "" to every token.
    """

    method: str
    path: str
    handler: Handler
    scope: str | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(slots=True, kw_only=True)
class Limiter:
    """Calls per account in windows of five minutes; `on` False lets all pass."""

    clock: Callable[[], float] = time.time
    limit: int = 3_000
    on: bool = True
    _window: int = 0
    _used: dict[str, int] = field(default_factory=dict)

    def use(self, account_id: str) -> bool:
        """Count a call; whether it may pass."""
        window = int(self.clock()) // WINDOW_SECONDS
        if window != self._window:
            self._window, self._used = window, {}
        self._used[account_id] = self._used.get(account_id, 0) + 1
        return not self.on or self._used[account_id] <= self.limit

    def headers(self, account_id: str) -> dict[str, str]:
        left = max(0, self.limit - self._used.get(account_id, 0)) if self.on else self.limit
        return _limit_headers(self.limit, left, (self._window + 1) * WINDOW_SECONDS)

    def limited(self, seconds: float) -> Response:
        """The 429 answer with a reset in so many seconds."""
        headers = _limit_headers(self.limit, 0, self.clock() + seconds)
        return Answer({"error": "Too many requests"}, 429, headers)

    def spent(self) -> Response:
        end = (self._window + 1) * WINDOW_SECONDS
        return self.limited(end - self.clock())

    def clear(self) -> None:
        self._used = {}


def _limit_headers(limit: int, left: int, reset: float) -> dict[str, str]:
    at = datetime.fromtimestamp(reset, UTC).isoformat(timespec="microseconds")
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": at.replace("+00:00", "Z"),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Leads a request to its handler, or says why not."""

    world: World
    faults: Faults
    journal: Journal
    limiter: Limiter

    async def open(self, request: Request, endpoint: Endpoint) -> Response:
        args = Arguments()

        async def work() -> Response:
            nonlocal args
            args = await arguments(request)
            return self._answer(request, endpoint, args)

        fault = self.faults.take("network", endpoint.name)
        response = await perform(fault, _refusing(work), self.limiter.limited)
        lost = isinstance(response, Severed | Silent)
        ok = not lost and response.status_code < 400
        self.journal.record(endpoint.name, args.shown(), answer_ok=ok)
        return response

    def _answer(self, request: Request, endpoint: Endpoint, args: Arguments) -> Response:
        if endpoint.scope is None:
            return endpoint.handler(self._call(request, BRAND, args))
        token = _token(request)
        if not self.limiter.use(token.account.id):
            return self.limiter.spent()
        response = self._allowed(request, endpoint.scope, token, endpoint.handler, args)
        response.headers.update(self.limiter.headers(token.account.id))
        return response

    def _allowed(
        self, request: Request, scope: str, token: Token, handler: Handler, args: Arguments
    ) -> Response:
        try:
            if not token.allows(scope):
                raise errors.out_of_scope()
            return handler(self._call(request, token.account, args, token.scopes))
        except Refusal as refusal:
            return _refused(refusal)

    def _call(
        self,
        request: Request,
        me: Account,
        args: Arguments,
        scopes: frozenset[str] = frozenset(),
    ) -> Call:
        return Call(
            world=self.world,
            me=me,
            args=args,
            base=base_of(request),
            url=str(request.url.replace(query="")),
            idempotency_key=request.headers.get("idempotency-key"),
            scopes=scopes,
        )


def _token(request: Request) -> Token:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    token = TOKENS.get(secret.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise errors.invalid_token()
    return token


def _refusing(work: Callable[[], Awaitable[Response]]) -> Callable[[], Awaitable[Response]]:
    async def refused() -> Response:
        try:
            return await work()
        except Refusal as refusal:
            return _refused(refusal)

    return refused


def _refused(refusal: Refusal) -> Response:
    return Answer({"error": refusal.error}, refusal.status)
