"""The block `helpdesks`: read, checked, and connected without asking anybody."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from inbox.clearance import DataClass
from inbox.desk import Back, Solved
from store.database import open_database
from store.writer import Writer
from tests.helpdesks.over_http import install
from tests.settings_folder import SECRETS, fill_folder, refusal
from tierdesk.connecting import connect_helpdesks
from tierdesk.settings import Settings, load_settings

ENVIRON = {**SECRETS, "FAKE_SUPPORT_SECRET": "a-secret"}
BLOCK = """
helpdesks:
  support:
    kind: fake
    base_url: http://127.0.0.1:1
    clearance: trained
    back: relay
    solved: close
    poll_every: 15s
    agents: {U0MIHAI: mihai@brand.example}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(install(tmp_path / "installed"))
    return fill_folder(tmp_path / "desk")


def settings_with(folder: Path, block: str) -> Settings:
    _write(folder, block)
    return load_settings(folder, ENVIRON)


def _write(folder: Path, block: str) -> None:
    path = folder / "tierdesk.yaml"
    path.write_text(path.read_text(encoding="utf-8") + block, encoding="utf-8")


def test_a_helpdesk_is_read_with_its_policy_and_its_kinds_own_keys(folder: Path) -> None:
    settings = settings_with(folder, BLOCK)

    support = settings.helpdesks["support"]
    assert (support.kind, support.poll_every) == ("fake", timedelta(seconds=15))
    assert support.data == {"base_url": "http://127.0.0.1:1"}
    policy = settings.desk.helpdesks["support"]
    assert (policy.back, policy.solved, policy.mirror) == (Back.RELAY, Solved.CLOSE, True)
    assert DataClass.IBAN in policy.clearance.shows
    assert policy.user_of("mihai@brand.example") == "U0MIHAI"
    assert policy.user_of("nobody@brand.example") is None


def test_what_is_left_out_is_careful(folder: Path) -> None:
    block = "\nhelpdesks:\n  support: {kind: fake, base_url: 'http://127.0.0.1:1'}\n"
    policy = settings_with(folder, block).desk.helpdesks["support"]

    assert (policy.back, policy.solved) == (Back.SHOW, Solved.ASK)
    assert policy.clearance.shows == frozenset()


def test_it_connects_without_asking_anybody(folder: Path, tmp_path: Path) -> None:
    settings = settings_with(folder, BLOCK)
    with ExitStack() as opened:
        database = open_database(f"sqlite:///{tmp_path / 'x.db'}")
        opened.callback(database.close)
        database.migrate()
        writer = opened.enter_context(Writer(database))
        connections = connect_helpdesks(settings, database, writer, opened)

    assert (connections["support"].name, connections["support"].kind) == ("support", "fake")
    assert str(connections["support"].account) == "helpdesk:support"


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("support: {kind: zendisk}", "is not a kind of helpdesk that is installed here"),
        ("support: {kind: fake}", "base_url is missing"),
        ("support: {kind: fake, base_url: 'http://h', bak: relay}", "is not a key that it knows"),
        ("support: {kind: fake, base_url: 'http://h', back: mail}", "is not one of the values"),
        ("support: {kind: fake, base_url: 'http://h', clearance: all}", "there is no clearance"),
        ("support: {base_url: 'http://h'}", "kind is missing"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(folder: Path, block: str, said: str) -> None:
    _write(folder, f"\nhelpdesks:\n  {block}\n")

    problems = [str(problem) for problem in refusal(folder, ENVIRON).problems]

    assert len(problems) == 1
    assert "helpdesks.support" in problems[0]
    assert said in problems[0].replace(":", "")


def test_a_tier_names_a_helpdesk_that_there_is(folder: Path) -> None:
    path = folder / "tierdesk.yaml"
    _write(folder, BLOCK)
    _tier_names(path, "suport")

    (problem,) = refusal(folder, ENVIRON).problems
    assert "there is no helpdesk “suport”" in str(problem)
    assert "support" in problem.remedy

    _tier_names(path, "support", before="suport")
    assert load_settings(folder, ENVIRON).desk.tiers[2].helpdesk == "support"


def _tier_names(path: Path, name: str, before: str | None = None) -> None:
    text = path.read_text(encoding="utf-8")
    if before is not None:
        text = text.replace(f"helpdesk: {before}", f"helpdesk: {name}")
    else:
        start = text.index("\n  2:\n") + len("\n  2:\n")
        text = f"{text[:start]}    helpdesk: {name}\n{text[start:]}"
    path.write_text(text, encoding="utf-8")


def test_a_secret_that_is_not_there_or_stands_in_the_file_is_told(folder: Path) -> None:
    _write(folder, BLOCK + "    token: abc-secret-abc\n")

    said = "\n".join(map(str, refusal(folder, SECRETS).problems))

    assert "FAKE_SUPPORT_SECRET" in said
    assert "a secret does not belong in this file" in said
    assert "abc-secret" not in said
