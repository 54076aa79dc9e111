"""A team measures the rules on its own labelled messages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from router.evaluation import Evaluation, Judged
from tests.settings_folder import change, fill_folder
from tierdesk.cli.rules import app

CARD = "4111 1111 1111 1111"


def evaluate(tmp_path: Path, *rows: object, more: tuple[str, ...] = ()) -> Result:
    file = tmp_path / "data.jsonl"
    file.write_text("\n\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return CliRunner(env={"COLUMNS": "160"}).invoke(app, ["evaluate", str(file), *more])


def judged(expected: str, decided: str, **fields: Any) -> Judged:
    plain: dict[str, Any] = {
        "id": "1",
        "language": "en",
        "topic": "billing",
        "rule": "r",
        "text": "t",
    }
    return Judged(expected=expected, decided=decided, **plain | fields)


def test_recall_and_precision_count_private_messages() -> None:
    evaluation = Evaluation()
    for expected, decided in (("2", "2"), ("2", "1"), ("1", "2"), ("1", "1"), ("X", "X")):
        evaluation.add(judged(expected, decided))
    assert (evaluation.all.recall, evaluation.all.precision) == (0.5, 0.5)
    assert evaluation.all.confusion["2", "1"] == 1


def test_what_the_bot_answered_and_should_not_have_is_the_worst() -> None:
    evaluation = Evaluation()
    for number, (expected, decided) in enumerate((("1", "2"), ("2", "1"), ("2", "0"))):
        evaluation.add(judged(expected, decided, id=str(number)))
    assert [one.id for one in evaluation.worst(2)] == ["2", "1"]
    assert evaluation.all.leaked == 1


def test_every_mistake_is_one_and_what_harms_customers_comes_first() -> None:
    worst_first = [
        ("2", "0"),  # a private matter answered by the bot
        ("2", "1"),  # shown in public
        ("1", "X"),  # thrown away
        ("1", "0"),  # answered by the bot
        ("1", "2"),  # wrongly private
        ("0", "1"),
        ("X", "1"),
        ("3", "2"),
    ]
    evaluation = Evaluation()
    for expected, decided in reversed([*worst_first, ("1", "1"), ("X", "X")]):
        evaluation.add(judged(expected, decided))
    badness = [judged(*pair).badness for pair in worst_first]
    assert badness == sorted(badness, reverse=True)
    assert len(set(badness[:6])) == 6
    assert len(evaluation.worst(99)) == len(worst_first)
    assert (evaluation.worst(1)[0].expected, evaluation.worst(1)[0].decided) == ("2", "0")


def test_what_is_private_is_the_desks_own_word() -> None:
    assert judged("3", "2", private=3).badness > judged("1", "2", private=3).badness
    assert not judged("2", "2", private=3).needed_private
    assert not judged("2", "2", private=None).needed_private


def test_a_desk_with_a_public_tier_2_is_measured_from_tier_3(tmp_path: Path) -> None:
    folder = fill_folder(tmp_path)
    change(folder / "tierdesk.yaml", "  2:\n    name: Private", TIER_2 + "  3:\n    name: Private")
    list_of_one = "ordered: [{name: All, when: always, then: {tier: 2}}]"
    (folder / "rules.yaml").write_text(list_of_one, encoding="utf-8")
    row = {"text": "I was charged twice", "tier_expected": 3}

    result = evaluate(tmp_path, row, more=("--config", str(folder), "--json"))

    told = json.loads(result.stdout)
    assert (told["private_from"], told["all"]["recall"]) == (3, 0.0)
    assert [one["tier_decided"] for one in told["worst"]] == ["2"]


TIER_2 = "  2:\n    name: Experts\n    team: care\n    channel: care\n"


def test_the_confusion_is_told_for_every_language_and_topic_where_asked_for(tmp_path: Path) -> None:
    rows = [
        {"text": "I was charged twice", "tier_expected": 1, "lang": "en", "topic": "money"},
        {"text": "lovely lamp", "tier_expected": 1, "lang": "en", "topic": "lamps"},
    ]
    told = json.loads(evaluate(tmp_path, *rows, more=("--json",)).stdout)
    assert told["all"]["confusion"] == {"1": {"1": 1, "2": 1}}
    assert told["topics"]["money"]["confusion"] == {"1": {"2": 1}}
    assert told["languages"]["en"]["messages"] == 2

    by_tier = [
        evaluate(tmp_path, *rows, more=more).output.split("By tier")[1]
        for more in ((), ("--confusion",))
    ]
    assert ["topic money" in text for text in by_tier] == [False, True]


@pytest.mark.parametrize("closed", [True, False])
def test_business_hours_are_the_lines_own_and_never_the_clocks(
    tmp_path: Path, closed: bool
) -> None:
    folder = fill_folder(tmp_path)
    rules = (
        "ordered:\n  - {name: Night, when: {business_hours: closed}, then: {tier: 2}}\n"
        "  - {name: Day, when: always, then: {tier: 1}}\n"
    )
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    near = [datetime.now(UTC) + timedelta(days=days) for days in (-1, 0, 1)]
    closed_now = ", ".join(f'"{day:%Y-%m-%d}"' for day in near)
    change(folder / "tierdesk.yaml", "closed_on: [", f"closed_on: [{closed_now}, ")
    row = {"text": "Hello", "tier_expected": 1} | ({"business_hours": "closed"} if closed else {})
    told = json.loads(evaluate(tmp_path, row, more=("--config", str(folder), "--json")).stdout)
    assert told["all"]["confusion"] == {"1": {"2" if closed else "1": 1}}


def test_the_report_names_languages_topics_and_mistakes(tmp_path: Path) -> None:
    result = evaluate(
        tmp_path,
        {
            "id": "a",
            "text": "I was charged twice",
            "tier_expected": 2,
            "lang": "en",
            "topic": "money",
        },
        {"id": "b", "text": "lovely lamp", "tier_expected": "2", "lang": "en", "topic": "money"},
    )
    assert result.exit_code == 0, result.output
    assert "topic money" in result.output
    assert "0.500" in result.output
    assert "b: lovely lamp" in result.output


def test_a_line_without_a_label_is_told_and_left_out_and_fails(tmp_path: Path) -> None:
    result = evaluate(tmp_path, {"text": "hello"}, {"text": "hello", "tier_expected": 1})
    assert "tier_expected is neither" in result.output
    assert "1 line could not be read" in result.output
    assert "Private messages (tier 2 and above)" in result.output
    assert result.exit_code == 1


def test_lines_may_come_from_the_input() -> None:
    line = '{"text": "hello", "tier_expected": 1}\n'
    result = CliRunner().invoke(app, ["evaluate", "-", "--json"], input=line)
    assert (result.exit_code, json.loads(result.output)["all"]["messages"]) == (0, 1)


def test_a_tier_that_the_desk_does_not_have_is_no_label(tmp_path: Path) -> None:
    rows = ({"text": "hello", "tier_expected": tier} for tier in (1, 7))
    folder = fill_folder(tmp_path / "desk")
    result = evaluate(tmp_path, *rows, more=("--config", str(folder)))
    assert result.exit_code == 1
    assert ":3: the desk has no tier 7. The line is left out." in result.output


def test_half_a_character_of_another_program_is_no_end(tmp_path: Path) -> None:
    row = {"id": "\ud800", "text": "hello", "tier_expected": 2, "topic": "\ud800"}
    result = evaluate(tmp_path, row, more=("--json",))
    assert (result.exit_code, json.loads(result.output)["worst"][0]["id"]) == (0, "\ud800")


def test_nothing_labelled_is_a_failure(tmp_path: Path) -> None:
    assert evaluate(tmp_path, {"text": "hello"}).exit_code == 1


def test_mistakes_are_shown_without_personal_data(tmp_path: Path) -> None:
    result = evaluate(tmp_path, {"text": f"card {CARD}", "tier_expected": 1})
    assert "[card number]" in result.output
    assert CARD not in result.output


def test_data_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    for nowhere in (tmp_path / "nowhere.jsonl", tmp_path):
        result = CliRunner().invoke(app, ["evaluate", str(nowhere)])
        assert result.exit_code == 2
        assert "DATA" in result.output
