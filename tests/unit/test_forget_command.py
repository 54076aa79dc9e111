"""`tierdesk forget` as an operator meets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from inbox.case import Status
from inbox.outbox import State
from inbox.ports import Card
from store.database import open_database
from tests.builders import NOW, a_case, a_message, a_ref, a_stored, an_author, an_item
from tests.settings_folder import fill_folder
from tierdesk.cli import app

ZOE = an_author("zoe@example.org", name="Zoe Zander")


class Folder:
    """A configured desk that has a closed case 1, an open one 2 and a closed one 3."""

    def __init__(self, path: Path) -> None:
        self.path = fill_folder(path)
        self.database = open_database(f"sqlite:///{self.path / 'tierdesk.db'}")
        self.database.migrate()
        with self.database.transact() as unit:
            unit.identities.meet(ZOE, at=NOW)
            for number, status in ((1, Status.CLOSED), (2, Status.PENDING), (3, Status.CLOSED)):
                ended = NOW if status is Status.CLOSED else None
                fields = {"status": status, "closed_at": ended, "author": ZOE}
                unit.cases.save(a_case(number, **fields))
                message = a_message(f"{number}", author=ZOE, text="Eaten by a badger")
                unit.messages.add([a_stored(message, case=number)])
                unit.cards.save(Card(case=number, channel="care", ts=f"177262000{number}.0001"))
            unit.cards.save(Card(case=1, channel="C0GONE", ts="1772620000.0009"))
            unit.tickets.link("support", "77", 1)

    def forget(self, *words: str, says: str = "") -> Result:
        command = ["forget", *words, "--config", str(self.path)]
        return CliRunner().invoke(app, command, input=says)

    def left(self) -> list[int]:
        with self.database.read() as unit:
            return [number for number in (1, 2, 3) if unit.cases.get(number)]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    folder = Folder(tmp_path)
    yield folder
    folder.database.close()


def test_it_tells_what_is_deleted_and_what_others_keep(folder: Folder) -> None:
    result = folder.forget("1", "--yes")
    assert result.exit_code == 0, result.output
    assert folder.left() == [2, 3]
    with folder.database.read() as unit:
        assert unit.messages.find({a_ref("1")}) == {}
    for words in (
        "Case 1 is deleted, with 1 message.",
        "mastodon:brand",
        "care (C0TEAM",
        "2026-03-04 10:26:41 UTC",
        "C0GONE",
        "“Delete message”",
        "support: ticket 77",
        "Backups",
    ):
        assert words in result.output, result.output
    assert not any(word in result.output for word in ("zoe", "Zoe", "badger"))


def test_it_asks_first(folder: Folder) -> None:
    refused = folder.forget("1", "3", says="n\n")
    assert refused.exit_code == 1
    assert "Delete cases 1, 3 for ever?" in refused.output
    assert "Nothing was deleted." in refused.output
    assert folder.left() == [1, 2, 3]
    assert folder.forget("3", "1", "3", says="y\n").exit_code == 0
    assert folder.left() == [2]


def test_an_open_or_unknown_case_is_refused_with_the_next_step_and_nothing_goes(
    folder: Folder,
) -> None:
    result = folder.forget("1", "2", "9", "--yes")
    assert result.exit_code == 1
    assert "Case 2 is pending, not closed. Close it in Slack first." in result.output
    assert "There is no case 9." in result.output
    assert "Nothing was deleted." in result.output
    assert folder.left() == [1, 2, 3]


def test_a_case_with_something_undone_is_refused_with_the_next_step(folder: Folder) -> None:
    with folder.database.transact() as unit:
        unit.outbox.add([an_item(1)])
    result = folder.forget("1", "--yes")
    assert result.exit_code == 1
    assert "tierdesk outbox list" in result.output
    with folder.database.transact() as unit:
        [item] = unit.outbox.in_state(State.QUEUED)
        unit.outbox.lease("w", limit=1, lease_for=item.created_at - item.created_at)
        unit.outbox.settle(item.id, State.DELIVERED)
    assert folder.forget("1", "--yes").exit_code == 0
    assert folder.left() == [2, 3]
