"""`tierdesk init`, `check` and `doctor` as a person meets them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.settings_folder import SECRETS, change, fill_folder
from tierdesk import doctor
from tierdesk.cli import app
from tierdesk.starter import starter_files

run = CliRunner().invoke
ROOT = Path(__file__).parents[2]


def test_init_writes_a_whole_folder_and_keeps_secrets_to_the_owner(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "desk"
    assert run(app, ["init", str(folder)]).exit_code == 0
    written = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert written == set(starter_files())
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600


def test_init_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "replies.yaml").write_text("mine", encoding="utf-8")
    result = run(app, ["init", str(tmp_path)])
    assert result.exit_code == 1
    assert "replies.yaml" in result.output
    assert os.listdir(tmp_path) == ["replies.yaml"]
    assert (tmp_path / "replies.yaml").read_text(encoding="utf-8") == "mine"


def test_init_keeps_secrets_that_are_there(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-mine", encoding="utf-8")
    assert run(app, ["init", str(tmp_path)]).exit_code == 0
    assert (tmp_path / ".env").read_text(encoding="utf-8") == "SLACK_BOT_TOKEN=xoxb-mine"


def test_init_where_nothing_can_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run(app, ["init", str(tmp_path / "file")])
    assert result.exit_code == 1
    assert "cannot be written" in result.output


def test_what_init_wrote_is_right_but_for_the_secrets(tmp_path: Path) -> None:
    run(app, ["init", str(tmp_path)])
    assert run(app, ["check", str(tmp_path), "--no-secrets"]).exit_code == 0
    assert run(app, ["check", str(tmp_path)]).exit_code == 1


def test_check_shows_what_is_set_up(tmp_path: Path) -> None:
    result = run(app, ["check", str(fill_folder(tmp_path))], env=SECRETS)
    assert result.exit_code == 0, result.output
    for word in ("Brightleaf", "mastodon:main", "#private", "socket", "sqlite", "order_number"):
        assert word in result.output
    assert not any(secret in result.output for secret in SECRETS.values())


def test_check_prints_file_line_key_problem_and_remedy(tmp_path: Path) -> None:
    change(fill_folder(tmp_path) / "tierdesk.yaml", "brand: Brightleaf", "brend: Brightleaf")
    result = run(app, ["check", str(tmp_path)], env=SECRETS)
    assert result.exit_code == 1
    expected = f"{tmp_path}/tierdesk.yaml:5: brend: is not a known key. Write 'brand'"
    assert expected in result.output
    assert "2 problems" in result.output


def test_check_of_nothing_tells_how_to_begin(tmp_path: Path) -> None:
    assert "tierdesk init" in run(app, ["check", str(tmp_path)]).output


def test_the_example_of_secrets_is_the_starters() -> None:
    shipped = starter_files()[".env"]
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == shipped


def test_doctor_finds_this_installation_whole() -> None:
    result = run(app, ["doctor"])
    assert result.exit_code == 0, result.output


def test_doctor_names_a_package_that_overwrites_ours() -> None:
    owners = {room: ["tierdesk"] for room in doctor.ROOMS}
    found = doctor.rooms_of(owners | {"router": ["router", "tierdesk"]})
    assert not found.well
    assert "router (router)" in found.says


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["--version"]])
def test_help_needs_nothing(arguments: list[str]) -> None:
    assert run(app, arguments).exit_code == 0
