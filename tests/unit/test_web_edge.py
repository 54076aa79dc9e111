"""The web edge: what is refused and how, and that 200 means committed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from inbox.errors import BadPayload, Unverified
from inbox.facts import Findings
from inbox.message import Account, Event, Posted
from inbox.ports import Connection, Greeting, Request
from inbox.unread import left_out
from integrations.generic import GenericSettings, connect
from integrations.generic.signature import SIGNATURE, TIMESTAMP, sign
from integrations.telegram import integration as telegram
from integrations.telegram.adapter import SECRET_TOKEN
from tests.builders import a_message, a_ref
from tests.hosts import a_host
from tests.house import FakeDetector, House, a_connection
from tests.networks.telegram import ANA, TOKEN, USERNAME, Telegram
from tests.servers import Loopback
from tierdesk.web import WebhookEdge, web_app

SECRET = "a-shared-secret"
FORM = Account("generic", "form")
MOST = 20_000


def now() -> datetime:
    return datetime.now(UTC)


class Edge:
    """A served web edge with one signed account."""

    def __init__(self, house: House, *others: Connection) -> None:
        connection = connect(FORM, GenericSettings(), {"SECRET": SECRET}, a_host(now))
        connections = {each.account: each for each in (connection, *others)}
        self.edge = WebhookEdge(connections, house.arrivals, most_bytes=MOST, now=now)
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


def test_what_was_refused_is_told_once_a_day_in_no_customers_words(
    edge: Edge, house: House
) -> None:
    for _ in range(3):
        edge.post(a_body() | {"author": {"id": "u1", "handle": 7, "name": "Ana Secret"}})
    edge.post(b"{}", secret="another")

    [told] = house.told()
    assert told.startswith("What was sent to the webhook of generic")
    assert "Secret" not in told

    house.clock.advance(timedelta(days=1))
    edge.post(b"{}")
    assert len(house.told()) == 2


def test_telegram_goes_on_behind_what_nobody_can_read_and_repeats_what_was_not_stored(
    house: House,
) -> None:
    net = Telegram()
    given = {"username": USERNAME, "receive": "webhook", "base_url": "http://127.0.0.1:9"}
    secrets = {"TELEGRAM_CARE_TOKEN": TOKEN, "TELEGRAM_CARE_SECRET": SECRET}
    with closing(telegram.connect("care", given, secrets, host=a_host(now))) as bot:
        edge = Edge(house, bot)

        def deliver(update: object) -> int:
            signed = {SECRET_TOKEN: SECRET}
            path = "/webhooks/telegram/care"
            return edge.http.post(path, json=update, headers=signed).status_code

        assert deliver({"update_id": 1, "message": {"text": "Ana's secret"}}) == 200
        net.write("Behind it", chat=ANA)
        assert deliver(net.queue[-1]) == 200
        with house.database.read() as unit:
            assert unit.cases.get(1) is not None
        [told] = house.told()
        assert told.startswith("telegram:care sent 1 thing at once in a form")
        assert "secret" not in told

        house.writer.close()
        assert deliver(net.queue[-1]) == 503
        edge.close()


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


# --- a network that asks first, and sends what is for several accounts together -----------


class App:
    """One account of an app: its token opens it, and of a batch it takes what bears its name."""

    def __init__(self, name: str, token: str = "app-token") -> None:
        self.account = Account("pages", name)
        self._token = token

    def connection(self) -> Connection:
        return a_connection(account=self.account, receiver=self, handshake=self)

    def greet(self, request: Request) -> Greeting:
        if request.query.get("token") != self._token:
            raise Unverified
        return Greeting(body=request.query["challenge"])

    def verify(self, request: Request) -> None:
        if request.headers.get("token") != self._token:
            raise Unverified

    def parse(self, request: Request) -> Sequence[Event]:
        entries = [e for e in json.loads(request.body) if e["page"] == self.account.name]
        for _ in (entry for entry in entries if "odd" in entry):
            left_out()
        entries = [entry for entry in entries if "odd" not in entry]
        if any("id" not in entry for entry in entries):
            raise BadPayload("id", "is missing")
        refs = [a_ref(entry["id"], account=self.account) for entry in entries]
        return [Posted(message=a_message(ref=ref, conversation=ref)) for ref in refs]


@pytest.fixture
def pages(house: House) -> Iterator[Edge]:
    apps = App("north"), App("south"), App("west", token="another-app")
    edge = Edge(house, *(app.connection() for app in apps))
    yield edge
    edge.close()


def known(house: House, account: str) -> set[str]:
    with house.database.read() as unit:
        refs = [a_ref(each, account=Account("pages", account)) for each in "123"]
        return {ref.id for ref in unit.messages.find(refs)}


def deliver(edge: Edge, *entries: dict[str, str], path: str = "/webhooks/pages") -> httpx.Response:
    return edge.http.post(path, json=entries, headers={"token": "app-token"})


@pytest.mark.parametrize("path", ["/webhooks/pages", "/webhooks/pages/south"])
def test_a_network_that_asks_whether_the_address_is_ours_is_greeted(pages: Edge, path: str) -> None:
    answer = pages.http.get(path, params={"token": "app-token", "challenge": "<b>42"})
    assert (answer.status_code, answer.text) == (200, "<b>42")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_who_asks_with_a_wrong_token_gets_401_without_detail(pages: Edge) -> None:
    answer = pages.http.get("/webhooks/pages", params={"token": "wrong", "challenge": "42"})
    assert (answer.status_code, answer.text) == (401, "unauthorized")
    assert pages.edge.answers[401] == 1


def test_where_no_network_asks_there_is_nothing_to_get(pages: Edge) -> None:
    assert pages.http.get("/webhooks/generic/form").status_code == 404
    assert pages.http.get("/webhooks/nobody").status_code == 404


def test_what_comes_for_several_accounts_together_reaches_each_of_them(
    pages: Edge, house: House
) -> None:
    answer = deliver(
        pages,
        {"page": "north", "id": "1"},
        {"page": "south", "id": "2"},
        {"page": "west", "id": "3"},
    )
    assert (answer.status_code, answer.json()["new"]) == (200, 2)
    assert [known(house, name) for name in ("north", "south", "west")] == [{"1"}, {"2"}, set()]


def test_what_no_account_of_the_network_verifies_gets_401(pages: Edge, house: House) -> None:
    answer = pages.http.post("/webhooks/pages", json=[{"page": "north", "id": "1"}])
    assert (answer.status_code, answer.text) == (401, "unauthorized")
    assert known(house, "north") == set()


def test_one_accounts_fault_keeps_nothing_from_the_others(pages: Edge, house: House) -> None:
    answer = deliver(pages, {"page": "north"}, {"page": "south", "id": "2"})
    assert (answer.status_code, answer.json()["field"]) == (422, "id")
    assert known(house, "south") == {"2"}


def test_what_an_account_could_not_read_is_told_and_the_rest_is_taken(
    pages: Edge, house: House
) -> None:
    odd = {"page": "north", "odd": "secret-text"}
    answer = deliver(pages, odd, {"page": "north", "id": "1"}, {"page": "south", "id": "2"})

    assert (answer.status_code, answer.json()["new"]) == (200, 2)
    [told] = house.told()
    assert told.startswith("pages:north sent 1 thing at once in a form")
    assert "secret-text" not in told


def test_a_shared_delivery_that_could_not_be_committed_is_not_acknowledged(
    pages: Edge, house: House
) -> None:
    house.writer.close()
    assert deliver(pages, {"page": "north", "id": "1"}).status_code == 503


class Asking(App):
    """Parses only once its network, which the test plays, has answered."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.asked, self.answered = threading.Event(), threading.Event()

    def connection(self) -> Connection:
        return replace(super().connection(), asks=True)

    def parse(self, request: Request) -> Sequence[Event]:
        self.asked.set()
        assert self.answered.wait(10)
        return super().parse(request)


def test_nobody_waits_for_an_account_that_asks_its_network_while_it_parses(house: House) -> None:
    slow = Asking("north")
    edge = Edge(house, slow.connection())
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(deliver, edge, {"page": "north", "id": "1"})
        assert slow.asked.wait(10)
        assert edge.post(a_body()).status_code == 200
        assert not waiting.done()
        slow.answered.set()
        assert waiting.result().json()["new"] == 1
    edge.close()


def test_who_asks_anything_else_is_answered_while_messages_are_looked_at(
    edge: Edge, house: House
) -> None:
    looking, looked = threading.Event(), threading.Event()

    def slowly(text: str) -> Findings:
        looking.set()
        assert looked.wait(10)
        return Findings(language="en")

    house.arrivals.detector = FakeDetector(slowly)
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(edge.post, a_body())
        assert looking.wait(10)
        assert httpx.get(f"{edge.server.url}/health").json()["status"] == "ok"
        looked.set()
        assert waiting.result().json()["new"] == 1
