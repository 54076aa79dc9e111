"""A change of rules is tried on history before it goes live."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner, Result

from inbox.facts import SEMANTIC, Findings, Topic
from inbox.message import Posted
from inbox.reception import Arrival, Reception
from router.detector import LexiconDetector
from router.engine import OrderedRouter
from router.loader import load_rules
from router.replay import Decided
from router.vocabulary import Vocabulary
from store.database import Database, open_database
from tests.builders import a_decision, a_message, a_ref, an_author, some_facts
from tests.house import a_desk
from tierdesk.cli.replay import anew
from tierdesk.cli.rules import app
from tierdesk.demo import write_configuration

CARD = "4111 1111 1111 1111"
TEXTS = (
    "Where is my parcel?",
    "The oak lamp is wonderful, I love it!",
    f"You charged {CARD} twice",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configured desk with a short history."""
    folder = tmp_path / "desk"
    write_configuration(folder, "http://127.0.0.1:9")
    database = open_database(f"sqlite:///{folder / 'tierdesk.db'}")
    database.migrate()
    _receive(database, load_rules(folder / "rules.yaml", vocabulary=Vocabulary()))
    database.close()
    return folder


def _receive(database: Database, rules: object) -> None:
    from datetime import UTC, datetime

    detector = LexiconDetector()
    reception = Reception(desk=a_desk(), router=OrderedRouter(rules), planners={})  # type: ignore[arg-type]
    arrivals = [
        Arrival(
            event=Posted(
                message=a_message(
                    str(number),
                    text=text,
                    author=an_author(f"u{number}", ref=a_ref(f"u{number}")),
                    created_at=datetime.now(UTC),
                )
            ),
            findings=detector.detect(text),
        )
        for number, text in enumerate(TEXTS)
    ]
    with database.transact() as unit:
        reception.receive(unit, arrivals, now=datetime.now(UTC))


def replay(folder: Path, rules: Path, *more: str) -> Result:
    command = ["replay", "--config", str(folder), "--rules", str(rules), *more]
    return CliRunner().invoke(app, command)


def changed(folder: Path) -> Path:
    """A list under which praise goes to the specialists."""
    text = (folder / "rules.yaml").read_text(encoding="utf-8")
    before, praise = text.split("  - name: Praise\n")
    new = folder / "new.yaml"
    praise = praise.replace("tier: 1", "tier: 2", 1).replace("team: care", "team: specialists", 1)
    new.write_text(f"{before}  - name: Praise\n{praise}", encoding="utf-8")
    return new


def test_the_same_list_moves_nothing_and_says_so_by_its_status(folder: Path) -> None:
    result = replay(folder, folder / "rules.yaml")
    assert result.exit_code == 0, result.output
    assert "3 messages, 0 move." in result.output


def test_what_moves_is_counted_and_shown_with_both_reasons(folder: Path) -> None:
    result = replay(folder, changed(folder), "--json")
    assert result.exit_code == 3, result.output
    [moved] = [json.loads(line) for line in result.output.splitlines()]
    assert moved["changed"] == ["tier", "team"]
    assert (moved["before"]["tier"], moved["after"]["tier"]) == ("tier 1", "tier 2")
    assert any("praise" in reason for reason in moved["after"]["because"])
    assert "1 move" in replay(folder, changed(folder)).output


def test_on_a_terminal_a_bar_runs_along(folder: Path) -> None:
    screen, terminal = os.openpty()
    command = [sys.executable, "-m", "tierdesk", "rules", "replay", "--config", str(folder)]
    with subprocess.Popen(
        [*command, "--rules", str(changed(folder))], stderr=terminal, stdout=subprocess.DEVNULL
    ) as process:
        assert process.wait(timeout=60) == 3
    os.close(terminal)
    shown = os.read(screen, 100_000).decode()
    os.close(screen)
    assert "━" in shown
    assert "3/3" in shown


def test_a_file_that_is_not_there_is_told_in_words(folder: Path) -> None:
    result = replay(folder, folder / "rules.yaml", "--file", "nowhere.jsonl")
    assert result.exit_code == 2
    assert "nowhere.jsonl" in result.output


def test_history_keeps_its_facts_unless_they_are_asked_for_anew(folder: Path) -> None:
    assert replay(folder, folder / "rules.yaml", "--redetect").exit_code == 0


def test_looking_anew_takes_all_that_todays_detectors_find() -> None:
    detector = LexiconDetector()
    message = a_message(text="You charged 4111 1111 1111 1111 twice, see https://example.org")
    found = detector.detect(message.text)
    stale = some_facts(message, language=None, doubt=not found.doubt, failed=("topics",))
    [now] = anew([Decided(id="1", facts=stale, decision=a_decision())], detector)
    told: dict[str, Any] = {
        name: getattr(now.facts, name, None) for name in found.__struct_fields__
    }
    assert Findings(**told) == replace(found, leaning=None)


def test_a_file_of_messages_is_decided_under_both_lists(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    lines = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(TEXTS)]
    file.write_text("\n".join([*lines, "broken"]), encoding="utf-8")
    result = replay(folder, changed(folder), "--file", str(file), "--json")
    assert result.exit_code == 3
    assert "The line is left out" in result.output
    assert '"id": "1"' in result.output


def test_personal_data_of_the_history_is_not_printed(folder: Path) -> None:
    none = folder / "none.yaml"
    none.write_text(
        "ordered:\n  - name: All\n    when: always\n    then: {tier: 1, team: care}\n",
        encoding="utf-8",
    )
    output = replay(folder, none, "--json").output
    assert "[card number]" in output
    assert CARD not in output


def test_a_wrong_length_of_time_is_refused_in_words(folder: Path) -> None:
    result = replay(folder, folder / "rules.yaml", "--since", "soon")
    assert result.exit_code == 2
    assert "30d" in result.output


def test_looking_anew_keeps_what_a_second_look_found() -> None:
    seen = Topic(name="billing", words=(), source=SEMANTIC, examples=("You took it twice.",))
    message = a_message(text="What are your opening hours?")
    was = Decided(id="1", facts=some_facts(message, topics=(seen,)), decision=a_decision())
    [now] = anew([was], LexiconDetector())
    assert seen in now.facts.topics
