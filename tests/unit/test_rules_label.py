"""What agents corrected becomes labelled messages, in a file that only its owner reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from inbox import deskwork
from inbox.message import Deleted, Posted
from inbox.reception import Arrival, Reception
from router.detector import LexiconDetector
from router.engine import OrderedRouter
from router.loader import load_rules
from router.vocabulary import Vocabulary
from store.database import open_database
from tests.builders import a_message, a_ref, an_author
from tests.house import a_desk
from tierdesk.cli.rules import app
from tierdesk.demo import write_configuration

CARD = "4111 1111 1111 1111"
NOW = datetime.now(UTC)


class Desk:
    """A configured desk with a store in which messages arrive and are corrected."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "desk"
        self.out = folder / "labelled.jsonl"
        write_configuration(self.folder, "http://127.0.0.1:9")
        self.database = open_database(f"sqlite:///{self.folder / 'tierdesk.db'}")
        self.database.migrate()
        rules = load_rules(self.folder / "rules.yaml", vocabulary=Vocabulary())
        self.reception = Reception(desk=a_desk(), router=OrderedRouter(rules), planners={})

    def receive(self, name: str, text: str) -> None:
        author = an_author(name, ref=a_ref(f"@{name}"))
        message = a_message(name, text=text, author=author, created_at=NOW)
        findings = LexiconDetector(model=False).detect(text)
        self._arrive(Arrival(event=Posted(message=message), findings=findings))

    def delete(self, name: str) -> None:
        self._arrive(Arrival(event=Deleted(ref=a_ref(name), at=NOW)))

    def correct(self, name: str, tier: int | None, ago: timedelta = timedelta(0)) -> None:
        with self.database.transact() as unit:
            case = unit.messages.find([a_ref(name)])[a_ref(name)].case
            assert case is not None
            at = NOW - ago
            deskwork.correct(
                unit, a_desk(), case, "U0MIHAI", a_ref(name), tier, seen_in=None, at=at
            )

    def label(self, *more: str) -> Result:
        command = ["label", "--config", str(self.folder), "--out", str(self.out), *more]
        return CliRunner().invoke(app, command)

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.read_text(encoding="utf-8").splitlines()]

    def _arrive(self, arrival: Arrival) -> None:
        with self.database.transact() as unit:
            self.reception.receive(unit, [arrival], now=NOW)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.database.close()


def test_a_corrected_message_is_written_whole_with_what_was_said_last(desk: Desk) -> None:
    desk.receive("a", "Somebody else is in my profile")
    desk.receive("b", "Buy our lamps")
    desk.receive("c", "Hello")
    desk.correct("a", 1)
    desk.correct("a", 2)
    desk.correct("b", None)

    result = desk.label()

    assert result.exit_code == 0, result.output
    said = {line["text"]: line["tier_expected"] for line in desk.lines()}
    assert said == {"Somebody else is in my profile": 2, "Buy our lamps": "X"}
    assert desk.lines()[0]["id"] == "mastodon:brand:a"


def test_only_its_owner_reads_the_file_and_nothing_of_it_is_printed(desk: Desk) -> None:
    desk.receive("a", f"You charged {CARD}")
    desk.correct("a", 1)

    result = desk.label()

    assert desk.out.stat().st_mode & 0o777 == 0o600
    assert CARD in desk.out.read_text(encoding="utf-8")
    assert "charged" not in result.output
    assert "Wrote 1 labelled message" in result.output


def test_a_file_that_is_there_is_not_overwritten(desk: Desk) -> None:
    desk.receive("a", "Hello")
    desk.correct("a", 2)
    desk.out.write_text("mine", encoding="utf-8")

    result = desk.label()

    assert result.exit_code == 1
    assert "Name a new file" in result.output
    assert desk.out.read_text(encoding="utf-8") == "mine"


def test_deleted_messages_and_old_corrections_are_left_out(desk: Desk) -> None:
    desk.receive("a", "Hello")
    desk.receive("b", "Hello again")
    desk.correct("a", 2)
    desk.correct("b", 2, ago=timedelta(days=91))
    desk.delete("a")

    result = desk.label()

    assert "Nothing was written" in result.output
    assert not desk.out.exists()


def test_the_file_is_what_evaluate_reads(desk: Desk) -> None:
    desk.receive("a", "The oak lamp is in the window")
    desk.correct("a", 2)
    desk.label()

    result = CliRunner(env={"COLUMNS": "160"}).invoke(app, ["evaluate", str(desk.out)])

    assert result.exit_code == 0, result.output
    assert "mastodon:brand:a" in result.output
    assert "left out" not in result.output
