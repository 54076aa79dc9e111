"""Requests to a JSON API: what a server may answer, and what its caller then knows."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Thread

import httpx
import pytest
from mastodon.errors import MastodonAPIError
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.errors import STILL_AT_WORK, AuthFailed, Retryable, Uncertain
from integrations.http import JsonApi, refused, wait, wrong_field
from integrations.mastodon.errors import translated as of_mastodon
from integrations.x.errors import refused as x_refused
from tests.certificates import certify
from tests.servers import Loopback

NOW = datetime(2026, 11, 1, tzinfo=UTC)


async def garbled(_: Request) -> Response:
    return Response(b"no gzip", headers={"Content-Encoding": "gzip"})


def test_a_garbled_answer_leaves_a_write_uncertain_and_a_read_to_be_repeated() -> None:
    routes = [Route("/", garbled, methods=["GET", "POST"])]
    with Loopback(Starlette(routes=routes)) as server:
        api = JsonApi(server.url, name="It", clock=lambda: NOW)
        with pytest.raises(Uncertain):
            api.write("POST", "/")
        with pytest.raises(Retryable):
            api.read("/")
        api.close()


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524])
def test_a_write_that_ended_in_an_error_is_looked_for_after_a_while_too(status: int) -> None:
    """A server behind a proxy goes on: who looks at once sees nothing, and would send again."""
    page = httpx.Response(status, text="<h1>Gateway time-out</h1>")
    meanings = [
        refused(page, "It", NOW, writes=True),
        x_refused(status, {}, page.content, now=NOW, writes=True),
        of_mastodon(
            MastodonAPIError("Mastodon API returned error", status, "", None),
            wait=None,
            writes=True,
        ),
    ]
    for meant in meanings:
        assert isinstance(meant, Uncertain)
        assert meant.after == STILL_AT_WORK


def test_a_write_that_was_waited_for_in_vain_is_looked_for_after_a_while() -> None:
    class Slow(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout("", request=request)

    api = JsonApi("http://it.example", name="It", clock=lambda: NOW, transport=Slow())
    with pytest.raises(Uncertain) as caught:
        api.write("POST", "/")
    assert caught.value.after == STILL_AT_WORK
    api.close()


@contextmanager
def dripping() -> Iterator[str]:
    """A server whose answer is small pieces for as long as somebody reads them."""

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with suppress(OSError):
            while True:
                connection.sendall(b"1\r\n \r\n")
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=serve, args=(server,))
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_without_an_end_holds_nobody_longer_than_a_minute(method: str) -> None:
    seconds = count(NOW.timestamp())
    with dripping() as url:
        api = JsonApi(url, name="It", clock=lambda: datetime.fromtimestamp(next(seconds), UTC))
        with pytest.raises(Uncertain if method == "POST" else Retryable):
            api.call(method, "/", writes=method == "POST")
        api.close()
    assert next(seconds) < NOW.timestamp() + 100


def test_an_answer_larger_than_any_that_makes_sense_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("integrations.http.MOST_BYTES", 1_000)
    with dripping() as url:
        api = JsonApi(url, name="It", clock=lambda: NOW)
        with pytest.raises(Retryable):
            api.read("/")
        api.close()


@pytest.mark.parametrize("token", ["EAAB…xyz", "“quoted”"])
def test_a_token_that_was_copied_with_a_letter_no_token_has_is_named_as_wrong(token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    api = JsonApi("http://it.invalid", name="It", clock=lambda: NOW, headers=lambda: headers)
    with pytest.raises(AuthFailed, match="copy it") as caught:
        api.write("POST", "/", json={})
    assert token not in str(caught.value)
    api.close()


def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def listen(request: Request) -> Response:
        heard.append(await request.body())
        return Response("{}")

    routes = [Route("/", listen, methods=["POST"])]
    with Loopback(Starlette(routes=routes), tls=certify(tmp_path)) as server:
        api = JsonApi(server.url, name="It", clock=lambda: NOW)
        with pytest.raises(Retryable):
            api.write("POST", "/", json={"secret": "word"})
        api.close()
    assert heard == []


@pytest.mark.parametrize("date", ["Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "soon", ""])
def test_a_time_to_wait_that_makes_no_sense_is_none(date: str) -> None:
    assert wait(httpx.Response(429, headers={"Retry-After": date}), NOW) is None


class Counted(BaseModel):
    counts: dict[str, int]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"counts": {"likes": "many"}}, "counts.likes"),
        ({"counts": {"my card is 4111 1111 1111 1111": "many"}}, "counts.?"),
        ("nothing", "body"),
    ],
)
def test_a_wrong_field_is_named_without_what_was_sent(sent: object, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Counted.model_validate(sent)
    assert wrong_field(refused.value) == told
