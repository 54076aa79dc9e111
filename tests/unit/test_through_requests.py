"""No answer through the library `requests`, or one without an end: what may have been done."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from threading import Thread

import pytest
import requests
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.errors import STILL_AT_WORK, IntegrationError, Rejected, Retryable, Uncertain
from integrations.through_requests import Session, unreached
from tests.certificates import certify
from tests.servers import Loopback


@contextmanager
def a_server(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=serve, args=(server,))
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def deaf(server: socket.socket) -> None:
    """Takes connections, as the system does, and says nothing."""


def rude(server: socket.socket) -> None:
    connection, _ = server.accept()
    connection.recv(1)
    connection.close()


def posted(url: str) -> requests.RequestException:
    with pytest.raises(requests.RequestException) as caught:
        requests.post(
            url,
            json={"text": "a customer's words"},
            timeout=(5, 0.05 if url.startswith("http:") else 5),
        )
    return caught.value


def meanings(error: BaseException | None) -> list[IntegrationError]:
    said = [unreached(error, "Reddit", writes=writes) for writes in (True, False)]
    assert not any("customer" in str(one) for one in said)
    return said


def test_what_was_waited_for_in_vain_may_be_under_way_still() -> None:
    with a_server(deaf) as url:
        wrote, read = meanings(posted(url))
    assert isinstance(wrote, Uncertain)
    assert wrote.after == STILL_AT_WORK
    assert isinstance(read, Retryable)


def test_what_was_cut_off_may_have_been_done() -> None:
    with a_server(rude) as url:
        wrote, read = meanings(posted(url))
    assert isinstance(wrote, Uncertain)
    assert isinstance(read, Retryable)


@pytest.mark.parametrize("host", ["127.0.0.1:9", "nowhere.invalid"])
def test_what_never_left_is_sent_again_without_a_doubt(host: str) -> None:
    for said in meanings(posted(f"http://{host}/")):
        assert isinstance(said, Retryable)


def test_a_server_that_nobody_vouches_for_was_told_nothing(tmp_path: Path) -> None:
    with Loopback(Starlette(), tls=certify(tmp_path)) as server:
        for said in meanings(posted(server.url)):
            assert isinstance(said, Retryable)


@pytest.mark.parametrize("url", ["http://%zz/", "no-scheme", "odd://host/"])
def test_what_cannot_be_put_into_a_request_is_refused(url: str) -> None:
    for said in meanings(posted(url)):
        assert isinstance(said, Rejected)


def test_what_is_not_known_may_have_been_done() -> None:
    wrote, read = meanings(None)
    assert isinstance(wrote, Uncertain)
    assert isinstance(read, Retryable)


# --- answers without an end --------------------------------------------------------------


def dripping(beginning: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    """Goes on for as long as somebody reads; 10,000 pieces are more than anybody should."""

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.recv(65_536)
            connection.sendall(beginning)
            for _ in range(10_000):
                connection.sendall(piece)

    return serve


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 6),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_an_answer_without_an_end_holds_nobody_longer_than_a_minute(
    beginning: bytes, piece: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = count()
    monkeypatch.setattr("integrations.through_requests.monotonic", lambda: next(seconds) * 20)
    with a_server(dripping(beginning, piece)) as url, Session() as session:
        with pytest.raises(requests.RequestException) as caught:
            session.post(url, json={"text": "a customer's words"}, timeout=5)
        wrote, read = meanings(caught.value)
    assert isinstance(wrote, Uncertain)
    assert isinstance(read, Retryable)
    assert next(seconds) < 10


@pytest.mark.parametrize("secret", [False, True])
def test_an_answer_that_ends_is_whole_and_its_connection_serves_again(
    tmp_path: Path, secret: bool
) -> None:
    heard: list[object] = []

    async def answer(request: Request) -> Response:
        heard.append(request.client)
        return Response(b"x" * 100_000)

    tls = certify(tmp_path) if secret else None
    with Loopback(Starlette(routes=[Route("/", answer)]), tls=tls) as server, Session() as session:
        known = str(tls.certificate) if tls else True
        answers = [session.get(server.url, timeout=5, verify=known).content for _ in range(3)]
    assert answers == [b"x" * 100_000] * 3
    assert len(set(heard)) == 1
