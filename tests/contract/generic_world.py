"""A strict system of somebody's own behind the signed webhook channel."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox.message import Event
from inbox.ports import Connection, Request
from integrations.generic import integration as generic
from sandbox.faults import Fault, Faults, perform
from tests.contract.worlds import NOBODY, Answer, World, now
from tests.hosts import a_host
from tests.servers import Loopback

SECRET = "a-shared-secret-of-the-tests"


@dataclass
class OtherSide:
    """A strict system of somebody's own: checks what the page promises of every answer."""

    faults: Faults
    taken: dict[str, tuple[bool, dict[str, object]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    async def public(self, request: HttpRequest) -> Response:
        return await self._take(request, private=False)

    async def private(self, request: HttpRequest) -> Response:
        return await self._take(request, private=True)

    async def _take(self, request: HttpRequest, *, private: bool) -> Response:
        body = await request.body()

        async def work() -> Response:
            return self._answered(request, body, private=private)

        def limited(seconds: float) -> Response:
            return Response(status_code=429, headers={"Retry-After": str(int(seconds))})

        return await perform(self.faults.take("network", "answer"), work, limited)

    def _answered(self, request: HttpRequest, body: bytes, *, private: bool) -> Response:
        stamp = request.headers["x-tierdesk-timestamp"]
        signed = f"v1:{stamp}:".encode() + body
        expected = f"v1={hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()}"
        if request.headers["x-tierdesk-signature"] != expected:
            return JSONResponse({"error": f"bad signature for {body!r}"}, 401)
        answer, key = json.loads(body), request.headers["idempotency-key"]
        assert request.headers["content-type"] == "application/json"
        if answer["in_reply_to"] in self.gone:
            return JSONResponse({"error": f"gone: {answer['text']}"}, 404)
        self.taken.setdefault(key, (private, answer))
        id_ = f"answer-{list(self.taken).index(key) + 1}"
        return JSONResponse({"id": id_, "url": f"https://shop.example/{id_}"})


@dataclass
class GenericWorld:
    other: OtherSide
    opened: ExitStack
    base_url: str
    secret: str = SECRET
    tells = frozenset({"edits", "deletions"})

    def __post_init__(self) -> None:
        self.connection = self.with_secret(self.secret)
        self._waiting: list[dict[str, object]] = []
        self._count = 0

    def with_secret(self, secret: str) -> Connection:
        return self._at(self.base_url, secret)

    def unreachable(self) -> Connection:
        return self._at(NOBODY, self.secret)

    def _at(self, base_url: str, secret: str) -> Connection:
        settings: dict[str, object] = {
            "reply_url": f"{base_url}/public",
            "private_reply_url": f"{base_url}/private",
            "own_author": "brand",
        }
        secrets = {"GENERIC_FORM_SECRET": secret}
        connection = generic.connect("form", settings, secrets, host=a_host(now))
        self.opened.callback(connection.close)
        return connection

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        return self._say("ana", text, private=private, under=under)

    def echo(self) -> None:
        self._say("brand", "this is ours")

    def edit(self, message: str, text: str) -> None:
        at = now().isoformat()
        form = self._form(message, "ana", text) | {"event": "edited", "edited_at": at}
        self._waiting.append(form)

    def delete(self, message: str) -> None:
        self.other.gone.add(message)
        at = now().isoformat()
        self._waiting.append({"event": "deleted", "id": message, "deleted_at": at})

    def delivery(self) -> Request:
        return signed_request(json.dumps(self._form("m-0", "ana", "Hello")).encode())

    def arrivals(self) -> list[Event]:
        """Delivered in batches of 100."""
        assert self.connection.receiver
        events: list[Event] = []
        while self._waiting:
            batch, self._waiting = self._waiting[:100], self._waiting[100:]
            request = signed_request(json.dumps({"messages": batch}).encode())
            self.connection.receiver.verify(request)
            events += self.connection.receiver.parse(request)
        return events

    def answers(self) -> Sequence[Answer]:
        return [
            Answer(
                id=f"answer-{number}",
                text=str(answer["text"]),
                to=answer["to"]["handle"],  # type: ignore[index]  # JSON of any shape
                in_reply_to=answer["in_reply_to"],  # type: ignore[arg-type]  # JSON of any shape
                private=private,
            )
            for number, (private, answer) in enumerate(self.other.taken.values(), 1)
        ]

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        fault = Fault(target="network", method="answer", kind=kind, retry_after=retry_after)
        self.other.faults.add(fault)

    def _say(
        self, author: str, text: str, *, private: bool = False, under: str | None = None
    ) -> str:
        self._count += 1
        id_ = f"m-{self._count}"
        message = self._form(id_, author, text, private=private)
        if under is not None:
            message["in_reply_to"] = under
        self._waiting.append(message)
        return id_

    def _form(
        self,
        name: str,
        author: str,
        text: str,
        *,
        private: bool = False,
    ) -> dict[str, object]:
        return {
            "id": name,
            "author": {"id": author, "handle": author},
            "text": text,
            "created_at": now().isoformat(),
            "visibility": "private" if private else "public",
        }


def signed_request(body: bytes, secret: str = SECRET) -> Request:
    stamp = str(int(now().timestamp()))
    digest = hmac.new(secret.encode(), f"v1:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"x-tierdesk-timestamp": stamp, "x-tierdesk-signature": f"v1={digest}"}
    return Request(method="POST", query={}, headers=headers, body=body, received_at=now())


@contextmanager
def a_generic_world() -> Iterator[World]:
    other = OtherSide(Faults())
    routes = [
        Route("/public", other.public, methods=["POST"]),
        Route("/private", other.private, methods=["POST"]),
    ]
    with Loopback(Starlette(routes=routes)) as server, ExitStack() as opened:
        yield GenericWorld(other, opened, server.url)
