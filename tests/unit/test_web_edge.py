"""The web edge: what is refused and how, and that 200 means committed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from inbox.message import Account
from integrations.generic import GenericSettings, connect
from integrations.generic.signature import SIGNATURE, TIMESTAMP, sign
from tests.hosts import a_host
from tests.house import House
from tests.servers import Loopback
from tierdesk.web import WebhookEdge, web_app

SECRET = "a-shared-secret"
FORM = Account("generic", "form")
MOST = 20_000


def now() -> datetime:
    return datetime.now(UTC)


class Edge:
    """A served web edge with one signed account."""

    def __init__(self, house: House) -> None:
        connection = connect(FORM, GenericSettings(), {"SECRET": SECRET}, a_host(now))
        self.edge = WebhookEdge({FORM: connection}, house.arrivals, most_bytes=MOST, now=now)
        self.server = Loopback(web_app(self.edge, lambda: {"status": "ok"}))
        self.http = httpx.Client(base_url=self.server.url)

    def post(
        self, body: object, *, secret: str = SECRET, path: str = "/webhooks/generic/form"
    ) -> httpx.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp = str(int(now().timestamp()))
        signed = {TIMESTAMP: stamp, SIGNATURE: sign(secret.encode(), stamp, raw)}
        return self.http.post(path, content=raw, headers=signed)

    def close(self) -> None:
        self.http.close()
        self.server.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


@pytest.fixture
def edge(house: House) -> Iterator[Edge]:
    edge = Edge(house)
    yield edge
    edge.close()


def a_body() -> dict[str, object]:
    return {
        "id": "m1",
        "text": "Where is my parcel?",
        "author": {"id": "u1", "handle": "ana", "name": "Ana"},
        "created_at": "2026-11-22T10:00:00Z",
        "kind": "dm",
        "visibility": "private",
        "conversation": "c1",
    }


def test_200_counts_new_and_known_messages_and_means_committed(edge: Edge, house: House) -> None:
    assert edge.post(a_body()).json()["new"] == 1
    again = edge.post(a_body())
    assert (again.status_code, again.json()["new"], again.json()["known"]) == (200, 0, 1)
    with house.database.read() as unit:
        assert unit.cases.get(1) is not None


def test_a_wrong_signature_gets_401_without_detail_and_leaves_only_a_count(
    edge: Edge, house: House
) -> None:
    answer = edge.post(a_body(), secret="another")
    assert (answer.status_code, answer.text) == (401, "unauthorized")
    assert edge.edge.answers[401] == 1
    assert house.queued() == []


def test_a_body_over_the_bound_gets_413_whether_or_not_it_says_its_length(edge: Edge) -> None:
    large = b" " * (MOST + 1)
    assert edge.post(large).status_code == 413
    pieces = (b" " * 4096 for _ in range(6))
    assert edge.http.post("/webhooks/generic/form", content=pieces).status_code == 413


def test_a_wrong_field_gets_422_that_names_it(edge: Edge) -> None:
    answer = edge.post(a_body() | {"author": {"id": "u1", "handle": 7, "name": "Ana"}})
    assert answer.status_code == 422
    assert "author.handle" in answer.json()["field"]


def test_an_account_that_is_not_there_gets_404(edge: Edge) -> None:
    assert edge.post(a_body(), path="/webhooks/generic/nobody").status_code == 404


def test_what_could_not_be_committed_is_not_acknowledged(edge: Edge, house: House) -> None:
    house.writer.close()
    answer = edge.post(a_body())
    assert answer.status_code == 503
    assert "send it again" in answer.json()["error"]


def test_health_shows_the_counts_of_answers(edge: Edge) -> None:
    edge.post(a_body())
    assert edge.http.get("/health").json() == {"status": "ok", "webhooks": {"200": 1}}
