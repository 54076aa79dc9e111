"""`tierdesk channels` and `tierdesk doctor DIR`, with the accounts' networks on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from typer.testing import CliRunner

from inbox.channels import Beat, keep_beat
from inbox.message import Account
from sandbox.faults import Fault, Faults
from sandbox.feed import Feed
from sandbox.network import network
from store.database import open_database
from tests.servers import Loopback
from tests.settings_folder import SECRETS, change, fill_folder
from tierdesk.cli import app

MAIN = Account("mastodon", "main")
TOKEN = "sandbox-brand-token"


class Folder:
    """A filled-in folder whose Mastodon server is the sandbox's."""

    def __init__(self, path: Path, base_url: str, faults: Faults) -> None:
        self.path = fill_folder(path)
        self.faults = faults
        change(path / "tierdesk.yaml", "https://social.example", base_url)

    def run(self, *arguments: str, token: str = TOKEN) -> tuple[int, str]:
        result = CliRunner().invoke(app, arguments, env=SECRETS | {"MASTODON_MAIN_TOKEN": token})
        return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    faults = Faults()
    net = network(Feed(), faults)
    with Loopback(Starlette(routes=[Mount("/mastodon", routes=net.routes)])) as server:
        yield Folder(tmp_path, f"{server.url}/mastodon", faults)


def test_the_doctor_asks_each_network_with_what_the_work_needs(folder: Folder) -> None:
    status, said = folder.run("doctor", str(folder.path))
    assert status == 0, said
    assert "mastodon:main: the token is accepted, as @brightleaf" in said
    for scope in ("read:notifications", "read:statuses", "write:statuses"):
        assert f"ok   mastodon:main: {scope}" in said


def test_the_doctor_says_what_is_wrong_with_a_token_and_what_to_do(folder: Folder) -> None:
    status, said = folder.run("doctor", str(folder.path), token="no-such-token")
    assert status == 1
    assert "BAD  mastodon:main: Mastodon does not accept the access token." in said
    assert "docs/mastodon.md" in said
    assert "no-such-token" not in said

    status, said = folder.run("doctor", str(folder.path), token="sandbox-brand-read-token")
    assert status == 1
    assert "BAD  mastodon:main: the token lacks the scope write:statuses." in said


def test_an_old_server_that_does_not_tell_of_writing_is_no_fault(folder: Folder) -> None:
    method = "GET /api/v1/apps/verify_credentials"
    folder.faults.add(Fault(target="network", method=method, kind="500"))
    status, said = folder.run("doctor", str(folder.path))
    assert status == 0
    assert "does not tell whether the token may write" in said


def test_the_doctor_of_a_folder_with_faults_names_them(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["doctor", str(tmp_path)])
    assert result.exit_code == 1
    assert "tierdesk.yaml" in result.output


def test_the_table_shows_each_account_beside_a_running_product(folder: Folder) -> None:
    database = open_database(f"sqlite:///{folder.path / 'tierdesk.db'}")
    database.migrate()
    at = datetime(2026, 11, 22, 10, 5, tzinfo=UTC)
    with database.transact() as unit:
        keep_beat(unit, MAIN, Beat(at=at, trouble="The token is refused."))
    database.close()
    status, said = folder.run("channels", "--config", str(folder.path))
    assert status == 0, said
    heading, row = said.splitlines()[:2]
    assert heading.split("  ")[0] == "account"
    assert row.startswith("mastodon:main  2026-11-22 10:05 UTC")
    assert row.endswith("The token is refused.")
