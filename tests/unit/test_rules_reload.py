"""A running desk takes new rules, and never broken ones."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from typer.testing import CliRunner

from router.engine import OrderedRouter
from router.loader import load_rules
from router.vocabulary import Vocabulary
from tests.settings_folder import fill_folder
from tierdesk.cli.rules import app
from tierdesk.current_rules import CurrentRouter, Reloading
from tierdesk.presence import NAME, Word, present, running
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
    assert "new in tierdesk.yaml or replies.yaml needs a restart" in told
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
    no_names: Any = None
    with listening(tmp_path, replace(desk.reloading, vocabulary=no_names, tell=heard.put)):
        for _ in range(2):
            signal.raise_signal(signal.SIGHUP)
            told = heard.get(timeout=30)
            assert "Reading rules.yaml anew broke (AttributeError)" in told
            assert f"The rules in use stay: version {desk.current.version}" in told


def test_articles_that_break_hold_up_no_rules(desk: Desk, tmp_path: Path) -> None:
    heard: Queue[str] = Queue()
    with listening(tmp_path, replace(desk.reloading, tell=heard.put), articles=broken):
        desk.write(TWO)
        signal.raise_signal(signal.SIGHUP)
        assert heard.get(timeout=30).startswith("New rules are in use")


@contextmanager
def listening(
    folder: Path, reloading: Reloading, articles: Callable[[], object] = list
) -> Iterator[None]:
    before = signal.getsignal(signal.SIGHUP)
    with present(folder) as presence:
        at_signal = ReloadAtSignal(reloading=reloading, articles=articles, presence=presence)
        at_signal.start()
        yield
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


def test_who_asks_while_it_speaks_finds_it_all_the_same(tmp_path: Path) -> None:
    said = threading.Event()
    with present(tmp_path) as presence:
        presence.say(version="0", looked_at="", taken=True)

        def speak() -> None:
            while not said.is_set():
                presence.say(version="1", looked_at="x" * 64, taken=True)

        speaking = threading.Thread(target=speak)
        speaking.start()
        found = [running(tmp_path) for _ in range(3_000)]
        said.set()
        speaking.join()
    assert None not in found


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


class Slow:
    """Articles that take until the command has looked what the process says."""

    def __init__(self) -> None:
        self.looks = 0
        self.looked = threading.Event()

    def running(self, folder: Path) -> Word | None:
        word = running(folder)
        self.looks += 1
        if self.looks > 1:
            self.looked.set()
        return word

    def articles(self) -> None:
        self.looked.wait(timeout=30)
        self.looks = 0
        self.looked.clear()


def test_the_command_tells_what_came_of_its_own_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the file was saved while the desk started, and had been refused before."""
    fill_folder(tmp_path)
    desk, slow = Desk(tmp_path), Slow()
    monkeypatch.setattr("tierdesk.presence.running", slow.running)
    no_names: Any = None
    known = desk.reloading.vocabulary
    desk.write(TWO)
    with listening(tmp_path, desk.reloading, articles=slow.articles):
        status, said = reload(tmp_path)
        assert (status, f"uses version {desk.current.version}" in said) == (0, True)
        desk.write(ONE)
        desk.reloading.vocabulary = no_names
        assert "replies.yaml needs a restart" in reload(tmp_path)[1]
        desk.reloading.vocabulary = known
        assert reload(tmp_path)[0] == 0


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
