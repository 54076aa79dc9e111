"""The page about the webhook is true: its examples run, its tables hold every field."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from inbox.errors import AuthFailed
from inbox.message import Account, Author, Draft, Event, Posted, Ref, Visibility
from inbox.ports import Connection, Request
from integrations.generic import GenericSettings, integration
from integrations.generic.convert import from_draft, to_events
from integrations.generic.signature import sign
from integrations.generic.wire import DeletedMessage, EditedMessage, File, PostedMessage, Writer
from tests.contract.worlds import now
from tests.hosts import a_host
from tests.servers import Loopback

PAGE = (Path(__file__).parent.parent.parent / "docs" / "generic-webhook.md").read_text()
SECRET = "It's a Secret to Everybody"
FORM = Account("generic", "shop-form")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def a_connection(**settings: object) -> Connection:
    secrets = {"GENERIC_SHOP_FORM_SECRET": SECRET}
    return integration.connect("shop-form", settings, secrets, host=a_host(now))


class Desk:
    """Takes messages as the product's own web edge does."""

    def __init__(self) -> None:
        self.connection = a_connection()
        self.events: list[Event] = []

    async def __call__(self, request: HttpRequest) -> Response:
        receiver = self.connection.receiver
        assert receiver
        came = Request(
            method=request.method,
            query=dict(request.query_params),
            headers=dict(request.headers),
            body=await request.body(),
            received_at=now(),
        )
        receiver.verify(came)
        events = receiver.parse(came)
        self.events += events
        return JSONResponse({"new": len(events), "known": 0, "changed": 0})


@contextmanager
def a_desk() -> Iterator[tuple[Desk, dict[str, str]]]:
    desk = Desk()
    with Loopback(Starlette(routes=[Route("/", desk.__call__, methods=["POST"])])) as server:
        environment = {"TIERDESK_URL": f"{server.url}/", "GENERIC_SHOP_FORM_SECRET": SECRET}
        yield desk, {**os.environ, **environment}
    desk.connection.close()


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def an_answer(to: Author) -> Draft:
    return Draft(
        account=FORM,
        conversation=to.ref.sibling("dm:customer-7"),
        in_reply_to=to.ref.sibling("ticket-1001"),
        to=to,
        text="We are sorry! A new lamp is on its way.",
        visibility=Visibility.PRIVATE,
        language="en",
    )


def test_the_python_example_sends_a_message_and_takes_answers() -> None:
    (program,) = blocks("python")
    port = a_free_port()
    with (
        a_desk() as (desk, environment),
        subprocess.Popen(
            [sys.executable, "-c", program],
            env={**environment, "PORT": str(port)},
            stdout=subprocess.PIPE,
            text=True,
        ) as other,
    ):
        try:
            assert other.stdout
            assert other.stdout.readline() == "{'new': 1, 'known': 0, 'changed': 0}\n"
            (event,) = desk.events
            assert isinstance(event, Posted)
            _check_answers(event, port)
            assert other.stdout.readline() == "to ana: We are sorry! A new lamp is on its way.\n"
        finally:
            other.terminate()


def _check_answers(event: Posted, port: int) -> None:
    url = f"http://127.0.0.1:{port}/"
    _until_it_listens(port)
    answer = an_answer(event.message.author)
    connection = a_connection(private_reply_url=url)
    assert connection.private
    first = connection.private.message(answer, key="k-1")
    assert first == connection.private.message(answer, key="k-1")
    connection.close()
    wrong = integration.connect(
        "shop-form",
        {"private_reply_url": url},
        {"GENERIC_SHOP_FORM_SECRET": "wrong"},
        host=a_host(now),
    )
    assert wrong.private
    with pytest.raises(AuthFailed):
        wrong.private.message(answer, key="k-2")
    wrong.close()


def _until_it_listens(port: int) -> None:
    for _ in range(2_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail("the example does not listen")


def test_the_curl_example_sends_a_message() -> None:
    (script,) = blocks("sh")
    with a_desk() as (desk, environment):
        done = subprocess.run(  # noqa: PLW1510 - its output is what counts
            ["sh", "-c", script], env=environment, capture_output=True, text=True, timeout=30
        )
        assert (done.stdout, done.stderr) == ('{"new":1,"known":0,"changed":0}', "")
        assert [event.ref.id for event in desk.events] == ["ticket-1002"]


def test_the_vector_is_right() -> None:
    expected = sign(SECRET.encode(), "1700000000", b'{"id":"1"}')
    assert f"\n{expected}\n" in PAGE


def test_the_json_examples_are_what_is_taken_and_sent() -> None:
    message, answer = blocks("json")
    (event,) = to_events(message.encode(), FORM)
    assert isinstance(event, Posted)
    assert json.loads(answer) == json.loads(from_draft(an_answer(event.message.author)))
    assert event.message.conversation == Ref("generic", "shop-form", "dm:customer-7")


def test_every_field_and_setting_is_on_the_page() -> None:
    models = (PostedMessage, EditedMessage, DeletedMessage, Writer, File, GenericSettings)
    missing = {n for model in models for n in model.model_fields if f"| `{n}` |" not in PAGE}
    assert missing == set()
