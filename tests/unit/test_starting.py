"""What cannot be started or opened says so in a sentence."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from store.database import open_database
from store.unusable import Unusable
from tests.builders import NOW, a_case
from tests.settings_folder import SECRETS, change, fill_folder
from tierdesk.cli import app
from tierdesk.homes import WouldBeSeen, keep_private
from tierdesk.running import CannotListen, run
from tierdesk.settings import load_settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill_folder(tmp_path)


def test_a_port_that_is_taken_is_named(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        change(folder / "tierdesk.yaml", "port: 8080", f"port: {port}")
        with pytest.raises(CannotListen, match=rf"port {port}: .*web\.port"):
            run(load_settings(folder, SECRETS))


def test_what_would_be_seen_is_named_before_anything_begins(folder: Path) -> None:
    file = folder / "tierdesk.yaml"
    change(file, "port: 8080", "port: 0")
    desk = load_settings(folder, SECRETS).desk
    database = open_database(f"sqlite:///{folder / 'tierdesk.db'}")
    database.migrate()
    keep_private(database, desk, at=NOW)
    with database.transact() as unit:
        unit.cases.save(a_case(channel="private", tier=2))
    database.close()
    change(file, "id: C0TEAM2\n    private: true", "id: C0TEAM2")
    change(file, "channel: private\n    private: true", "channel: private")

    with pytest.raises(WouldBeSeen, match="“private” was private, and 1 case is in it"):
        run(load_settings(folder, SECRETS))


def test_a_file_that_is_no_database_is_named_and_stays(folder: Path) -> None:
    file = folder / "tierdesk.db"
    file.write_bytes(b"not a database" * 1000)
    with pytest.raises(Unusable, match=r"tierdesk\.db cannot be used: file is not a database"):
        run(load_settings(folder, SECRETS))
    assert file.read_bytes() == b"not a database" * 1000


def test_a_server_that_cannot_be_reached_is_told_without_its_password() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # it does not listen
        port = silent.getsockname()[1]
        with pytest.raises(Unusable, match="Check DATABASE_URL") as refused:
            open_database(f"postgresql+psycopg://tierdesk:hunter2@127.0.0.1:{port}/tierdesk")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "command", [["outbox", "list"], ["outbox", "show", "1"], ["rules", "stats"]]
)
def test_looking_back_before_the_first_start_says_so(folder: Path, command: list[str]) -> None:
    result = CliRunner().invoke(app, [*command, "--config", str(folder)], env=SECRETS)
    assert result.exit_code == 1
    assert "no history yet" in result.output


def test_the_demo_makes_no_folder_anew_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept", encoding="utf-8")
    result = CliRunner().invoke(app, ["demo", "--dir", str(tmp_path)])
    assert result.exit_code == 1
    assert "Name a new folder" in result.output
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "kept"
