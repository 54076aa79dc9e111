"""A running desk takes new rules, and never broken ones."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest
from typer.testing import CliRunner

from router.engine import OrderedRouter
from router.loader import load_rules
from router.vocabulary import Vocabulary
from tests.settings_folder import fill_folder
from tierdesk.cli.rules import app
from tierdesk.current_rules import CurrentRouter, Reloading
from tierdesk.presence import NAME, present, running
from tierdesk.reloading import ReloadAtSignal

ONE = "ordered:\n  - {name: All, when: always, then: {tier: 1}}\n"
TWO = "ordered:\n  - {name: All, when: always, then: {tier: 2}}\n"
BROKEN = "ordered:\n  - {name: All, whem: always, then: {tier: 1}}\n"


class Desk:
    """A list of rules in use, its file, and what the operator was told."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "rules.yaml"
        self.write(ONE)
        self.told: list[str] = []
        rules = load_rules(self.file, vocabulary=Vocabulary())
        self.current = CurrentRouter(OrderedRouter(rules))
        self.reloading = Reloading(
            path=self.file,
            vocabulary=Vocabulary(tiers=(1, 2)),
            current=self.current,
            tell=self.told.append,
        )

    def write(self, text: str) -> None:
        self.file.write_text(text, encoding="utf-8")

    def take(self, text: str) -> bool:
        self.write(text)
        return self.reloading.reload()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_good_list_is_used_from_now_on_and_told_by_its_version(desk: Desk) -> None:
    before = desk.current.version

    assert desk.take(TWO)

    after = desk.current.version
    assert after != before
    assert desk.told == [f"New rules are in use: version {after}, in place of {before}."]


def test_a_broken_list_changes_nothing_and_is_told_with_its_first_problem(desk: Desk) -> None:
    before = desk.current.version

    assert not desk.take(BROKEN)

    assert desk.current.version == before
    [told] = desk.told
    assert "2 problems" in told
    assert "rules.yaml:2: ordered.0.whem: 'whem' is not known here" in told
    assert before in told
    assert str(desk.file.parent) not in told


def test_the_same_broken_content_is_told_once_and_again_after_a_good_one(desk: Desk) -> None:
    for text in (BROKEN, BROKEN, ONE, BROKEN):
        desk.take(text)

    assert len(desk.told) == 2


def test_a_list_that_says_the_same_is_not_told(desk: Desk) -> None:
    assert desk.take(f"# a comment\n{ONE}")
    assert desk.told == []


def test_a_file_that_is_gone_is_refused(desk: Desk) -> None:
    desk.file.unlink()

    assert not desk.reloading.reload()
    assert "cannot be read" in desk.told[0]


def test_what_breaks_while_the_rules_are_read_is_told_and_the_next_signal_is_heard(
    desk: Desk, tmp_path: Path
) -> None:
    heard: Queue[str] = Queue()
    before = signal.getsignal(signal.SIGHUP)
    with present(tmp_path) as presence:
        reloading = replace(desk.reloading, tell=heard.put)
        at_signal = ReloadAtSignal(reloading=reloading, articles=broken, presence=presence)
        at_signal.start()
        for _ in range(2):
            signal.raise_signal(signal.SIGHUP)
            told = heard.get(timeout=30)
            assert "Reading rules.yaml anew broke (ZeroDivisionError)" in told
            assert f"The rules in use stay: version {desk.current.version}" in told
        at_signal.close()
    signal.signal(signal.SIGHUP, before)


def broken() -> object:
    return 1 / 0


# --- finding the process -----------------------------------------------------------------


def test_a_process_is_found_while_it_runs_and_not_by_what_it_left(tmp_path: Path) -> None:
    with present(tmp_path) as presence:
        presence.say(version="abc", looked_at="1", taken=True)
        word = running(tmp_path)
        assert word is not None
        assert (word.pid, word.version) == (os.getpid(), "abc")
    (tmp_path / NAME).write_text('{"pid": 1, "version": "", "looked_at": "", "taken": true}')

    assert running(tmp_path) is None


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    with present(tmp_path / "gone") as presence:
        presence.say(version="abc", looked_at="1", taken=True)
    assert running(tmp_path / "gone") is None


def test_a_full_disk_does_not_end_the_thread_that_hears_of_new_rules(tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to("/dev/full")
    with present(tmp_path) as presence:
        presence.say(version="abc", looked_at="1", taken=True)


def reload(folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["reload", str(folder)])
    return result.exit_code, result.output


def test_the_command_says_where_nothing_runs(tmp_path: Path) -> None:
    status, said = reload(fill_folder(tmp_path))

    assert status == 1
    assert "No Tierdesk runs with" in said


def test_a_broken_article_holds_up_no_rules(tmp_path: Path) -> None:
    fill_folder(tmp_path)
    (tmp_path / "knowledge" / "paint.md").write_text("broken", encoding="utf-8")
    (tmp_path / "knowledge" / ".#returns.md").symlink_to("ana@desk.1234:1700000000")

    _, said = reload(tmp_path)

    assert "No Tierdesk runs with" in said
    assert "paint.md" not in said


def test_the_command_refuses_a_broken_file_before_anybody_is_asked(tmp_path: Path) -> None:
    fill_folder(tmp_path)
    (tmp_path / "rules.yaml").write_text(BROKEN, encoding="utf-8")

    status, said = reload(tmp_path)

    assert status == 1
    assert "'whem' is not known here" in said
