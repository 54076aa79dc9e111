"""No answer through the library `requests`: what may have been done, and what was not."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
import requests
from starlette.applications import Starlette

from inbox.errors import STILL_AT_WORK, IntegrationError, Rejected, Retryable, Uncertain
from integrations.through_requests import unreached
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
