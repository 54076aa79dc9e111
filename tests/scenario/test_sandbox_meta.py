"""The sandbox's networks of Meta, over bare HTTP as their clients and callbacks see them."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from queue import Queue
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.meta import Meta, meta
from sandbox.meta.accounts import APP_SECRET, PAGE, VERIFY_TOKEN
from tests.servers import Loopback

TOKEN = "sandbox-page-token"
PROOF = hmac.digest(APP_SECRET.encode(), TOKEN.encode(), "sha256").hex()
PATIENCE = 10


@dataclass
class Callback:
    """A callback that refuses as often as it is told to."""

    refuses: int = 0
    knows: str = VERIFY_TOKEN
    bodies: Queue[bytes] = field(default_factory=Queue)
    seen: list[bytes] = field(default_factory=list)

    async def greet(self, request: Request) -> Response:
        if request.query_params["hub.verify_token"] != self.knows:
            return Response(status_code=403)
        return PlainTextResponse(request.query_params["hub.challenge"])

    async def take(self, request: Request) -> Response:
        body = await request.body()
        expected = hmac.digest(APP_SECRET.encode(), body, "sha256").hex()
        assert request.headers["x-hub-signature-256"] == f"sha256={expected}"
        self.seen.append(body)
        if len(self.seen) <= self.refuses:
            return Response(status_code=503)
        self.bodies.put(body)
        return Response()


@dataclass
class Town:
    net: Meta
    callback: Callback
    http: httpx.Client
    url: str

    def act(self, **given: Any) -> dict[str, Any]:
        return dict(self.http.post("/meta/people/act", json=given).json())

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        params = {"appsecret_proof": PROOF, **more.pop("params", {})}
        headers = {"authorization": f"Bearer {more.pop('token', TOKEN)}"}
        url = f"/meta/graph/v26.0{path}"
        return self.http.request(method, url, params=params, headers=headers, **more)


@pytest.fixture
def town() -> Iterator[Town]:
    callback = Callback()
    net = meta(Feed(), Faults())

    @contextlib.asynccontextmanager
    async def delivering(_app: Starlette) -> AsyncIterator[None]:
        running = asyncio.create_task(net.hooks.run())
        yield
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    routes = [
        Mount("/meta", routes=net.routes),
        Route("/callback", callback.greet),
        Route("/callback", callback.take, methods=["POST"]),
    ]
    with (
        Loopback(Starlette(routes=routes, lifespan=delivering)) as server,
        httpx.Client(base_url=server.url, timeout=PATIENCE) as http,
    ):
        yield Town(net, callback, http, server.url)


def subscribed(town: Town) -> bool:
    url = f"{town.url}/callback"
    return bool(town.act(type="subscribe", network="facebook", callback_url=url)["ok"])


def said(town: Town, text: str, **more: Any) -> str:
    given = {"as": "ana", "network": "facebook", "type": "post", "text": text, **more}
    return str(town.act(**given)["id"])


def test_a_callback_is_taken_only_when_it_knows_the_verify_token(town: Town) -> None:
    town.callback.knows = "something else"
    assert not subscribed(town)
    town.callback.knows = VERIFY_TOKEN
    assert subscribed(town)


def test_a_refused_body_comes_again_as_it_was_until_it_is_taken(town: Town) -> None:
    town.callback.refuses = 2
    assert subscribed(town)
    id_ = said(town, "Where is my lamp?")
    body = town.callback.bodies.get(timeout=PATIENCE)
    assert town.callback.seen == [body] * 3
    [entry] = json.loads(body)["entry"]
    assert entry["changes"][0]["value"]["comment_id"] == id_


def test_what_happened_before_comes_in_one_batch(town: Town) -> None:
    for number in range(3):
        said(town, f"Number {number}")
    assert subscribed(town)
    assert len(json.loads(town.callback.bodies.get(timeout=PATIENCE))["entry"]) == 3


def test_letters_beyond_ascii_are_escaped(town: Town) -> None:
    assert subscribed(town)
    said(town, "Bună 😟")
    assert rb"Bun\u0103" in town.callback.bodies.get(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"token": "old"}, 401, 190),
        ({"params": {"appsecret_proof": "00"}}, 400, 100),
        ({"token": "sandbox-whatsapp-token"}, 400, 100),
    ],
)
def test_who_is_not_allowed_is_told_so(
    town: Town, change: dict[str, Any], status: int, code: int
) -> None:
    answer = town.call("GET", f"/{PAGE}/feed", **change)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_a_token_without_the_permission_cannot_answer(town: Town) -> None:
    reader = "sandbox-page-read-token"
    proof = hmac.digest(APP_SECRET.encode(), reader.encode(), "sha256").hex()
    answer = town.call(
        "POST",
        f"/{said(town, 'Hello')}/comments",
        token=reader,
        params={"appsecret_proof": proof},
        json={"message": "Hi"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, 200)


def test_a_comment_that_is_gone_is_not_there(town: Town) -> None:
    id_ = said(town, "Hello")
    town.act(**{"as": "ana", "type": "delete", "network": "facebook", "id": id_})
    answer = town.call("POST", f"/{id_}/comments", json={"message": "Hi"})
    assert (answer.json()["error"]["code"], answer.json()["error"]["error_subcode"]) == (100, 33)


def test_people_cannot_change_what_others_wrote(town: Town) -> None:
    id_ = said(town, "Hello")
    done = town.act(**{"as": "tom", "type": "delete", "network": "facebook", "id": id_})
    assert not done["ok"]


def test_the_page_sees_one_network_as_one_person_sees_it(town: Town) -> None:
    id_ = said(town, "Hello")
    said(town, "My number is secret", visibility="direct")
    asked = {"as": "tom", "network": "facebook"}
    seen = town.http.get("/meta/people/state", params=asked).json()
    assert [dm["statuses"] for dm in seen["dms"]] == [[]]
    assert [post["id"] for post in seen["posts"]][-1] == id_
    own = town.http.get("/meta/people/state", params={**asked, "as": "ana"}).json()
    assert [message["text"] for message in own["dms"][0]["statuses"]] == ["My number is secret"]
