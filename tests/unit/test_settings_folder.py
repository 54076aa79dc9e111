"""A configuration folder: read whole, checked whole, every fault with its line and remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from inbox.clearance import DataClass
from inbox.message import Account
from inbox.problem import Problem
from tests.settings_folder import SECRETS, fill_folder, refusal
from tests.settings_folder import change as change_file
from tierdesk.settings import Settings, load_settings

RULES = """\
ordered:
  - name: Everything else
    when: always
    then: {tier: 1, team: care}
"""

Change = Callable[[str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill_folder(tmp_path)


@pytest.fixture
def change(folder: Path) -> Change:
    """Write something else in tierdesk.yaml."""
    return partial(change_file, folder / "tierdesk.yaml")


def problems_of(folder: Path, environ: Mapping[str, str] = SECRETS) -> tuple[Problem, ...]:
    return refusal(folder, environ).problems


def loaded(folder: Path, environ: Mapping[str, str] = SECRETS) -> Settings:
    return load_settings(folder, environ)


def test_the_starter_is_right_once_it_is_filled_in(folder: Path) -> None:
    settings = loaded(folder)
    assert settings.brand == "Brightleaf"
    assert settings.desk.person_tier().number == 1
    private = settings.desk.private_tier()
    assert private is not None
    assert settings.desk.channels[private.channel or ""].private
    assert DataClass.CARD not in settings.desk.clearance_of("private").shows
    assert settings.accounts["main"].account == Account("mastodon", "main")
    assert settings.accounts["main"].poll_every == timedelta(seconds=30)
    assert settings.web.max_body == 1_000_000
    assert settings.database_url == f"sqlite:///{folder.resolve()}/tierdesk.db"
    assert settings.vocabulary.templates == settings.templates.automatic


def test_the_starter_as_it_comes_is_a_list_of_what_to_fill_in(folder: Path, change: Change) -> None:
    change("0TEAM", "0EXAMPLE")
    change("https://social.", "https://mastodon.")
    told = {problem.key for problem in problems_of(folder, {})}
    assert {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "channels.care.id"} <= told
    assert {"teams.care.members.0", "accounts.main.base_url"} <= told


def test_hours_are_those_of_the_zone(folder: Path) -> None:
    hours = loaded(folder).desk.hours
    assert hours.open_at(datetime(2026, 11, 20, 7, 30, tzinfo=UTC))  # Friday, 9:30 in Bucharest
    assert not hours.open_at(datetime(2026, 11, 20, 16, 30, tzinfo=UTC))
    assert not hours.open_at(datetime(2026, 12, 25, 9, tzinfo=UTC))


def test_other_workspaces_whose_people_work_here_are_named(folder: Path, change: Change) -> None:
    assert load_settings(folder, SECRETS).desk.workspaces == frozenset()
    change("# workspaces: [T0AGENCY]", "workspaces: [T0AGENCY, E0GROUP]")
    assert load_settings(folder, SECRETS).desk.workspaces == {"T0AGENCY", "E0GROUP"}


def test_all_faults_of_all_files_come_at_once(folder: Path, change: Change) -> None:
    change("mode: socket", "mode: sockets")
    change("port: 8080", "port: none")
    (folder / "rules.yaml").write_text(RULES.replace("care", "cares"), encoding="utf-8")
    replies = folder / "replies.yaml"
    replies.write_text(replies.read_text("utf-8").replace("{brand}", "{brandd}"), encoding="utf-8")
    article = folder / "knowledge" / "opening-hours.md"
    article.write_text("---\ntitle: Hours\n---\nOpen.\n", encoding="utf-8")
    files = {Path(problem.file).name for problem in problems_of(folder, {})}
    assert files == {"tierdesk.yaml", "rules.yaml", "replies.yaml", "opening-hours.md", ".env"}


def test_one_fault_does_not_hide_another(folder: Path, change: Change) -> None:
    """Not even where what must be there is missing, wrong, or there twice."""
    change("brand: Brightleaf", "# no brand")
    change("zone: Europe/Bucharest", "zone: Europe/Bukarest")
    change("watch: marketing", "watch: marketting\nwatch: marketting")
    change("network: mastodon", "network: mastodn")
    (folder / "rules.yaml").write_text(
        RULES.replace("care", "cares") + "always: []\nalways: [1]\n", encoding="utf-8"
    )
    told = {(Path(p.file).name, p.key) for p in problems_of(folder) if p.key != "watch"}
    assert told == {
        ("rules.yaml", "rule 'Everything else', then.team"),
        ("rules.yaml", "always"),
        ("rules.yaml", "always.0"),
        ("tierdesk.yaml", "brand"),
        ("tierdesk.yaml", "hours.zone"),
        ("tierdesk.yaml", "accounts.main.network"),
    }
    watch = [p.problem for p in problems_of(folder) if p.key == "watch"]
    assert len(watch) == 2
    assert "stands twice" in watch[0]
    assert "no channel" in watch[1]


def test_rules_may_name_what_the_settings_have(folder: Path) -> None:
    (folder / "rules.yaml").write_text(RULES.replace("care", "cares"), encoding="utf-8")
    (problem,) = problems_of(folder)
    assert "cares" in problem.problem
    assert problem.line == 4


@pytest.mark.parametrize(
    ("right", "wrong", "key", "told"),
    [
        ("channel: care", "channel: cafe", "tiers.1.channel", "care"),
        ("team: specialists", "team: specialist", "tiers.2.team", "specialists"),
        ("clearance: trained", "clearance: traind", "channels.private.clearance", "trained"),
        ("watch: marketing", "watch: marketting", "watch", "marketing"),
        ("operations: operations", "operations: ops", "operations", "operations"),
        ("network: mastodon", "network: mastodn", "accounts.main.network", "mastodon"),
        ("    base_url:", "    base_uri:", "accounts.main.base_uri", "base_url"),
        ("clearance: onlookers", "clearnce: onlookers", "channels.marketing.clearnce", "clearance"),
        ("closing_topics:", "closing_topic:", "cases.closing_topic", "closing_topics"),
        ("polling:", "poling:", "poling", "polling"),
        ("mode: socket", "mode: soket", "slack.mode", "socket"),
        ("[order_number]", "[order_numbr]", "clearances.front_line.0", "order_number"),
    ],
)
def test_the_near_right_word_is_told(
    folder: Path, change: Change, right: str, wrong: str, key: str, told: str
) -> None:
    change(right, wrong)
    problem = {p.key: p for p in problems_of(folder)}[key]
    assert told in problem.remedy
    text = (folder / "tierdesk.yaml").read_text("utf-8").splitlines()
    assert wrong.strip() in text[problem.line - 1]


@pytest.mark.parametrize(
    ("right", "wrong", "key", "told"),
    [
        ("brand: Brightleaf", "# no brand", "brand", "missing"),
        ("zone: Europe/Bucharest", "zone: Europe/Bukarest", "hours.zone", "time zone"),
        ("zone: Europe/Bucharest", "# no zone", "hours.zone", "missing"),
        ('friday: ["09:00-18:00"]', 'friday: ["18:00-09:00"]', "hours.friday.0", "before"),
        ('friday: ["09:00-18:00"]', 'friday: ["9 to 5"]', "hours.friday.0", "hours"),
        ('friday: ["09:00-18:00"]', 'friday: ["09:00-25:00"]', "hours.friday.0", "clock"),
        (
            'friday: ["09:00-18:00"]',
            'friday: ["09:00-12:00", "11:00-18:00"]',
            "hours.friday",
            "overlap",
        ),
        ('"2026-12-25"', '"25 December"', "hours.closed_on.0", "date"),
        ("answer_within: 2h", "answer_within: soon", "tiers.1.answer_within", "length of time"),
        ("    channel: care\n", "", "tiers.1", "no channel"),
        ("    team: care\n", "", "tiers.1", "no team"),
        ("  2:\n", "  two:\n", "tiers.two", "number"),
        (
            "    channel: private\n",
            "    channel: care\n",
            "tiers.2.channel",
            "this tier is private",
        ),
        (
            "  2:\n",
            "  3: {name: Experts, team: care, channel: care}\n  2:\n",
            "tiers.3",
            "raised from tier 2",
        ),
        ("clearance: front_line", "clearance: everything", "channels.care.clearance", "no clear"),
        ("[order_number]", "[card, credential]", "channels.care.clearance", "card, credential"),
        ("id: C0TEAM2", "id: C0TEAM1", "channels.private.id", "same Slack channel"),
        ("id: C0TEAM2", "id: private", "channels.private.id", "not an id"),
        ("members: [U0TEAM2]", "members: []", "teams.specialists", "nobody"),
        ("phone_regions: [RO, TR]", "phone_regions: [RO, XX]", "detection.phone_regions.1", "reg"),
        (r"'\bBL-\d{6}\b'", "'(?=x)'", "detection.order_numbers.0", "regular expression"),
        (r"'\bBL-\d{6}\b'", r"'\d*'", "detection.order_numbers.0", "every message"),
        ("[answered, no reply needed, duplicate, spam]", "[]", "cases.resolutions", "empty list"),
        ("duplicate, spam]", 'spam, " "]', "cases.resolutions.3", "is empty"),
        ("max_body: 1MB", "max_body: big", "web.max_body", "size"),
        ("port: 8080", "port: 80800", "web.port", "too large"),
        ("path: tierdesk.db", "path: data/tierdesk.db", "database.path", "folder"),
        ("every: 30s", "every: 0s", "polling.every", "length of time"),
        ("languages: [en,", "languages: [English,", "languages.0", "language code"),
        ("languages: [en,", "languages: [pt-BR,", "languages.0", "region"),
        ("# poll_every: 30s", "poll_every: often", "accounts.main.poll_every", "length of time"),
        ("brand: Brightleaf", "brand: [Brightleaf", "the file", "YAML"),
    ],
)
def test_a_wrong_value_is_told_at_its_key(
    folder: Path, change: Change, right: str, wrong: str, key: str, told: str
) -> None:
    change(right, wrong)
    found = [(p.key, p.problem) for p in problems_of(folder)]
    assert any(k == key and told in problem for k, problem in found), found


def test_a_desk_without_people_is_refused(folder: Path, change: Change) -> None:
    change("    channel: care\n", "")
    change("    channel: private\n", "")
    assert any(p.key == "tiers" and "no tier" in p.problem for p in problems_of(folder))


def test_two_accounts_cannot_have_one_name(folder: Path, change: Change) -> None:
    twice = "accounts:\n  main:\n    network: mastodon\n    base_url: https://other.example\n"
    change("accounts:\n", twice)
    assert any("'main' stands twice" in problem.problem for problem in problems_of(folder))


def test_a_fault_does_not_bring_others_that_only_follow_from_it(
    folder: Path, change: Change
) -> None:
    change("id: C0TEAM1", "id: nowhere")
    assert [problem.key for problem in problems_of(folder)] == ["channels.care.id"]


@pytest.mark.parametrize("name", ["tierdesk.yaml", "replies.yaml"])
def test_a_file_that_is_not_yaml_does_not_make_the_rules_wrong(folder: Path, name: str) -> None:
    (folder / name).write_text("a: [b", encoding="utf-8")
    assert {Path(problem.file).name for problem in problems_of(folder)} == {name}


def test_a_reply_with_a_fault_is_still_known_to_the_rules(folder: Path) -> None:
    change_file(folder / "replies.yaml", "{brand}", "{brandd}")
    assert {Path(problem.file).name for problem in problems_of(folder)} == {"replies.yaml"}


def test_a_folder_without_files_says_so_for_each(tmp_path: Path) -> None:
    told = {Path(p.file).name for p in problems_of(tmp_path) if "cannot be read" in p.problem}
    assert told == {"tierdesk.yaml", "rules.yaml", "replies.yaml"}


@pytest.mark.parametrize("text", ["", "- a\n", "brand\n", "brand: 1\nhours: 2\ntiers: [3]\n"])
def test_a_file_of_another_form_is_told_not_raised(folder: Path, text: str) -> None:
    (folder / "tierdesk.yaml").write_text(text, encoding="utf-8")
    assert problems_of(folder)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Open.\n", "front matter"),
        ("---\ntitle: Hours\n", "front matter"),
        ("---\ntitle: H\nlanguage: en\n---\n", "no text"),
        ("---\ntitle: H\nlanguag: en\n---\nOpen.\n", "not a known key"),
    ],
)
def test_an_article_needs_its_front_matter(folder: Path, text: str, told: str) -> None:
    (folder / "knowledge" / "hours.md").write_text(text, encoding="utf-8")
    assert any(told in problem.problem for problem in problems_of(folder))
