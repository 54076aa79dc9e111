"""What stands before every call: who asks, the limits of a minute, faults and the journal."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.faults import Faults, Severed, Silent, perform
from sandbox.helpdesk import errors
from sandbox.helpdesk.accounts import TOKENS, User
from sandbox.helpdesk.errors import Refusal
from sandbox.helpdesk.world import World
from sandbox.journal import Journal

WINDOW_SECONDS = 60
ALL = "all"
LIMITS = {ALL: 700, "update": 100, "export": 10}
"""Calls in a minute: of the account, of ticket updates, of incremental exports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that passed the gate; `base` is the helpdesk's address."""

    world: World
    me: User
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]
    raw: str
    key: str | None
    base: str

    def id(self) -> int:
        """The id in the path; one that is no number belongs to nothing."""
        value = self.path.get("id", "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 30 else 0

    def part(self, name: str) -> Mapping[str, Any]:
        """The object of the body that everything stands in, as in {"ticket": {}}."""
        part = self.body.get(name)
        if not isinstance(part, Mapping):
            raise errors.invalid(name, "is missing")
        return part


@dataclass(frozen=True, slots=True)
class Done:
    """An answer with its status and what stands in its headers."""

    body: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One call of the API; `limit` is the name of its own limit, `admin` who may use it."""

    method: str
    path: str
    handler: Callable[[Call], Done]
    limit: str = ALL
    admin: bool = False

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(slots=True, kw_only=True)
class Limiter:
    """Calls in windows of a minute; `on` False lets all pass."""

    clock: Callable[[], float]
    generous: int
    on: bool = True
    _window: int = 0
    _used: dict[str, int] = field(default_factory=dict)

    def use(self, limit: str) -> bool:
        """Count a call; whether it may pass."""
        window = int(self.clock()) // WINDOW_SECONDS
        if window != self._window:
            self._window, self._used = window, {}
        kinds = {ALL, limit}
        for kind in kinds:
            self._used[kind] = self._used.get(kind, 0) + 1
        return not self.on or all(self._used[kind] <= self._most(kind) for kind in kinds)

    def headers(self) -> dict[str, str]:
        left = max(0, self._most(ALL) - self._used.get(ALL, 0))
        return {"X-Rate-Limit": str(self._most(ALL)), "X-Rate-Limit-Remaining": str(left)}

    def limited(self, seconds: float) -> Response:
        body = {"error": "TooManyRequests", "description": "Number of allowed requests exceeded"}
        return JSONResponse(body, 429, {"Retry-After": str(int(seconds))})

    def spent(self) -> Response:
        return self.limited((self._window + 1) * WINDOW_SECONDS - self.clock() + 1)

    def clear(self) -> None:
        self._used = {}

    def _most(self, kind: str) -> int:
        return LIMITS[kind] * self.generous


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Leads a request to its handler, or says why not."""

    world: World
    faults: Faults
    journal: Journal
    limiter: Limiter

    async def open(self, request: Request, endpoint: Endpoint) -> Response:
        raw = await request.body()

        async def work() -> Response:
            return self._answer(request, endpoint, raw)

        fault = self.faults.take("helpdesk", endpoint.name)
        response = await perform(fault, work, self.limiter.limited)
        lost = isinstance(response, Severed | Silent)
        args = {**request.query_params, **request.path_params, **_json(raw)}
        self.journal.record(endpoint.name, args, answer_ok=not lost and response.status_code < 400)
        return response

    def _answer(self, request: Request, endpoint: Endpoint, raw: bytes) -> Response:
        try:
            me = _user(request)
            if not self.limiter.use(endpoint.limit):
                return self.limiter.spent()
            if endpoint.admin and me.role != "admin":
                raise errors.forbidden()
            done = endpoint.handler(self._call(request, me, raw))
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status)
        headers = {**self.limiter.headers(), **done.headers}
        return JSONResponse(dict(done.body), done.status, headers)

    def _call(self, request: Request, me: User, raw: bytes) -> Call:
        if raw and not request.headers.get("content-type", "").startswith("application/json"):
            raise Refusal(415, {"error": "UnsupportedMediaType"})
        return Call(
            world=self.world,
            me=me,
            path=request.path_params,
            query=request.query_params,
            body=_json(raw),
            raw=raw.decode("utf-8", "replace"),
            key=request.headers.get("idempotency-key"),
            base=f"{request.url.scheme}://{request.url.netloc}{request.scope['root_path']}",
        )


def _user(request: Request) -> User:
    """Who asks: an API token with its user's address, or the token alone as OAuth's."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        user = TOKENS.get(secret.strip())
    else:
        name, _, token = _decoded(secret).partition(":")
        user = TOKENS.get(token)
        user = user if user and name == f"{user.email}/token" else None
    if user is None:
        raise errors.unauthenticated()
    return user


def _decoded(secret: str) -> str:
    try:
        return base64.b64decode(secret, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _json(raw: bytes) -> dict[str, Any]:
    try:
        given = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}
