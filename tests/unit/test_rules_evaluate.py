"""A team measures the rules on its own labelled messages."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from router.evaluation import Evaluation, Judged
from tierdesk.cli.rules import app

CARD = "4111 1111 1111 1111"


def evaluate(tmp_path: Path, *rows: object) -> Result:
    file = tmp_path / "data.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return CliRunner(env={"COLUMNS": "160"}).invoke(app, ["evaluate", str(file)])


def judged(expected: str, decided: str, **fields: str) -> Judged:
    plain = {"id": "1", "language": "en", "topic": "billing", "rule": "r", "text": "t"}
    return Judged(expected=expected, decided=decided, **plain | fields)


def test_recall_and_precision_count_private_messages() -> None:
    evaluation = Evaluation()
    for expected, decided in (("2", "2"), ("2", "1"), ("1", "2"), ("1", "1"), ("X", "X")):
        evaluation.add(judged(expected, decided))
    assert (evaluation.all.recall, evaluation.all.precision) == (0.5, 0.5)
    assert evaluation.confusion["2", "1"] == 1


def test_what_the_bot_answered_and_should_not_have_is_the_worst() -> None:
    evaluation = Evaluation()
    for number, (expected, decided) in enumerate((("1", "2"), ("2", "1"), ("2", "0"))):
        evaluation.add(judged(expected, decided, id=str(number)))
    assert [one.id for one in evaluation.worst(2)] == ["2", "1"]
    assert evaluation.all.leaked == 1


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


def test_a_line_without_a_label_is_told_and_left_out(tmp_path: Path) -> None:
    result = evaluate(tmp_path, {"text": "hello"}, {"text": "hello", "tier_expected": 1})
    assert "tier_expected is neither" in result.output
    assert result.exit_code == 0


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
