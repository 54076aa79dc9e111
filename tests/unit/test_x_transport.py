"""What tweepy does by itself does not happen: waiting for ever, looping, telling secrets."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
import requests

from inbox.errors import STILL_AT_WORK, AuthFailed, Rejected, Retryable, Uncertain
from integrations.through_requests import Session
from integrations.x import transport
from integrations.x.errors import refused, wait
from integrations.x.limits import Limit, Limits
from integrations.x.transport import Transport, endpoint
from sandbox.x.accounts import CONSUMER_SECRET
from tests.contract.x_world import SECRET, TOKEN
from tests.x_town import Town, a_town, message_of

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def town() -> Iterator[Town]:
    with a_town() as town:
        yield town


def test_a_429_without_a_time_is_asked_once_and_waits_a_minute(town: Town) -> None:
    town.open(direct_messages=False)
    town.poll()
    before = len(town.calls("GET /2/users/{id}/mentions"))
    town.fault("GET /2/users/{id}/mentions", "429", retry_after=0, times=0)
    with pytest.raises(Retryable) as caught:
        town.poll()
    assert caught.value.after == timedelta(minutes=1)
    assert len(town.calls("GET /2/users/{id}/mentions")) == before + 1


def test_a_server_that_says_nothing_is_not_waited_for_for_ever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        impatient = Transport(address, clock=lambda: NOW, limits=Limits(lambda: NOW), timeout=0.05)
        with pytest.raises(Retryable):
            impatient.request("GET", "https://api.twitter.com/2/users/me")
        with pytest.raises(Uncertain) as caught:
            impatient.request("POST", "https://api.twitter.com/2/tweets", json={})
        impatient.close()
    assert caught.value.after == STILL_AT_WORK


class Noting(Session):
    """Notes the time-out of each request that it carries out."""

    timeouts: ClassVar[list[object]] = []

    def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
        self.timeouts.append(more.get("timeout"))
        return super().request(method, url, *args, **more)


def test_every_request_has_a_time_out(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.x.transport.Session", Noting)
    town.open()
    town.poll()
    assert Noting.timeouts
    assert set(Noting.timeouts) == {transport.TIMEOUT}


def test_nothing_secret_is_logged_at_any_level(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    connection = town.open(search=["lamp"])
    town.write("the lamp of a customer")
    town.clock.advance(timedelta(seconds=1))
    town.poll()
    town.write("another lamp of a customer")
    message = message_of(town.poll()[0])
    assert connection.public
    connection.public.reply(town.draft(message, "an answer of ours"), key="k")
    for secret in (SECRET, TOKEN, CONSUMER_SECRET, "oauth_signature", "customer", "of ours"):
        assert secret not in caplog.text


def test_what_x_says_is_not_repeated() -> None:
    body = b'{"detail": "the text of a customer", "title": "Forbidden", "type": "about:blank"}'
    for status in (400, 401, 402, 403, 404, 409, 429, 500):
        for writes in (True, False):
            assert "customer" not in str(refused(status, {}, body, now=NOW, writes=writes))


@pytest.mark.parametrize(
    ("status", "detail", "writes", "kind"),
    [
        (400, "", True, Rejected),
        (401, "", True, AuthFailed),
        (402, "", False, AuthFailed),
        (403, "Your client app is not configured with the appropriate permissions", False, None),
        (404, "", False, Rejected),
        (408, "", True, Retryable),
        (429, "", True, Retryable),
        (302, "", True, Uncertain),
        (302, "", False, Retryable),
        (500, "", True, Uncertain),
        (503, "", False, Retryable),
    ],
)
def test_an_error_of_x_has_one_meaning(
    status: int, detail: str, writes: bool, kind: type[Exception] | None
) -> None:
    body = f'{{"detail": "{detail}"}}'.encode()
    found = refused(status, {}, body, now=NOW, writes=writes)
    assert isinstance(found, kind or AuthFailed)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errors": {}}', b'{"errors": [1]}'])
def test_a_body_of_any_form_is_taken(body: bytes) -> None:
    assert isinstance(refused(403, {}, body, now=NOW, writes=True), Rejected)


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        (str(int(NOW.timestamp()) + 90), 90),
        (str(int(NOW.timestamp()) - 90), 1),
        ("99999999999", 3600),
        ("", 60),
        ("soon", 60),
        ("-5", 60),
    ],
)
def test_a_wait_is_what_x_says_within_reason(reset: str, seconds: int) -> None:
    assert wait({"x-rate-limit-reset": reset}, NOW) == timedelta(seconds=seconds)


def test_a_limit_belongs_to_an_endpoint_whatever_the_id() -> None:
    assert endpoint("GET", "/2/users/123/mentions") == "GET /2/users/*/mentions"
    assert endpoint("GET", "/2/users/9/mentions") == "GET /2/users/*/mentions"
    assert endpoint("GET", "/2/dm_events") == "GET /2/dm_events"


def test_the_second_half_of_a_window_is_spread_over_its_rest() -> None:
    reset = NOW + timedelta(minutes=10)
    assert Limit(15, 8, reset).rest(NOW, NOW) is None
    assert Limit(15, 4, reset).rest(NOW, NOW) == timedelta(minutes=2)
    assert Limit(15, 4, reset).rest(NOW - timedelta(minutes=5), NOW) is None
    assert Limit(15, 0, reset).rest(NOW, NOW) == timedelta(minutes=10)
    assert Limit(15, 0, reset).rest(NOW, reset) is None


def test_headers_that_are_no_numbers_change_nothing() -> None:
    limits = Limits(lambda: NOW)
    limits.saw(
        "GET /2/x",
        {
            "x-rate-limit-limit": "15",
            "x-rate-limit-remaining": "none",
            "x-rate-limit-reset": "1",
        },
    )
    assert limits.rest("GET /2/x") is None
