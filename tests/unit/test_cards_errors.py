"""Slack's errors as what to do next; logs that tell nothing."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from datetime import timedelta
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable, Uncertain
from sandbox.slack import BOT_TOKEN
from tests.certificates import certify
from tests.servers import Loopback
from tests.slack_desk import Desk
from workspace.client import library_logger, slack_client
from workspace.errors import Gone, Malformed, ShutOut, asking


class Answer(dict[str, Any]):
    def __init__(self, status: int, headers: dict[str, str] | None = None, **body: Any) -> None:
        super().__init__(body)
        self.status_code = status
        self.headers = headers or {}


def refused(code: str, status: int = 200, headers: dict[str, str] | None = None) -> Exception:
    answer: Any = Answer(status, headers, error=code)
    return SlackApiError("text of a customer", answer)  # type: ignore[no-untyped-call]  # the library's


def failing(error: Exception) -> Callable[[], None]:
    def call() -> None:
        raise error

    return call


@pytest.mark.parametrize(
    ("error", "post", "update"),
    [
        (refused("ratelimited", 429, {"Retry-After": "7"}), Retryable, Retryable),
        (refused("internal_error"), Uncertain, Retryable),
        (refused("", 503), Uncertain, Retryable),
        (TimeoutError(), Uncertain, Retryable),
        (RemoteDisconnected(""), Uncertain, Retryable),
        (ConnectionResetError(), Uncertain, Retryable),
        (URLError(TimeoutError()), Uncertain, Retryable),
        (URLError(ConnectionRefusedError()), Retryable, Retryable),
        (ConnectionRefusedError(), Retryable, Retryable),
        (refused("invalid_auth"), AuthFailed, AuthFailed),
        (refused("missing_scope"), AuthFailed, AuthFailed),
        (refused("not_in_channel"), ShutOut, ShutOut),
        (refused("invalid_blocks"), Malformed, Malformed),
        (refused("user_not_in_channel"), Rejected, Rejected),
        (refused("message_not_found"), Gone, Gone),
        (UnicodeDecodeError("utf-8", b"\xe4", 0, 1, "customer"), Uncertain, Retryable),
    ],
    ids=str,
)
def test_each_error_means_one_thing_to_do(
    error: Exception, post: type[IntegrationError], update: type[IntegrationError]
) -> None:
    for kind, posting in ((post, True), (update, False)):
        with pytest.raises(kind) as raised:
            asking(failing(error), post=posting)
        assert type(raised.value) is kind
        assert "customer" not in str(raised.value)


def test_slack_says_how_long_to_wait() -> None:
    with pytest.raises(Retryable) as raised:
        asking(failing(refused("ratelimited", 429, {"Retry-After": "7"})), post=True)

    assert raised.value.after == timedelta(seconds=7)


def test_where_slack_names_no_time_the_wait_grows() -> None:
    """A workspace over its limit is over it for hours."""
    with pytest.raises(Retryable) as raised:
        asking(failing(refused("message_limit_exceeded")), post=True)

    assert raised.value.after is None


def test_a_reset_connection_is_not_repeated_by_the_library() -> None:
    with Desk() as slack:
        slack.faults.add(_fault("reset_after"))
        client = slack_client(f"{slack.url}/api", BOT_TOKEN)

        with pytest.raises(Uncertain):
            asking(lambda: client.chat_postMessage(channel="C0CARE", text="once"), post=True)

        assert [m["text"] for m in slack.state("U0SAM")["messages"]["C0CARE"]] == ["once"]


def test_a_slack_that_nobody_vouches_for_gets_no_token(tmp_path: Path) -> None:
    heard: list[str] = []

    async def listen(request: Request) -> Response:
        heard.append(request.headers["Authorization"])
        return Response('{"ok": true}', media_type="application/json")

    routes = [Route("/api/{method}", listen, methods=["POST"])]
    with Loopback(Starlette(routes=routes), tls=certify(tmp_path)) as server:
        client = slack_client(f"{server.url}/api/", BOT_TOKEN)
        with pytest.raises(Retryable):
            asking(lambda: client.chat_postMessage(channel="C0CARE", text="once"), post=True)

    assert heard == []


def test_the_certificates_are_read_once_for_all_calls_and_clients() -> None:
    one, other = (slack_client("https://slack.com/api/", token) for token in ("xoxb-1", "xoxb-2"))

    assert one.ssl is not None
    assert one.ssl is other.ssl


def _fault(kind: str) -> Any:
    from sandbox.faults import Fault

    return Fault(
        target="slack", method="chat.postMessage", kind=kind, times=1, retry_after=0, delay=0
    )


def test_no_text_and_no_token_reaches_a_log_even_at_debug() -> None:
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with Desk() as slack:
            client = slack_client(f"{slack.url}/api/", BOT_TOKEN)
            client.chat_postMessage(channel="C0CARE", text="a customer's words")
            with pytest.raises(Rejected):
                asking(
                    lambda: client.chat_postMessage(channel="C0NONE", text="a customer's words"),
                    post=True,
                )
        library_logger().error("body: %s", "a customer's words")
    finally:
        root.removeHandler(handler)
        root.setLevel(before)

    assert "customer" not in heard.getvalue()
    assert BOT_TOKEN not in heard.getvalue()
    assert "withheld" in heard.getvalue()
