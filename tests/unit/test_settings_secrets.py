"""Secrets: from the environment or .env, never from YAML, never printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.settings_folder import SECRETS, change, fill_folder, refusal
from tierdesk.settings import load_settings

HIDDEN = "hunter2-very-secret"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill_folder(tmp_path)


@pytest.mark.parametrize("variable", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "MASTODON_MAIN_TOKEN"])
def test_a_missing_secret_is_named_and_where_to_get_it(folder: Path, variable: str) -> None:
    rest = {name: value for name, value in SECRETS.items() if name != variable}
    (problem,) = refusal(folder, rest).problems
    assert variable in f"{problem.key} {problem.problem}"
    assert ".env" in problem.remedy


def test_http_mode_needs_the_signing_secret_and_no_app_token(folder: Path) -> None:
    change(folder / "tierdesk.yaml", "mode: socket", "mode: http")
    rest = {name: value for name, value in SECRETS.items() if name != "SLACK_APP_TOKEN"}
    assert load_settings(folder, rest).slack.signing_secret.get_secret_value()
    del rest["SLACK_SIGNING_SECRET"]
    assert [p.key for p in refusal(folder, rest).problems] == ["SLACK_SIGNING_SECRET"]


def test_without_secrets_the_rest_is_checked(folder: Path) -> None:
    settings = load_settings(folder, {}, without_secrets=True)
    assert settings.slack.bot_token.get_secret_value() == ""
    assert settings.accounts["main"].secrets == {}


def test_env_beside_the_settings_is_read_and_the_process_wins(folder: Path) -> None:
    lines = [f"{name}={value}" for name, value in SECRETS.items()]
    (folder / ".env").write_text("\n".join([*lines, "TIERDESK_INSTANCE=file"]), encoding="utf-8")
    assert load_settings(folder, {}).instance == "file"
    settings = load_settings(folder, {"TIERDESK_INSTANCE": "process", "SLACK_BOT_TOKEN": "xoxb-p"})
    assert settings.instance == "process"
    assert settings.slack.bot_token.get_secret_value() == "xoxb-p"
    assert settings.slack.app_token.get_secret_value() == SECRETS["SLACK_APP_TOKEN"]


def test_a_line_of_env_that_sets_nothing_is_told_without_showing_it(folder: Path) -> None:
    env = f"A=1\n\n\nthe token is {HIDDEN}\nTIERDESK_INSTANCE\n"
    (folder / ".env").write_text(env, encoding="utf-8")
    error = refusal(folder)
    assert [(p.file, p.line) for p in error.problems] == [
        (str(folder / ".env"), 4),
        (str(folder / ".env"), 5),
    ]
    assert HIDDEN not in str(error)


def test_an_env_that_is_not_text_is_told(folder: Path) -> None:
    (folder / ".env").write_bytes(b"A=\xff\n")
    (folder / "tierdesk.yaml").write_text("", encoding="utf-8")
    told = {Path(p.file).name: p.problem for p in refusal(folder).problems}
    assert "cannot be read" in told[".env"]
    assert "block of keys" in told["tierdesk.yaml"]


def test_a_secret_with_a_dollar_sign_stays_as_it_is(folder: Path) -> None:
    lines = [f"{name}={value}" for name, value in SECRETS.items()]
    env = "\n".join(lines).replace("test-mastodon-token", "'a$b${c}'")
    (folder / ".env").write_text(env, encoding="utf-8")
    secrets = load_settings(folder, {}).accounts["main"].secrets
    assert secrets == {"MASTODON_MAIN_TOKEN": "a$b${c}"}


def test_the_placeholder_of_the_example_counts_as_missing(folder: Path) -> None:
    told = {problem.key for problem in refusal(folder, {}).problems}
    assert {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"} <= told
    lines = (folder / ".env").read_text(encoding="utf-8").splitlines()
    by_key = {problem.key: problem for problem in refusal(folder, {}).problems}
    assert lines[by_key["SLACK_BOT_TOKEN"].line - 1].startswith("SLACK_BOT_TOKEN=")


def test_a_token_of_the_wrong_kind_is_told_without_showing_it(folder: Path) -> None:
    error = refusal(folder, {**SECRETS, "SLACK_BOT_TOKEN": HIDDEN})
    assert [problem.key for problem in error.problems] == ["SLACK_BOT_TOKEN"]
    assert HIDDEN not in str(error)


@pytest.mark.parametrize(
    ("right", "wrong", "key", "variable"),
    [
        ("slack:", f"slack:\n  bot_token: {HIDDEN}", "slack.bot_token", "SLACK_BOT_TOKEN"),
        ("slack:", f"slack:\n  app: xapp-{HIDDEN}", "slack.app", ".env"),
        (
            "    network: mastodon",
            f"    network: mastodon\n    access_token: {HIDDEN}",
            "accounts.main.access_token",
            "MASTODON_MAIN_TOKEN",
        ),
        (
            "database:",
            f"database:\n  url: postgresql://u:{HIDDEN}@h/d",
            "database.url",
            "DATABASE_",
        ),
        ("brand: Brightleaf", f"brand: B\napi_key: {HIDDEN}", "api_key", "API_KEY"),
    ],
)
def test_a_secret_in_yaml_is_refused_once_and_not_repeated(
    folder: Path, right: str, wrong: str, key: str, variable: str
) -> None:
    change(folder / "tierdesk.yaml", right, wrong)
    error = refusal(folder)
    (problem,) = error.problems
    assert problem.key == key
    assert variable in problem.remedy
    assert HIDDEN not in str(error)


def test_settings_print_no_secret(folder: Path) -> None:
    database = f"postgresql://desk:{HIDDEN}@db.example/desk"
    secrets = {name: value + HIDDEN for name, value in SECRETS.items()}
    settings = load_settings(folder, {**secrets, "DATABASE_URL": database})
    assert HIDDEN in settings.database_url
    assert HIDDEN not in repr(settings)
    assert HIDDEN not in str(settings)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_named_by_its_variable(folder: Path, scheme: str) -> None:
    environ = {**SECRETS, "DATABASE_URL": f"{scheme}://desk:word@db.example/desk"}
    expected = "postgresql+psycopg://desk:word@db.example/desk"
    assert load_settings(folder, environ).database_url == expected


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://", "desk.db", "postgresql://a:b/c"])
def test_a_database_that_cannot_be_is_refused(folder: Path, url: str) -> None:
    (problem,) = refusal(folder, {**SECRETS, "DATABASE_URL": url}).problems
    assert problem.key == "DATABASE_URL"
