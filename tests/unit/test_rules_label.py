"""What agents corrected becomes labelled messages, in a file that only its owner reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from inbox import deskwork, ignored
from inbox.facts import Facts
from inbox.message import Deleted, Kind, Posted
from inbox.reception import Arrival, Reception
from router.detector import LexiconDetector
from router.engine import OrderedRouter
from router.loader import load_rules, parse_rules
from router.vocabulary import Vocabulary
from store.database import open_database
from tests.builders import a_message, a_ref, an_author, some_facts
from tests.house import a_desk
from tierdesk.cli.explained import Desktop
from tierdesk.cli.rules import app
from tierdesk.cli.samples import sample_of, written
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

    def decide_by(self, rules: str) -> None:
        (self.folder / "rules.yaml").write_text(rules, encoding="utf-8")
        read = parse_rules(rules, file="rules.yaml", vocabulary=Vocabulary())
        self.reception = replace(self.reception, router=OrderedRouter(read))

    def receive(self, name: str, text: str, *, by: str | None = None, **fields: Any) -> None:
        of_author = {key: fields.pop(key) for key in ("followers", "staff") if key in fields}
        author = an_author(by or name, ref=a_ref(f"@{by or name}"), **of_author)
        message = a_message(name, text=text, author=author, created_at=NOW, **fields)
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

    def correct_ignored(self, name: str, tier: int | None, ago: timedelta = timedelta(0)) -> None:
        with self.database.transact() as unit:
            ignored.correct(unit, a_desk(), a_ref(name), "U0MIHAI", tier, at=NOW - ago)

    def label(self, *more: str) -> Result:
        command = ["label", "--config", str(self.folder), "--out", str(self.out), *more]
        return CliRunner().invoke(app, command)

    def lines(self) -> list[dict[str, Any]]:
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


def test_a_message_that_a_rule_set_aside_is_written_with_what_was_said_of_it(desk: Desk) -> None:
    desk.receive("a", "buy followers cheap")
    desk.receive("b", "buy followers cheap, today only")
    desk.receive("c", "buy followers cheap, last chance")
    desk.correct_ignored("a", 1)
    desk.correct_ignored("b", None)
    desk.correct_ignored("c", 1, ago=timedelta(days=91))

    desk.label()

    said = [(line["text"], line["tier_decided"], line["tier_expected"]) for line in desk.lines()]
    assert said == [
        ("buy followers cheap", "X", 1),
        ("buy followers cheap, today only", "X", "X"),
    ]


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


BY_FACTS = """
ordered:
  - {name: Bad review, when: {rating: {at_most: 2}}, then: {tier: 2}}
  - {name: Known name, when: {not: {author: {handles: [nobody]}}, author: {handles: [eve]}},
     then: {tier: 2}}
  - {name: Many read it, when: {author: {followers: {at_least: 1000}}}, then: {tier: 2}}
  - {name: Of the staff, when: {author: {staff: true}}, then: {tier: 2}}
  - {name: Goes on, when: {case: {status: new, tier: 1}}, then: {tier: 2}}
  - {name: First, when: {contact: first, text: {any_words: [newcomer]}}, then: {tier: 2}}
  - {name: Last, when: always, then: {tier: 1}}
"""


def test_the_rules_that_decided_decide_the_same_of_the_labelled_messages(desk: Desk) -> None:
    desk.decide_by(BY_FACTS)
    desk.receive("a", "Well", kind=Kind.REVIEW, rating=1)
    desk.receive("b", "Well", by="Eve")
    desk.receive("c", "Well", followers=5000)
    desk.receive("d", "Well", staff=True)
    desk.receive("e", "I am a newcomer")
    desk.receive("f", "Well", by="ana")
    desk.receive("g", "Well", by="ana")
    for name in "abcdeg":
        desk.correct(name, 2)
    desk.correct("f", 1)
    desk.label()

    command = ["evaluate", str(desk.out), "--config", str(desk.folder), "--json"]
    told = json.loads(CliRunner().invoke(app, command).stdout)

    assert [line["tier_decided"] for line in desk.lines()].count(2) == 6
    assert told["all"]["confusion"] == {"1": {"1": 1}, "2": {"2": 6}}


def test_an_author_is_named_only_where_a_rule_asks_for_them(desk: Desk) -> None:
    desk.decide_by(BY_FACTS)
    desk.receive("a", "Well", by="Eve")
    desk.receive("b", "Well", by="mallory")
    desk.correct("a", 2)
    desk.correct("b", 1)

    desk.label()

    assert [line["author"].get("handle") for line in desk.lines()] == ["Eve", None]
    whole = desk.out.read_text(encoding="utf-8")
    assert "mallory" not in whole
    assert "Ana" not in whole


def test_a_label_says_what_the_message_was_found_to_be_about(desk: Desk) -> None:
    desk.receive("a", "You charged me twice and my parcel is late")
    desk.receive("b", "Where is my parcel?")
    desk.receive("c", "Hello")
    for name in "abc":
        desk.correct(name, 1)

    desk.label()

    assert [line["topic"] for line in desk.lines()] == ["billing", "delivery", None]


def test_every_fact_that_a_line_can_tell_is_read_back_as_it_was() -> None:
    facts = some_facts(
        a_message(text="Hello", kind=Kind.REVIEW),
        followers=7,
        verified=True,
        bot=False,
        staff=False,
        vip=True,
        first_contact=False,
        case_tier=2,
        case_status="on hold",
        business_hours=False,
        menu_choice="money",
        attachments=2,
        rating=3,
    )
    line = written(facts, language="en", named={"ana@example.org"})
    rules = parse_rules(BY_FACTS, file="r", vocabulary=Vocabulary())
    table = Desktop(detector=LexiconDetector(), router=OrderedRouter(rules), at=facts.at)
    [(_, read)] = table.facts_of([sample_of(line)])
    assert {name: getattr(read, name) for name in FACTS} == {
        name: getattr(facts, name) for name in FACTS
    }


FACTS = set(Facts.__struct_fields__) - {"language", "topics", "spans", "links"} - {"hints", "doubt"}
