"""What the operator is told of helpdesks, and the edge where they tell of their tickets."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.routing import Route
from typer.testing import CliRunner

from inbox.changes import HelpdeskAnswered
from inbox.channels import helpdesk_channels
from inbox.errors import Retryable
from inbox.facts import Findings
from inbox.ports import Commented, Request
from tests.contract.helpdesk_worlds import now
from tests.contract.worlds import NOBODY
from tests.helpdesks.fake import FakeHelpdesk, connection_to, delivery_of, signed
from tests.helpdesks.over_http import Served, install
from tests.helpdesks.stage import Stage
from tests.locked_file import Unlocking, locked
from tests.servers import Loopback
from tests.settings_folder import SECRETS, fill_folder
from tierdesk.channel_health import ChannelHealth
from tierdesk.cli import app
from tierdesk.helpdesk_edge import HelpdeskEdge
from workspace.reports import channels_list

SECRET = "a-secret-of-the-helpdesk"
ENVIRON = {**SECRETS, "FAKE_SUPPORT_SECRET": SECRET}


# --- the edge ----------------------------------------------------------------------------


class Edge:
    """A desk with a ticket, and the edge over HTTP."""

    def __init__(self, stage: Stage, url: str) -> None:
        self.stage = stage
        self.url = f"{url}/webhooks/helpdesk/support"

    def post(self, request: Request, url: str | None = None) -> httpx.Response:
        return httpx.post(url or self.url, content=request.body, headers=dict(request.headers))


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    with Stage(tmp_path) as stage:
        stage.write()
        stage.escalate()
        stage.carry()
        helpdesks = {"support": connection_to(stage.helpdesk, secret=SECRET)}
        webhooks = HelpdeskEdge(helpdesks, stage.news, most_bytes=5000, now=stage.clock)
        route = Route("/webhooks/helpdesk/{name}", webhooks, methods=["GET", "POST"])
        with Loopback(Starlette(routes=[route])) as server:
            yield Edge(stage, server.url)


def test_a_delivery_is_acknowledged_after_its_commit_and_once_for_ever(edge: Edge) -> None:
    (ticket,) = edge.stage.helpdesk.kept
    edge.stage.helpdesk.comment(ticket, "It left today.")
    request = delivery_of(SECRET, edge.stage.helpdesk.newest())

    answers = [edge.post(request) for _ in range(2)]

    assert [(a.status_code, a.json()) for a in answers] == [
        (200, {"new": 1, "known": 0}),
        (200, {"new": 0, "known": 1}),
    ]
    edge.stage.look()
    assert len(edge.stage.changes(HelpdeskAnswered)) == 1


def test_what_is_not_signed_is_refused_without_a_word(edge: Edge) -> None:
    (ticket,) = edge.stage.helpdesk.kept
    edge.stage.helpdesk.comment(ticket, "It left today.")
    request = delivery_of("another-secret", edge.stage.helpdesk.newest())
    answer = edge.post(request)
    assert (answer.status_code, answer.text) == (401, "unauthorized")
    assert edge.stage.changes(HelpdeskAnswered) == []


def test_a_bad_body_a_large_one_and_an_unknown_helpdesk_have_their_answers(edge: Edge) -> None:
    at = edge.stage.clock()
    assert edge.post(signed(SECRET, b"[]", at)).status_code == 422
    assert edge.post(signed(SECRET, b"x" * 6000, at)).status_code == 413
    other = edge.url.replace("support", "sales")
    assert edge.post(signed(SECRET, b"[]", at), other).status_code == 404
    assert httpx.get(edge.url).status_code == 404


def test_what_of_a_delivery_nobody_here_can_read_is_told(edge: Edge) -> None:
    answer = edge.post(signed(SECRET, b'{"odd": true}', edge.stage.clock()))

    assert (answer.status_code, answer.json()) == (200, {"new": 0, "known": 0})
    edge.stage.carry()
    [told] = edge.stage.told()
    assert told.startswith("helpdesk:support sent 1 thing at once in a form")


def test_what_was_refused_is_told_once_a_day_in_no_customers_words(edge: Edge) -> None:
    at = edge.stage.clock()
    for _ in range(3):
        assert edge.post(signed(SECRET, b'["secret-text"]', at)).status_code == 422
    assert edge.post(signed("another-secret", b"[]", at)).status_code == 401
    edge.stage.carry()

    [told] = edge.stage.told()
    assert told.startswith("What was sent to the webhook of helpdesk:support")
    assert "secret-text" not in told


# --- the command line --------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(install(tmp_path / "installed"))
    return fill_folder(tmp_path / "desk")


def add_helpdesk(folder: Path, base_url: str) -> None:
    path = folder / "tierdesk.yaml"
    block = f"\nhelpdesks:\n  support: {{kind: fake, base_url: '{base_url}'}}\n"
    path.write_text(path.read_text(encoding="utf-8") + block, encoding="utf-8")


def run(*arguments: str, **environ: str) -> str:
    return CliRunner().invoke(app, arguments, env={**ENVIRON, **environ}).output


def test_the_doctor_asks_each_helpdesk(folder: Path) -> None:
    with Loopback(Served(FakeHelpdesk(now)).app()) as server:
        add_helpdesk(folder, server.url)
        said = run("doctor", str(folder))
    assert "ok   helpdesk:support answers" in said


def test_the_doctor_says_that_a_helpdesk_cannot_be_reached(folder: Path) -> None:
    add_helpdesk(folder, NOBODY)
    said = run("doctor", str(folder))
    assert "BAD  helpdesk:support: fake:support could not be reached." in said


def test_the_table_and_slack_show_a_helpdesk_well_down_and_well_again(
    folder: Path, tmp_path: Path
) -> None:
    add_helpdesk(folder, NOBODY)
    with Stage(tmp_path) as stage:
        well = rows(stage, folder)
        stage.helpdesk.failing = Retryable("Fake could not be reached.")
        stage.write()
        stage.escalate()
        stage.carry()
        down = rows(stage, folder)
        stage.helpdesk.failing = None
        stage.clock.advance(timedelta(minutes=6))
        stage.hurry()
        stage.carry()
        again = rows(stage, folder)
    for (row, line), at in ((well, "10:30"), (again, "10:36")):
        assert row.startswith(f"helpdesk:support  2026-03-04 {at} UTC")
        assert row.endswith("  -")
        assert line.startswith("*helpdesk:support* · last poll ")
        assert not {"ticket", "⚠️"} & {*line.split()}
    row, line = down
    assert row.endswith("  Fake could not be reached. · 1 ticket waits")
    assert line.endswith(" · 1 ticket on the way · ⚠️ Fake could not be reached.")


def rows(stage: Stage, folder: Path) -> tuple[str, str]:
    """The helpdesk's row of `tierdesk channels`, and its line of `/tierdesk channels`."""
    stage.look()
    stage.pulse.keep()
    table = run("channels", "--config", str(folder), DATABASE_URL=f"sqlite:///{stage.file}")
    row = next(line for line in table.splitlines() if line.startswith("helpdesk:"))
    with stage.house.database.read() as unit:
        found = helpdesk_channels(unit, {"support": stage.poll.connection})
    return row, channels_list(found, stage.house.desk.hours.zone).text


# --- health ------------------------------------------------------------------------------


def test_the_end_of_a_helpdesks_token_is_told_once(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        ends = stage.clock() + timedelta(days=2)
        connection = dataclasses.replace(connection_to(stage.helpdesk), expires=lambda: ends)
        health = ChannelHealth(
            connections={},
            helpdesks=[connection],
            store=stage.house.database,
            writer=stage.house.writer,
            desk=stage.house.desk,
            now=stage.clock,
        )
        health.turn()
        health.turn()
        stage.carry()
        (told,) = stage.told()
    assert told.startswith("The token of helpdesk:support ends in 2 days")
    assert "docs/fake.md" in told


def test_a_poll_that_fails_rests_and_goes_on_where_it_was(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.helpdesk.failing = Retryable("Fake asked to wait.", after=timedelta(minutes=2))
        assert stage.poll.turn() == 0
        assert stage.poll.rest() == timedelta(minutes=2)
        stage.helpdesk.failing = None
        stage.write()
        stage.escalate()
        stage.carry()
        (ticket,) = stage.helpdesk.kept
        stage.helpdesk.comment(ticket, "It left today.")
        stage.clock.advance(timedelta(minutes=3))
        assert stage.poll.turn() == 1
        assert len(stage.changes(HelpdeskAnswered)) == 1


def test_what_a_poll_finds_and_nobody_here_can_read_is_told_once(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.helpdesk.odd = 3
        stage.poll.turn()
        stage.poll.turn()
        stage.carry()
        [told] = stage.told()
    assert told.startswith("helpdesk:support sent 3 things at once in a form")


def test_news_that_cannot_be_taken_in_hold_up_no_other_and_are_told(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.write()
        stage.escalate()
        stage.carry()
        (ticket,) = stage.helpdesk.kept
        stage.helpdesk.comment(ticket, "It left today.")
        broken = replace(stage.helpdesk.newest(), text="lone \ud800", id="c-broken")
        fine = replace(broken, text="It left today.", id="c-fine")
        stage.news.receive_page("support", [broken, fine], "7")
        stage.carry()
        (told,) = [t for t in stage.told() if "left out" in t]
        assert f"ticket {ticket} in support" in told
        assert [c.text for c in stage.changes(HelpdeskAnswered)] == ["It left today."]  # type: ignore[attr-defined]  # of this kind
        with stage.house.database.read() as unit:
            assert unit.cursors.get(stage.poll.connection.account) == "7"


def test_a_store_that_is_away_for_a_moment_loses_no_news_of_a_page(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.write()
        stage.escalate()
        stage.carry()
        (ticket,) = stage.helpdesk.kept
        stage.helpdesk.comment(ticket, "It left today.")
        news = [replace(stage.helpdesk.newest(), id=f"c-{n}", text=f"{n}") for n in (1, 2)]
        with locked(stage.house.database, tmp_path / "house.db") as lock:
            writer = Unlocking(stage.house.writer, lock, after=1)
            dataclasses.replace(stage.news, writer=writer).receive_page("support", news, "7")
        stage.carry()
        assert {c.text for c in stage.changes(HelpdeskAnswered)} == {"1", "2"}  # type: ignore[attr-defined]  # of this kind
        assert [t for t in stage.told() if "left out" in t] == []


def test_early_news_that_cannot_be_taken_in_do_not_shut_the_way_for_later_ones(
    tmp_path: Path,
) -> None:
    with Stage(tmp_path) as stage:
        stage.write()
        stage.escalate()
        early = a_comment("c-1", "It left today.")
        stage.tell(early)
        assert stage.changes(HelpdeskAnswered) == []
        stage.carry()
        stage.detector.see, seeing = no_detector, stage.detector.see
        stage.look()
        stage.detector.see = seeing
        stage.carry()
        (told,) = [t for t in stage.told() if "left out" in t]
        assert f"ticket {early.ticket} in support" in told
        stage.tell(a_comment("c-2", "It is there."))
        assert [c.text for c in stage.changes(HelpdeskAnswered)] == ["It is there."]  # type: ignore[attr-defined]  # of this kind


def a_comment(id: str, text: str) -> Commented:  # noqa: A002 - the field's own name
    return Commented(ticket="t-1", id=id, author="Rita", text=text, public=True, at=now())


def no_detector(_text: str) -> Findings:
    raise ZeroDivisionError
