"""`tierdesk rules` tells a person, or a program, where a message would go and why."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.settings_folder import change, fill_folder
from tierdesk.cli.rules import app


def run(*words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=given, env={"COLUMNS": "120"})


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_starter_rules_are_checked_without_a_folder() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "the starter rules" in result.stdout


def test_in_a_desks_folder_its_own_rules_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").write_text("ordered: nonsense", encoding="utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert "rules.yaml:1" in result.stdout
    monkeypatch.chdir(fill_folder(tmp_path))
    assert run("check").stdout.startswith("rules.yaml: 17 ordered")
    change(tmp_path / "rules.yaml", "team: specialists", "team: nonsense")
    assert "nonsense" in run("check").stdout
    assert run("test").exit_code == run("explain", "hello").exit_code == 1


def test_a_file_alone_is_told_what_of_it_nobody_checked(tmp_path: Path) -> None:
    file = tmp_path / "new.yaml"
    file.write_text(
        "ordered: [{name: A, when: always, then: {tier: 77, team: nonsense}}]", encoding="utf-8"
    )
    alone = run("check", "--rules", str(file))
    assert alone.exit_code == 0
    assert "Not checked, since no folder was named" in alone.stdout
    folder = fill_folder(tmp_path / "desk")
    with_folder = run("check", str(folder), "--rules", str(file))
    assert with_folder.exit_code == 1
    assert "there is no tier 77" in with_folder.stdout
    assert "Not checked" not in run("check", str(folder)).stdout
    assert "Not checked" not in run("check").stdout


def test_in_a_desks_folder_another_file_is_read_by_the_names_of_that_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(fill_folder(tmp_path))
    Path("new.yaml").write_text("ordered: [{name: A, when: always, then: {tier: 77}}]", "utf-8")

    assert "there is no tier 77" in run("check", "--rules", "new.yaml").stdout
    assert run("explain", "hello", "--rules", "new.yaml").exit_code == 1


def test_a_file_in_the_folders_place_is_called_one(tmp_path: Path) -> None:
    rules = str(fill_folder(tmp_path) / "rules.yaml")
    for command in ("check", "test", "schema", "reload"):
        result = run(command, rules)
        said = " ".join(result.stderr.replace("│", " ").split())
        assert (result.exit_code, "is a file" in said) == (2, True)


def test_the_schema_is_there_for_rules_that_are_still_wrong(tmp_path: Path) -> None:
    folder = fill_folder(tmp_path)
    (folder / "rules.yaml").write_text("ordered: nonsense", encoding="utf-8")
    result = run("schema", str(folder))
    assert (result.exit_code, '"specialists"' in result.stdout) == (0, True)


def test_a_good_file_is_checked_beside_a_broken_one(tmp_path: Path) -> None:
    folder = fill_folder(tmp_path / "desk")
    good = (folder / "rules.yaml").rename(tmp_path / "good.yaml")
    (folder / "rules.yaml").write_text("ordered: nonsense", encoding="utf-8")
    assert run("check", str(folder), "--rules", str(good)).exit_code == 0
    assert run("check", str(folder)).exit_code == 1


def test_a_rule_without_a_team_goes_to_its_tiers(tmp_path: Path) -> None:
    folder = fill_folder(tmp_path / "desk")
    file = tmp_path / "new.yaml"
    file.write_text("ordered: [{name: A, when: always, then: {tier: 1}}]", encoding="utf-8")
    ask = ("explain", "hello", "--rules", str(file))
    assert "tier 1, care, priority" in run(*ask, "--config", str(folder)).stdout
    (answer,) = lines(run(*ask, "--config", str(folder), "--json"))
    assert answer["team"] == "care"
    assert "tier 1, priority" in run(*ask).stdout


def test_what_is_tried_is_tried_within_business_hours_unless_it_is_said(tmp_path: Path) -> None:
    file = tmp_path / "new.yaml"
    file.write_text(
        "ordered:\n  - {name: Night, when: {business_hours: closed}, then: {tier: 2}}\n"
        "  - {name: Day, when: always, then: {tier: 1, respond: {ticket: support}}}\n",
        encoding="utf-8",
    )
    ask = ("explain", "hello", "--rules", str(file), "--json")
    (by_day,), (by_night,) = lines(run(*ask)), lines(run(*ask, "--closed"))
    assert (by_day["rule"], by_night["rule"]) == ("Day", "Night")
    assert by_day["respond"] == "ticket: support"


def test_every_fault_of_a_file_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    file.write_text("ordered:\n  - {name: A, when: {topicz: [x]}, then: {tier: 1}}\n")
    result = run("check", "--rules", str(file))
    assert result.exit_code == 1
    assert f"{file}:2: rule 'A', when.topicz: 'topicz' is not known here. Write 'topics'" in (
        result.stdout
    )
    assert "the last rule does not hold for every message" in result.stdout
    assert "2 problems in" in result.stderr


def test_a_person_reads_where_it_goes_why_and_why_not_by_others() -> None:
    result = run("explain", "You charged me twice, card 4111 1111 1111 1111 \x1b[31m")
    assert result.exit_code == 0
    for words in ("tier 2", "Payment data", "card number found", "Spam: no"):
        assert words in result.stdout
    assert "4111 1111" not in result.stdout
    assert "\x1b[31m" not in result.stdout


def test_one_message_as_json_takes_the_facts_given() -> None:
    words = ("--json", "--visibility", "private", "--network", "mastodon", "--author", "ana")
    (answer,) = lines(run("explain", "one question", *words, "--kind", "dm"))
    assert (answer["tier"], answer["rule"]) == (1, "Direct messages")


def articles(folder: Path | None, text: str, *words: str) -> tuple[str, dict[str, object]]:
    """What is said of articles, to a person and as JSON."""
    ask = ("explain", text, *words, *(("--config", str(folder)) if folder else ()))
    shown = next(line for line in run(*ask).stdout.splitlines() if line.startswith("Articles"))
    (answer,) = lines(run(*ask, "--json"))
    return shown.removeprefix("Articles").strip(), answer


def test_the_account_is_asked_what_articles_may_do_and_the_one_that_would_answer_is_named(
    tmp_path: Path,
) -> None:
    folder, asked = fill_folder(tmp_path / "desk"), "Do you ship abroad, to Japan?"
    here = ("--network", "mastodon", "--account", "main")
    shown, answer = articles(folder, asked, *here)
    assert shown == "suggest: mastodon:main lets it do no more"
    assert (answer["articles"], answer["article"]) == ("suggest", None)

    change(folder / "tierdesk.yaml", "    # articles: auto ", "    articles: auto ")
    assert articles(folder, asked, *here)[0].startswith("auto: delivery is not sent, since it has")
    change(folder / "tierdesk.yaml", "  # address: ", "  address: ")
    shown, answer = articles(folder, asked, *here)
    assert shown == "auto: delivery answers it (by ship, abroad, japan)"
    assert (answer["articles"], answer["article"]) == ("auto", "delivery")
    shown, answer = articles(folder, "do you rent kayaks", *here)
    assert shown == "auto: none answers, since no article stands out"
    assert answer["article"] is None

    change(folder / "tierdesk.yaml", "  0:\n    name: Self-service\n", "")
    rules = tmp_path / "one.yaml"
    rules.write_text("ordered: [{name: A, when: always, then: {tier: 1, articles: auto}}]")
    shown, _ = articles(folder, asked, *here, "--rules", str(rules))
    assert shown == "suggest: without a tier 0 nothing is sent by itself"


def test_without_an_account_it_is_said_that_it_decides_about_articles() -> None:
    assert articles(None, "Do you ship abroad?")[0] == "auto, where the account lets it"
    shown, answer = articles(None, "Do you ship abroad?", "--network", "x")
    assert shown == "off: on x an account has to be opened by name"
    assert answer["articles"] == "off"


def test_spam_is_ignored_and_private_matters_go_to_tier_2() -> None:
    (spam,) = lines(run("explain", "buy followers cheap", "--json"))
    assert (spam["tier"], spam["ignore"]) == (None, True)
    (money,) = lines(run("explain", "Mi-ați luat banii de două ori", "--json"))
    assert (money["tier"], money["language"], money["topics"]) == (2, "ro", ["billing"])


def test_a_file_is_answered_line_by_line(tmp_path: Path) -> None:
    messages = [
        {"id": "a", "text": "When do you open on Sunday?"},
        {"id": 2, "text": "card 4111111111111111", "author": {"handle": "x", "bot": True}},
        {"id": None, "text": ""},
    ]
    file = tmp_path / "m.jsonl"
    file.write_text("".join(f"{json.dumps(m)}\n\n" for m in messages), "utf-8")
    result = run("explain", "--file", str(file), "--json")
    assert result.exit_code == 0
    first, second, third = lines(result)
    assert (first["id"], first["tier"], first["rule"]) == ("a", 0, "Opening hours")
    assert second["spans"] == [{"start": 5, "end": 21, "class": "card"}]
    assert (second["id"], second["respond"]) == (2, "none")
    assert (third["id"], third["tier"]) == (None, 1)
    assert set(first) >= {"id", "tier", "rule", "topics", "spans", "language", "explanation"}


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"nonsense", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"id": 1}', "no text"),
        (b'{"id": [], "text": "x"}', "id is neither"),
        (b'{"id": 1, "text": "x", "visibility": "half"}', "visibility is none of"),
        (b'{"text": "x", "visibility": "public", "kind": "dm"}', "a direct message is private"),
        (b'{"text": "x", "kind": "mention", "rating": 2}', "only a review has a rating"),
        (b'{"text": "x", "rating": 9}', "rating is not 1 to 5"),
        (b'{"id": 1, "text": "x", "network": 5}', "network is not a string"),
        (b'{"id": 1, "text": "x", "author": {"followers": -1}}', "followers is not a whole"),
        (b'{"id": 1, "text": "x", "author": {"bot": "no"}}', "bot is neither"),
        (b'{"id": 1, "text": "x", "contact": "new"}', "contact is none of first, known"),
        (b'{"id": 1, "text": "x", "case": {"status": "lost"}}', "status is none of"),
        (b'{"id": 1, "text": "x", "case": 7}', "case is not an object"),
        (b'{"id": 1, "text": "x", "business_hours": true}', "business_hours is not a string"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"text": "' + b"x" * 4_100_000 + b'"}', "longer than"),
    ],
)
def test_a_broken_line_is_told_and_its_neighbours_are_answered(line: bytes, error: str) -> None:
    good = b'{"id": "good", "text": "hello"}'
    result = run("explain", "--file", "-", "--json", given=b"\n".join((good, line, good, b"")))
    before, broken, after = lines(result)
    assert before["id"] == after["id"] == "good"
    assert broken["line"] == 2
    assert error in str(broken["error"])
    assert result.exit_code == 1


def test_half_characters_and_nul_are_answered() -> None:
    line = b'{"id": "\\ud800", "text": "hi \\ud800 \\u0000 call me"}\n'
    (answer,) = lines(run("explain", "--file", "-", "--json", given=line))
    assert answer["id"] == "\ud800"


@pytest.mark.parametrize("words", [(), ("text", "--file", "x"), ("--file", "x")])
def test_a_call_that_makes_no_sense_is_explained(words: tuple[str, ...]) -> None:
    result = run("explain", *words)
    assert result.exit_code == 2
    assert result.stderr


def test_a_direct_message_is_private_and_stars_are_a_reviews(tmp_path: Path) -> None:
    rules = tmp_path / "r.yaml"
    rules.write_text(
        "ordered:\n"
        "  - {name: Direct, when: {kind: dm, visibility: private}, then: {tier: 1}}\n"
        "  - {name: Stars, when: {kind: review, rating: {at_most: 2}}, then: {tier: 1}}\n"
        "  - {name: Last, when: always, then: {tier: 1}}\n",
        encoding="utf-8",
    )
    given = b'{"text": "hi", "kind": "dm"}\n{"text": "bad", "rating": 1}\n'
    answers = lines(run("explain", "--file", "-", "--json", "--rules", str(rules), given=given))
    (said,) = lines(run("explain", "hi", "--kind", "dm", "--json", "--rules", str(rules)))

    assert [answer["rule"] for answer in (*answers, said)] == ["Direct", "Stars", "Direct"]
    wrong = run("explain", "hi", "--kind", "dm", "--visibility", "public")
    assert (wrong.exit_code, "a direct message is private" in wrong.stderr) == (2, True)


def test_a_file_that_is_not_there_is_told() -> None:
    result = run("explain", "--file", "nowhere.jsonl", "--json")
    assert result.exit_code == 1
    assert "nowhere.jsonl cannot be read" in result.stderr
