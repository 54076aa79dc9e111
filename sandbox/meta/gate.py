"""What stands before every call: token, proof, rate limit, permission, faults and the journal."""

import hmac
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.bodies import Answer
from sandbox.faults import Faults, Severed, Silent, perform
from sandbox.journal import Journal
from sandbox.meta.accounts import APP_SECRET, Token
from sandbox.meta.errors import (
    Refusal,
    bad_proof,
    invalid,
    invalid_token,
    no_permission,
    not_there,
)
from sandbox.meta.world import World

WINDOW_SECONDS = 3_600
_SHOWN = frozenset({"access_token", "appsecret_proof", "input_token"})

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that passed the gate. `args` is what came in the address and in the body, `base`
    where the hosts are mounted.
    """

    world: World
    node: str
    args: Json
    token: Token
    url: str
    base: str

    def text(self, name: str) -> str:
        value = self.args.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() == "true"

    def number(self, name: str, default: int) -> int:
        value = str(self.args.get(name, ""))
        return int(value) if value.isdigit() else default

    def thing(self, name: str) -> Json:
        """An object, as JSON or as a text that holds JSON."""
        value = self.args.get(name)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                value = None
        if not isinstance(value, dict):
            raise invalid(f"{name} must be an object")
        return value


Handler = Callable[[Call], Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What a method does with an edge of a kind of node; "" is the node itself."""

    method: str
    kind: str
    edge: str
    handler: Handler
    permission: str | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.kind}/{self.edge}".removesuffix("/")


@dataclass(slots=True, kw_only=True)
class Limiter:
    """Calls per token in an hour; `on` False lets all pass."""

    clock: Callable[[], float] = time.time
    limit: int = 5_000
    on: bool = True
    _window: int = 0
    _used: dict[str, int] = field(default_factory=dict)

    def use(self, token: str) -> bool:
        """Count a call; whether it may pass."""
        window = int(self.clock()) // WINDOW_SECONDS
        if window != self._window:
            self._window, self._used = window, {}
        self._used[token] = self._used.get(token, 0) + 1
        return not self.on or self._used[token] <= self.limit

    def headers(self, token: str) -> dict[str, str]:
        percent = min(100, self._used.get(token, 0) * 100 // self.limit) if self.on else 0
        usage = {"call_count": percent, "total_time": 0, "total_cputime": 0}
        return {"X-App-Usage": json.dumps(usage)}

    def clear(self) -> None:
        self._used = {}


def limited(seconds: float) -> Response:
    """The refusal that asks to wait; Meta counts the wait in minutes, in a header."""
    refusal = Refusal(613, "(#613) Calls to this api have exceeded the rate limit.")
    usage = {
        "type": "pages",
        "call_count": 100,
        "total_cputime": 20,
        "total_time": 20,
        "estimated_time_to_regain_access": math.ceil(seconds / 60),
    }
    headers = {"X-Business-Use-Case-Usage": json.dumps({"100200300400500": [usage]})}
    return Answer(refusal.body(), 400, headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Leads a request to its endpoint, or says why not."""

    world: World
    faults: Faults
    journal: Journal
    limiter: Limiter
    tokens: dict[str, Token]

    async def open(self, request: Request, endpoint: Endpoint, node: str) -> Response:
        args: Json = {}

        async def work() -> Response:
            args.update(await _arguments(request))
            return self._answer(request, endpoint, node, args)

        fault = self.faults.take("meta", endpoint.name)
        response = await perform(fault, work, limited)
        lost = isinstance(response, Severed | Silent)
        ok = not lost and response.status_code < 400
        shown = {name: value for name, value in args.items() if name not in _SHOWN}
        self.journal.record(endpoint.name, {"node": node, **shown}, answer_ok=ok)
        return response

    def _answer(self, request: Request, endpoint: Endpoint, node: str, args: Json) -> Response:
        try:
            secret, token = _token(request, args, self.tokens)
            if not self.limiter.use(secret):
                return limited(WINDOW_SECONDS - self.limiter.clock() % WINDOW_SECONDS)
            if not _permitted(endpoint, token):
                raise _forbidden(endpoint, node)
            url = str(request.url.replace(query=""))
            base = f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}"
            call = Call(world=self.world, node=node, args=args, token=token, url=url, base=base)
            return Answer(endpoint.handler(call), 200, self.limiter.headers(secret))
        except Refusal as refusal:
            return refused(refusal)


def refused(refusal: Refusal) -> Response:
    return Answer(refusal.body(), refusal.status)


def _token(request: Request, args: Json, tokens: Mapping[str, Token]) -> tuple[str, Token]:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    given = secret.strip() if scheme.lower() == "bearer" else str(args.get("access_token", ""))
    token = tokens.get(given)
    if token is None:
        raise invalid_token()
    expected = hmac.digest(APP_SECRET.encode(), given.encode(), "sha256").hex()
    if args.get("appsecret_proof") != expected:
        raise bad_proof()
    return given, token


def _permitted(endpoint: Endpoint, token: Token) -> bool:
    return endpoint.permission is None or endpoint.permission in token.permissions


def _forbidden(endpoint: Endpoint, node: str) -> Refusal:
    """A single thing that may not be read is, to Meta, not there."""
    single = endpoint.method == "GET" and not endpoint.edge
    return not_there(node) if single else no_permission(endpoint.permission or "")


async def _arguments(request: Request) -> Json:
    given: Json = dict(request.query_params.items())
    body = await request.body()
    if body:
        try:
            sent = json.loads(body)
        except (ValueError, RecursionError):
            sent = None
        given |= sent if isinstance(sent, dict) else {}
    return given
