"""What rules did, and which do nothing, is counted from the stored history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inbox.message import Posted
from inbox.outbox import Alert, State
from inbox.reception import Arrival, Reception
from router.engine import OrderedRouter
from router.loader import load_rules, parse_rules
from router.usage import Usage
from router.vocabulary import Vocabulary
from store.database import Database, open_database
from store.writer import Writer
from tests.builders import a_message, a_ref, an_author, some_facts
from tests.house import a_desk
from tierdesk.cli.rules import app
from tierdesk.current_rules import CurrentRouter
from tierdesk.demo import write_configuration
from tierdesk.rule_uses import rule_uses
from tierdesk.rules_report import RulesReport, beaten

NOW = datetime.now(UTC)
RULES = """
ordered:
  - {name: Lamps, when: {text: {any_words: [lamp*]}}, then: {tier: 1}}
  - {name: Broken lamps, when: {text: {all_words: [lamp, broken]}, visibility: public},
     then: {tier: 1}}
  - {name: Sofas, when: {text: {any_words: [sofa]}}, then: {tier: 1}}
  - {name: New trial, shadow: true, when: {visibility: public}, then: {tier: 1}}
  - {name: Last, when: always, then: {tier: 1}}
always:
  - {name: VIP, when: {author: {vip: true}}, then: {tags: [vip]}}
"""


def router(text: str) -> OrderedRouter:
    return OrderedRouter(parse_rules(text, file="r.yaml", vocabulary=Vocabulary()))


# That the first rule takes all that the second fits, nobody can prove of this one.
HIDDEN = RULES.replace("all_words: [lamp, broken]", "regex: 'broken lamp'")


def counted(rules: str, *texts: str, ago: timedelta = timedelta(0)) -> Usage:
    usage = Usage(router=router(rules), since=NOW - timedelta(days=30))
    for text in texts:
        facts = some_facts(a_message(text=text, created_at=NOW - ago))
        usage.add(facts, usage.router.route(facts))
    return usage


def test_matches_and_fits_are_counted_by_rule() -> None:
    usage = counted(HIDDEN, "my lamp", "a broken lamp", "hello")

    uses = {rule.name: (use.matched, use.held) for rule, use in usage.rows()}
    assert uses == {
        "Lamps": (2, 2),
        "Broken lamps": (0, 1),
        "Sofas": (0, 0),
        "New trial": (1, 3),
        "Last": (1, 3),
        "VIP": (0, 0),
    }


def test_a_rule_that_fits_and_never_decides_is_named_with_who_does() -> None:
    usage = counted(HIDDEN, "a broken lamp")

    assert [(one.rule.name, one.by, one.held) for one in usage.beaten()] == [
        ("Broken lamps", ("Lamps",), 1)
    ]


def test_every_rule_above_that_decides_what_a_beaten_one_fits_is_named() -> None:
    rules = HIDDEN.replace(
        "  - {name: Lamps",
        "  - {name: Red, when: {text: {any_words: [red]}}, then: {tier: 1}}\n  - {name: Lamps",
    )
    usage = counted(rules, "a broken lamp", "a red broken lamp", "another broken lamp")

    [one] = usage.beaten()
    assert beaten(one) == (
        "“Broken lamps” fits 3 messages and decides none: “Lamps” and “Red” above it do."
    )


def test_a_new_rule_at_the_top_is_not_called_beaten_by_the_list_that_was_before_it() -> None:
    usage = counted(
        "ordered: [{name: New, when: {visibility: public}, then: {tier: 1}},"
        " {name: Last, when: always, then: {tier: 1}}]"
    )
    facts = some_facts(a_message(text="a broken lamp", created_at=NOW))
    usage.add(facts, router(HIDDEN).route(facts))

    assert [*usage.beaten()] == []


def test_only_a_rule_that_was_there_before_counts_as_silent() -> None:
    usage = counted(HIDDEN, "hello", ago=timedelta(days=33))

    assert [rule.name for rule in usage.idle()] == [
        "Lamps",
        "Broken lamps",
        "Sofas",
        "New trial",
        "Last",
        "VIP",
    ]
    assert usage.messages == 0
    assert counted(HIDDEN, "hello").idle() == []


def test_a_name_that_left_the_list_is_told() -> None:
    usage = counted(HIDDEN)
    facts = some_facts(a_message(text="hello", created_at=NOW))
    usage.add(facts, router("ordered: [{name: Old, when: always, then: {tier: 1}}]").route(facts))

    assert usage.gone() == ["Old"]


# --- the stored history ------------------------------------------------------------------


def receive(database: Database, rules: OrderedRouter, text: str, at: datetime) -> None:
    author = an_author(text, ref=a_ref(f"@{text}"))
    message = a_message(text, text=text, author=author, created_at=at)
    reception = Reception(desk=a_desk(), router=rules, planners={})
    with database.transact() as unit:
        reception.receive(unit, [Arrival(event=Posted(message=message))], now=at)


def test_the_command_shows_the_table_and_what_does_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    write_configuration(folder, "http://127.0.0.1:9")
    database = open_database(f"sqlite:///{folder / 'tierdesk.db'}")
    database.migrate()
    rules = OrderedRouter(load_rules(folder / "rules.yaml", vocabulary=Vocabulary()))
    receive(database, rules, "When do you open?", NOW)
    database.close()

    command = ["stats", "--config", str(folder), "--since", "1w"]
    result = CliRunner(env={"COLUMNS": "140"}).invoke(app, command)

    assert result.exit_code == 0, result.output
    assert "1 message." in result.output
    assert "not in 1w" in result.output
    assert "never" not in result.output
    assert "Without a match: Spam, Payment data" in " ".join(result.output.split())


def test_a_rules_last_day_is_the_desks_own(tmp_path: Path) -> None:
    """The demo's desk is in Bucharest, where it is the next day already at 23 in Greenwich."""
    folder = tmp_path / "desk"
    write_configuration(folder, "http://127.0.0.1:9")
    database = open_database(f"sqlite:///{folder / 'tierdesk.db'}")
    database.migrate()
    rules = OrderedRouter(load_rules(folder / "rules.yaml", vocabulary=Vocabulary()))
    late = (NOW - timedelta(days=2)).replace(hour=23)
    receive(database, rules, "How do I return it?", late)
    database.close()

    result = CliRunner(env={"COLUMNS": "140"}).invoke(app, ["stats", "--config", str(folder)])

    assert f"{late + timedelta(days=1):%Y-%m-%d}" in result.output


def test_check_warns_of_what_the_history_shows_and_nobody_can_prove(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    write_configuration(folder, "http://127.0.0.1:9")
    (folder / "rules.yaml").write_text(HIDDEN, encoding="utf-8")
    check = ["check", str(folder)]
    assert "warning" not in CliRunner().invoke(app, check).output
    assert not (folder / "tierdesk.db").exists()
    database = open_database(f"sqlite:///{folder / 'tierdesk.db'}")
    database.migrate()
    receive(database, router(HIDDEN), "a broken lamp", NOW)
    database.close()

    result = CliRunner().invoke(app, check)

    assert result.exit_code == 0, result.output
    assert "warning: “Broken lamps” fits 1 message and decides none: “Lamps” above" in result.output


class Office:
    """A desk with an operations channel, its store, and the weekly report."""

    def __init__(self, folder: Path) -> None:
        self.database = open_database(f"sqlite:///{folder / 'desk.db'}")
        self.database.migrate()
        self.writer = Writer(self.database)
        self.now = NOW
        self.router = router(HIDDEN)
        self.report = RulesReport(
            store=self.database,
            writer=self.writer,
            current=CurrentRouter(self.router),
            desk=a_desk(),
            now=lambda: self.now,
        )

    def told(self) -> list[str]:
        with self.database.transact() as unit:
            items = unit.outbox.lease("test", limit=99, lease_for=timedelta(hours=1))
            for item in items:
                unit.outbox.settle(item.id, State.DELIVERED)
        return [item.effect.text for item in items if isinstance(item.effect, Alert)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.writer.close()
    office.database.close()


def test_once_a_week_operations_hears_of_rules_that_do_nothing(office: Office) -> None:
    receive(office.database, office.router, "hello", NOW - timedelta(days=33))
    receive(office.database, office.router, "a broken lamp", NOW - timedelta(days=3))

    office.report.turn()
    office.report.turn()

    [told] = office.told()
    assert "Rules without a match for 30 days: “Sofas”, “VIP”" in told
    assert "“Broken lamps” fits 1 message and decides none: “Lamps” above it does" in told
    office.now += timedelta(days=7)
    office.report.turn()
    assert len(office.told()) == 1


def test_an_always_rule_that_adds_nothing_is_told_though_the_list_was_edited(
    office: Office,
) -> None:
    office.now = NOW - timedelta(weeks=4)
    office.report.turn()
    assert office.told() == []
    office.now = NOW
    edited = HIDDEN.replace("{vip: true}", "{vip: true, bot: false}")
    edited += "  - {name: New, when: {kind: review}, then: {tags: [new]}}\n"
    office.report = replace(office.report, current=CurrentRouter(router(edited)))
    receive(office.database, office.router, "a sofa for my lamp", NOW - timedelta(days=3))

    office.report.turn()

    [told] = office.told()
    assert "“VIP”" in told
    assert "“New”" not in told


def test_a_young_desk_hears_nothing(office: Office) -> None:
    receive(office.database, office.router, "hello", NOW - timedelta(days=3))

    office.report.turn()

    assert office.told() == []


def test_the_desk_lists_every_rule_with_its_matches_of_a_week_and_a_month(office: Office) -> None:
    for text, days in (("my lamp", 1), ("another lamp", 20), ("an old lamp", 31), ("hello", 8)):
        receive(office.database, office.router, text, NOW - timedelta(days=days))

    uses = rule_uses(office.database, CurrentRouter(office.router), NOW)

    assert [(use.position, use.name, use.week, use.month) for use in uses] == [
        (1, "Lamps", 1, 2),
        (2, "Broken lamps", 0, 0),
        (3, "Sofas", 0, 0),
        (4, "New trial", 0, 1),
        (5, "Last", 0, 1),
        (None, "VIP", 0, 0),
    ]
    assert [use.name for use in uses if use.shadow] == ["New trial"]
