"""The writer: together to the disk, each job for itself."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from inbox.outbox import State
from inbox.ports import Unit
from store.database import Database, open_database
from store.writer import Writer
from tests.builders import NOW, a_message, a_ref, a_stored, an_item

DEADLINE = 20


class Gate:
    """A job that keeps the writer busy until `open`, so that others wait together."""

    def __init__(self, writer: Writer) -> None:
        self._inside, self._opened = threading.Event(), threading.Event()
        writer.submit(self._wait)
        assert self._inside.wait(DEADLINE)

    def _wait(self, unit: Unit) -> None:
        self._inside.set()
        assert self._opened.wait(DEADLINE)

    def open(self) -> None:
        self._opened.set()


def keep(unit: Unit, ids: Sequence[str]) -> Sequence[int]:
    unit.messages.add([a_stored(a_message(name)) for name in ids])
    return [len(ids)] * len(ids)


def kept(database: Database, *ids: str) -> set[str]:
    with database.read() as unit:
        return {ref.id for ref in unit.messages.find([a_ref(name) for name in ids])}


def test_a_result_is_told_after_the_commit(database: Database, writer: Writer) -> None:
    assert writer.run(lambda unit: keep(unit, ["1"])) == [1]
    assert kept(database, "1") == {"1"}


def test_items_that_wait_for_one_handler_come_in_one_call(
    database: Database, writer: Writer
) -> None:
    gate = Gate(writer)
    futures = [writer.submit_batch(keep, f"{n}") for n in range(100)]
    gate.open()
    assert [future.result(DEADLINE) for future in futures] == [100] * 100
    assert len(kept(database, *(f"{n}" for n in range(100)))) == 100


@pytest.mark.parametrize("poison", ["known", "\ud800"], ids=["known", "surrogate"])
def test_a_poisonous_item_fails_alone(database: Database, writer: Writer, poison: str) -> None:
    writer.run(lambda unit: keep(unit, ["known"]))
    gate = Gate(writer)
    before, bad, after = (writer.submit_batch(keep, name) for name in ("1", poison, "2"))
    gate.open()
    assert before.result(DEADLINE) == after.result(DEADLINE) == 1
    assert bad.exception(DEADLINE) is not None
    assert kept(database, "1", "2") == {"1", "2"}


@pytest.mark.parametrize("bad", ["known", "\ud800"])
def test_an_error_never_quotes_a_customer(writer: Writer, bad: str) -> None:
    def add(unit: Unit) -> None:
        unit.messages.add([a_stored(a_message(bad, text="my card is 4111 1111"))])

    writer.run(lambda unit: keep(unit, ["known"]))
    error = writer.submit(add).exception(DEADLINE)
    assert error is not None
    assert "4111" not in str(error)


def test_a_nul_harms_no_neighbour(database: Database, writer: Writer) -> None:
    """PostgreSQL refuses it, SQLite keeps it."""
    gate = Gate(writer)
    bad, good = (writer.submit_batch(keep, name) for name in ("a\0b", "1"))
    gate.open()
    good.result(DEADLINE)
    assert kept(database, "1") == {"1"}
    assert bad.done()


def test_a_failing_job_leaves_its_neighbours_alone(database: Database, writer: Writer) -> None:
    def fail(unit: Unit) -> None:
        keep(unit, ["lost"])
        unit.messages.find([a_ref("lost")])
        raise ZeroDivisionError

    gate = Gate(writer)
    first = writer.submit(lambda unit: keep(unit, ["1"]))
    failed = writer.submit(fail)
    second = writer.submit(lambda unit: keep(unit, ["2"]))
    gate.open()
    assert isinstance(failed.exception(DEADLINE), ZeroDivisionError)
    assert first.result(DEADLINE) == second.result(DEADLINE) == [1]
    assert kept(database, "1", "2", "lost") == {"1", "2"}


def test_what_fails_when_it_is_written_fails_its_job_alone(
    database: Database, writer: Writer
) -> None:
    gate = Gate(writer)
    futures = [writer.submit(lambda unit: keep(unit, ["same"])) for _ in range(2)]
    gate.open()
    assert futures[0].result(DEADLINE) == [1]
    assert isinstance(futures[1].exception(DEADLINE), IntegrityError)


def test_everyone_is_told_when_the_database_is_gone(writer: Writer, database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE memory")
    with pytest.raises(Exception, match="memory"):
        writer.run(lambda unit: unit.memory.first_time("x", at=NOW))


def test_nobody_is_told_that_a_job_is_done_which_a_full_disk_undid(tmp_path: Path) -> None:
    """SQLite then takes back the whole transaction, not only what did not fit."""

    def too_much(unit: Unit) -> None:
        for number in range(50):
            unit.messages.add([a_stored(a_message(f"big-{number}", text="x" * 20_000))])
            unit.messages.find([a_ref("1")])

    database = open_database(f"sqlite:///{tmp_path / 'tierdesk.db'}")
    database.migrate()
    with Writer(database) as writer:
        _limit(database, to_pages=20)
        gate = Gate(writer)
        before = writer.submit(lambda unit: keep(unit, ["1"]))
        large = writer.submit(too_much)
        after = writer.submit(lambda unit: keep(unit, ["2"]))
        gate.open()
        assert large.exception(DEADLINE) is not None
        jobs = {"1": before, "2": after}
        told = {name for name, job in jobs.items() if not job.exception(DEADLINE)}
        assert kept(database, "1", "2") == told
        _limit(database, to_pages=1_000_000)
        writer.run(lambda unit: keep(unit, ["3"]))
        assert kept(database, "3") == {"3"}
    database.close()


def _limit(database: Database, *, to_pages: int) -> None:
    """The only connection that writes can make the file larger by so much and no more."""
    with database.writing() as connection:
        used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {used + to_pages}").close()


def test_a_cancelled_job_is_not_done(database: Database, writer: Writer) -> None:
    gate = Gate(writer)
    future = writer.submit(lambda unit: keep(unit, ["1"]))
    assert future.cancel()
    gate.open()
    writer.run(lambda unit: None)
    assert kept(database, "1") == set()


def test_after_a_commit_that_queued_something_its_lanes_are_told(writer: Writer) -> None:
    woken: list[set[str]] = []
    writer.after_commit(lambda lanes: woken.append(set(lanes)))
    writer.run(lambda unit: keep(unit, ["1"]))
    writer.run(lambda unit: None)
    assert woken == []
    writer.submit(lambda unit: unit.outbox.add([an_item()])).result(DEADLINE)
    writer.close()
    assert woken == [{an_item().lane}]


def test_closing_does_first_what_was_submitted(database: Database) -> None:
    writer = Writer(database)
    gate = Gate(writer)
    futures = [writer.submit_batch(keep, f"{n}") for n in range(600)]
    gate.open()
    writer.close()
    assert all(future.done() for future in futures)
    with pytest.raises(RuntimeError, match="closed"):
        writer.submit(lambda unit: None)


def test_a_job_cannot_wait_for_its_own_writer(writer: Writer) -> None:
    with pytest.raises(RuntimeError, match="cannot wait"):
        writer.run(lambda unit: writer.run(lambda other: None))


CHILD = """
import sys
from itertools import count
from store.database import open_database
from store.writer import Writer
from tests.builders import a_message, a_stored, an_item

def keep(unit, ids):
    unit.messages.add([a_stored(a_message(name)) for name in ids])
    unit.outbox.add([an_item(key=id, lane=id) for id in ids])
    return ids

def tell(future):
    sys.stdout.write(future.result() + "\\n")
    sys.stdout.flush()

writer = Writer(open_database(sys.argv[1]))
for number in count():
    future = writer.submit_batch(keep, str(number))
    future.add_done_callback(tell)
    if number % 20 == 0:
        future.result()
"""


@pytest.mark.parametrize("confirmed", [1, 150, 700])
def test_what_was_confirmed_survives_kill_9(url: str, database: Database, confirmed: int) -> None:
    root = Path(__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, url],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    with child:
        assert child.stdout is not None
        told = [child.stdout.readline() for _ in range(confirmed)]
        child.send_signal(signal.SIGKILL)
        told += child.stdout.readlines()
    ids = [line.strip() for line in told if line.endswith("\n")]
    assert len(ids) >= confirmed
    with database.read() as unit:
        found = {ref.id for ref in unit.messages.find([a_ref(name) for name in ids])}
        queued = {item.key for item in unit.outbox.in_state(State.QUEUED, limit=10**6)}
    assert found == set(ids)
    assert set(ids) <= queued
