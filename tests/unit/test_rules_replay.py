"""A change of rules is tried on history before it goes live."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner, Result

from inbox.desk import Tier
from inbox.facts import SEMANTIC, Findings, Topic
from inbox.message import Posted
from inbox.reception import Arrival, Reception
from router.detector import LexiconDetector
from router.engine import OrderedRouter
from router.loader import load_rules, parse_rules
from router.replay import Decided, Move, Tally
from router.replay import replay as run
from router.vocabulary import Vocabulary
from store.database import Database, open_database
from tests.builders import a_decision, a_message, a_ref, an_author, some_facts
from tests.house import a_desk
from tierdesk.cli.history import decided, how_many
from tierdesk.cli.replay import anew
from tierdesk.cli.rules import app
from tierdesk.demo import write_configuration
from tierdesk.settings import load_settings

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
    assert result.exit_code == 1
    assert "The line is left out" in result.output
    assert '"id": "1"' in result.output
    file.write_text("\n\n".join(lines), encoding="utf-8")
    assert replay(folder, changed(folder), "--file", str(file), "--json").exit_code == 3


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


def listed(*rules: str) -> OrderedRouter:
    """A list of these rules before the last."""
    text = "".join(
        f"  - {rule}\n" for rule in (*rules, "{name: Last, when: always, then: {tier: 1}}")
    )
    return OrderedRouter(parse_rules(f"ordered:\n{text}", file="r.yaml", vocabulary=Vocabulary()))


def moved(before: str, after: str, **fields: Any) -> tuple[Tally, list[Move]]:
    """A message that a rule of this outcome takes, under one of that outcome."""
    rules = [
        f"{{name: All, when: {{visibility: public}}, then: {then}}}" for then in (before, after)
    ]
    was, now = (listed(rule) for rule in rules)
    facts = some_facts(a_message(), **fields)
    history = [Decided(id="1", facts=facts, decision=was.route(facts))]
    tally = Tally()
    return tally, list(run(history, now, a_desk(**DESK), tally))


DESK: dict[str, object] = {
    "tiers": {
        1: Tier(number=1, name="Public", team="care", channel="care"),
        2: Tier(number=2, name="Private", team="specialists", channel="private", private=True),
    }
}


def test_a_rule_without_a_team_means_its_tiers_so_writing_it_out_moves_nothing() -> None:
    assert moved("{tier: 2}", "{tier: 2, team: specialists}")[1] == []
    _, [move] = moved("{tier: 2, team: specialists}", "{tier: 1}")
    assert (move.before["team"], move.after["team"]) == ("specialists", "care")


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("{tier: 1, respond: {ticket: a}}", "{tier: 1, respond: {ticket: b}}", "answer"),
        ("{tier: 1, articles: auto}", "{tier: 1, articles: suggest}", "articles"),
        ("{tier: 1}", "{tier: 1, hide: true}", "hide"),
        ("{tier: 1}", "{tier: 1, assignee: U0MIHAI}", "assignee"),
    ],
)
def test_whatever_a_customer_or_a_colleague_gets_otherwise_moves(
    before: str, after: str, what: str
) -> None:
    tally, [move] = moved(before, after)
    assert (move.what, tally.moved, tally.marked) == ((what,), 1, 0)


def test_alerts_and_the_watch_of_always_rules_move_too() -> None:
    facts = some_facts(a_message())
    loud = a_decision(team=None, alerts=("operations",), watch=True)
    [move] = run([Decided(id="1", facts=facts, decision=loud)], listed(), a_desk(), Tally())
    assert move.what == ("alerts", "watch")


def test_another_priority_or_tag_only_marks_a_message_and_is_counted_apart(folder: Path) -> None:
    tally, [move] = moved("{tier: 1}", "{tier: 1, tags: [x], priority: high}")
    assert (move.what, tally.moved, tally.marked) == (("priority", "tags"), 0, 1)
    new = folder / "new.yaml"
    text = (folder / "rules.yaml").read_text(encoding="utf-8")
    new.write_text(text.replace("tags: [praise]", "tags: [love]"), encoding="utf-8")
    result = replay(folder, new)
    assert result.exit_code == 3
    assert "3 messages, 0 move." in result.output
    assert "1 only get another priority or other tags" in result.output


CHATTY = """ordered:
  - name: Chatty
    when:
      {visibility: public, length: {at_most: 99}, links: {at_most: 0}, text: {any_words: [charged]}}
    then: {tier: 0, respond: {public_reply: opening_hours}}
"""


def test_what_withholds_an_answer_and_why_the_old_rule_lost_is_told_with_the_id(
    folder: Path,
) -> None:
    new = folder / "new.yaml"
    text = (folder / "rules.yaml").read_text(encoding="utf-8")
    new.write_text(text.replace("ordered:\n", CHATTY, 1), encoding="utf-8")

    result = CliRunner(env={"COLUMNS": "300"}).invoke(
        app, ["replay", "--config", str(folder), "--rules", str(new)]
    )
    [move] = [json.loads(line) for line in replay(folder, new, "--json").output.splitlines()]

    for words in (
        "automatic public reply withheld: ",
        "it stands below Chatty",
        "mastodon:brand:2",
    ):
        assert words in result.output
    assert move["after"]["not_by"] == "Payment data and identity papers: it stands below Chatty"
    assert "withheld" in move["after"]["because"][-1]


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (
            listed("{name: Old, when: {visibility: private}, then: {tier: 2}}"),
            "Old: no, visibility is not private",
        ),
        (listed(), "Old: it is in the list no more"),
        (listed("{name: Old, when: {visibility: public}, then: {tier: 1}}"), None),
    ],
)
def test_the_old_rule_says_why_it_does_not_decide_any_more(
    now: OrderedRouter, why: str | None
) -> None:
    was = Decided(id="1", facts=some_facts(a_message()), decision=a_decision("Old", tier=2))
    [move] = run([was], now, a_desk(), Tally())
    assert move.not_by == why


def test_looking_anew_asks_the_network_again_and_not_what_was_found() -> None:
    detector = LexiconDetector()
    facts = some_facts(a_message(text="Hello"), language="ja")
    history = [
        Decided(id=said or "", facts=facts, decision=a_decision(), said=said)
        for said in (None, "tr")
    ]
    found = [now.facts.language for now in anew(history, detector)]
    assert found == [detector.detect("Hello", language=said).language for said in (None, "tr")]
    assert found[0] is None


def test_the_history_knows_which_language_its_network_told(folder: Path) -> None:
    database = open_database(f"sqlite:///{folder / 'tierdesk.db'}")
    message = a_message("said", text="Hello", language="tr", created_at=datetime.now(UTC))
    reception = Reception(desk=a_desk(), router=listed(), planners={})
    with database.transact() as unit:
        reception.receive(unit, [Arrival(event=Posted(message=message))], now=datetime.now(UTC))
    database.close()
    settings = load_settings(folder, {}, without_secrets=True)
    told = {was.id: was.said for was in decided(settings, datetime.now(UTC) - timedelta(days=1))}
    assert told["mastodon:brand:said"] == "tr"
    assert how_many(settings, datetime.now(UTC) - timedelta(days=1)) == len(told) == 4


@pytest.mark.parametrize("text", ["nonsense\n[]\n", ""])
def test_a_file_that_holds_no_message_proves_nothing(folder: Path, text: str) -> None:
    file = folder / "messages.jsonl"
    file.write_text(text, encoding="utf-8")
    assert replay(folder, folder / "rules.yaml", "--file", str(file)).exit_code == 1


def test_a_length_of_time_beside_a_file_is_refused(folder: Path) -> None:
    file = folder / "messages.jsonl"
    file.write_text('{"text": "Hello"}', encoding="utf-8")
    result = replay(folder, folder / "rules.yaml", "--file", str(file), "--since", "7d")
    assert result.exit_code == 2
    assert "--since is for the history" in result.output


def test_a_broken_list_in_the_folder_does_not_keep_a_good_one_from_being_tried(
    folder: Path,
) -> None:
    new = changed(folder)
    (folder / "rules.yaml").write_text("ordered: nonsense", encoding="utf-8")
    assert "3 messages, 1 move." in replay(folder, new).output
    file = folder / "messages.jsonl"
    file.write_text('{"text": "Hello"}', encoding="utf-8")
    result = replay(folder, new, "--file", str(file))
    assert result.exit_code == 1
    assert "rules.yaml:1" in result.output


def test_a_time_without_a_message_is_no_proof_that_nothing_moves(folder: Path) -> None:
    result = replay(folder, folder / "rules.yaml", "--since", "0h")
    assert result.exit_code == 1
    assert "holds no message: nothing was tried" in result.output


def test_an_empty_length_of_time_is_none(folder: Path) -> None:
    assert replay(folder, folder / "rules.yaml", "--since", "").exit_code == 2


def test_a_file_of_messages_may_be_the_input(folder: Path) -> None:
    command = ["replay", "--config", str(folder), "--rules", str(folder / "rules.yaml")]
    result = CliRunner().invoke(app, [*command, "--file", "-"], input='{"text": "hello"}\n')
    assert (result.exit_code, "1 messages, 0 move" in result.output) == (0, True)


def test_half_a_character_of_another_program_is_no_end(folder: Path) -> None:
    file = folder / "m.jsonl"
    file.write_text('{"id": "\\ud800", "text": "The oak lamp is wonderful, I love it!"}')
    result = replay(folder, changed(folder), "--file", str(file), "--json")
    assert (result.exit_code, json.loads(result.output)["id"]) == (3, "\ud800")
