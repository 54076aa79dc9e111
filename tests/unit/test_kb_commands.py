"""`tierdesk kb` from outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from inbox.message import Posted
from inbox.reception import Arrival
from store.database import open_database
from store.writer import Writer
from tests.builders import a_decision, a_message, a_ref, an_author, some_findings
from tests.house import FakeRouter, a_desk
from tests.settings_folder import change, fill_folder
from tierdesk.cli import app
from tierdesk.cli.shelf import shelf_of


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["kb", *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill_folder(tmp_path / "desk")


ADDRESS = ("  # address: ", "  address: ")


def test_search_names_the_article_the_words_and_whether_it_is_certain(folder: Path) -> None:
    change(folder / "tierdesk.yaml", *ADDRESS)
    result = run("search", "Do you ship abroad, to Japan?", "--config", str(folder))

    assert result.exit_code == 0, result.output
    assert "delivery: Delivery: cost and time" in result.output.splitlines()[0]
    assert "abroad" in result.output
    assert "Certain enough to answer by itself" in result.output


def test_search_prints_json_and_internal_articles_only_where_asked(folder: Path) -> None:
    asked = (
        "search",
        "my lamp came damaged",
        "--language",
        "en",
        "--json",
        "--config",
        str(folder),
    )
    public, internal = run(*asked), run(*asked, "--internal")

    assert "broken-on-arrival" not in public.output
    found = json.loads(internal.output)
    assert found["hits"][0]["article"] == "broken-on-arrival"
    assert not found["hits"][0]["public"]
    assert found["certain"] is None


@pytest.mark.parametrize("limit", ["1", "2"])
def test_search_is_as_certain_however_many_it_shows(folder: Path, limit: str) -> None:
    change(folder / "tierdesk.yaml", *ADDRESS)
    result = run("search", "parcel delivery time", "--limit", limit, "--config", str(folder))
    assert "Not certain enough to answer by itself" in result.output


@pytest.mark.parametrize(
    ("text", "language", "why_not"),
    [
        ("Do you ship abroad, to Japan?", "en", None),
        ("Enviáis al extranjero, a Japón?", "es", "it has no text in es"),
        ("my lamp came damaged", "en", "it is internal: only agents see it"),
        ("Do you ship abroad, to Japan? " * 20, "en", "the message is longer than 400 characters"),
    ],
)
def test_search_says_why_a_certain_article_is_not_sent(
    folder: Path, text: str, language: str, why_not: str | None
) -> None:
    change(folder / "tierdesk.yaml", *ADDRESS)
    found = json.loads(
        run("search", text, "--language", language, "--json", "--config", str(folder)).output
    )
    assert found["why_not"] == why_not
    assert (found["certain"] is None) == (why_not is not None)


def test_search_is_not_certain_of_an_article_without_an_address(folder: Path) -> None:
    result = run("search", "Do you ship abroad, to Japan?", "--config", str(folder))
    assert "not sent by itself: it has no address" in result.output


def test_a_plain_folder_of_articles_is_enough(folder: Path) -> None:
    assert "delivery" in run("search", "ship abroad", "--config", str(folder / "knowledge")).output
    assert run("check", str(folder / "knowledge")).exit_code == 0


def test_the_starter_s_articles_are_without_a_remark() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert result.output == "the starter: 5 articles, 0 faults, 0 warnings.\n"


def test_check_ends_with_1_for_a_fault_and_with_0_for_a_warning(folder: Path) -> None:
    article = folder / "knowledge" / "returns.md"
    change(article, '"2026-11-20"', '"2020-01-01"')
    weak = run("check", str(folder))
    change(article, "in any sturdy box", "in any [sturdy box](box.md)")
    wrong = run("check", str(folder))

    assert weak.exit_code == 0
    assert "returns.md: warning: was last confirmed" in weak.output
    assert wrong.exit_code == 1
    assert "links to “box.md”, which is no article" in wrong.output


def test_a_broken_article_is_a_fault_for_check_and_left_out_by_the_others(folder: Path) -> None:
    change(folder / "knowledge" / "returns.md", "visibility: public", "visibility: hidden")
    (folder / "knowledge" / ".#delivery.md").symlink_to("nowhere")
    for where in (folder, folder / "knowledge"):
        checked = run("check", str(where))
        found = run("search", "ship abroad", "--config", str(where))

        assert checked.exit_code == 1
        assert "returns.md:" in checked.stdout
        assert "5 articles, 1 fault, 0 warnings." in checked.stdout
        assert found.exit_code == 0, found.output
        assert "delivery" in found.stdout
        assert "left out: " in found.stderr
        assert "returns.md" in found.stderr
        assert "returns.md" not in found.stdout


WRONG = (("lang", 5), ("query", None), ("query", 7), ("expected", ["returns.md"]))


def test_calibrate_prints_what_can_be_pasted_into_the_settings(
    folder: Path, tmp_path: Path
) -> None:
    shelf = shelf_of(folder)
    lines: list[dict[str, str | None]] = [
        {"query": question, "lang": language, "expected": f"{article.key}.md"}
        for article in shelf.knowledge.articles
        for language, questions in article.questions.items()
        for question in questions
    ]
    lines += [{"query": "do you rent submarines", "lang": "en", "expected": None}] * 3
    change(folder / "tierdesk.yaml", *ADDRESS)
    data = tmp_path / "data.jsonl"
    broken = ['{"query": "no label"}', "not json", json.dumps(lines[0] | {"expected": "gone.md"})]
    broken += [json.dumps(lines[0] | {key: value}) for key, value in WRONG]
    data.write_text("\n".join([*map(json.dumps, lines), *broken]), encoding="utf-8")

    result = run("calibrate", str(data), "--config", str(folder))

    assert result.exit_code == 0, result.output
    assert result.output.count("left out") == 3 + len(WRONG)
    assert f"warning: these are {len(lines)}, 3 of them without an article" in result.output
    assert f"({len(lines) - 3} of {len(lines) - 3})" in result.output
    pasted = result.output[result.output.index("\nknowledge:\n") :]
    settings = folder / "tierdesk.yaml"
    text = settings.read_text(encoding="utf-8")
    start, end = text.index("\nknowledge:\n"), text.index("\n# ---- Limits and times")
    settings.write_text(text[:start] + pasted + text[end:], encoding="utf-8")
    again = shelf_of(folder).knowledge.certainty
    assert f"threshold: {again.threshold:.2f}\n  margin: {again.margin:.2f}\n" in pasted


def test_calibrate_tells_what_is_found_from_what_is_sent_by_itself(
    folder: Path, tmp_path: Path
) -> None:
    asked = [
        ("Do you ship abroad, to Japan?", "en", "delivery"),
        ("Livrați și în străinătate?", "ro", "delivery"),
        ("my lamp came damaged", "en", "broken-on-arrival"),
        ("When do you open on Sunday?", "en", "opening-hours"),
    ]
    data = tmp_path / "data.jsonl"
    lines = [json.dumps({"query": q, "lang": lang, "expected": key}) for q, lang, key in asked]
    data.write_text("\n".join(lines), "utf-8")

    without = run("calibrate", str(data), "--config", str(folder)).output
    change(folder / "tierdesk.yaml", *ADDRESS)
    result = run("calibrate", str(data), "--config", str(folder)).output

    def row(name: str, output: str) -> str:
        return next(line for line in output.splitlines() if name in line)

    assert "(4 of 4)" in row("found by the search", result)
    assert "(2 of 4)" in row("answered by itself, public", result)
    assert "(3 of 4)" in row("answered by itself, private", result)
    assert "(0 of 4)" in row("answered by itself, private", without)
    assert "no public article has an address" in without
    assert "no public article has an address" not in result


def test_calibrate_says_where_no_threshold_will_do(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.jsonl"
    data.write_text(
        '{"query": "When are you open?", "lang": "en", "expected": "returns"}\n' * 9, "utf-8"
    )
    result = run("calibrate", str(data), "--config", str(folder))
    assert result.exit_code == 1
    assert "No threshold reaches a precision of 0.95" in result.output


def test_questions_that_are_not_there_are_told_in_words(tmp_path: Path) -> None:
    result = run("calibrate", str(tmp_path / "nowhere.jsonl"))
    assert result.exit_code == 2
    assert "DATA" in result.output


def test_gaps_counts_people_of_the_stored_history_and_shows_nothing_personal(folder: Path) -> None:
    database = open_database(f"sqlite:///{folder / 'tierdesk.db'}")
    database.migrate()
    with Writer(database) as writer:
        texts = [
            "Do you rent kayaks?",
            "kayaks to rent, call Zbigniew 0722",
            "rent kayaks at yours",
        ]
        texts += ["When are you open?"] * 2
        for at, text in enumerate(texts):
            _arrive(writer, at, text)
    database.close()

    result = run("gaps", "--config", str(folder), "--since", "800w")

    assert result.exit_code == 0, result.output
    assert "3 people asked about “kayaks”, “rent”, and no article answers" in result.output
    assert "5 questions, 3 of them without an article." in result.output
    assert "Never found: " in result.output
    assert "Opening hours" not in result.output
    assert "bigniew" not in result.output


def _arrive(writer: Writer, at: int, text: str) -> None:
    from inbox.reception import Reception
    from tests.builders import minutes

    author = an_author(f"person{at}@example.org")
    message = a_message(f"m{at}", conversation=a_ref(f"m{at}"), author=author, text=text)
    arrival = Arrival(event=Posted(message=message), findings=some_findings())
    router = FakeRouter(lambda facts: a_decision())
    reception = Reception(desk=a_desk(), router=router, planners={})
    writer.run(lambda unit: reception.receive(unit, [arrival], now=minutes(at)))
