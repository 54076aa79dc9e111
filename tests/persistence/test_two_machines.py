"""Two machines on one PostgreSQL: neither waits for what the other one holds, for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial

import pytest
from sqlalchemy.exc import DBAPIError

from inbox.ports import Unit
from store.database import Database, open_database
from store.writer import Writer
from tests.builders import NOW, a_case
from tests.databases import own_postgresql

DEADLINE = 30
WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
pytestmark = pytest.mark.postgresql


@pytest.fixture
def url(postgresql: str, postgresql_template: str) -> Iterator[str]:
    with own_postgresql(postgresql, template=postgresql_template) as address:
        yield address


@pytest.fixture
def other(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def cases(writer: Writer) -> None:
    def save(unit: Unit) -> None:
        for number in (1, 2):
            unit.cases.save(a_case(number=number))

    writer.run(save)


def together(writer: Writer, *jobs: Callable[[Unit], object]) -> list[Future[object]]:
    """Given to the writer while it is busy, so that they share a transaction."""
    busy, go = threading.Event(), threading.Event()

    def first(unit: Unit) -> None:
        busy.set()
        assert go.wait(DEADLINE)

    writer.submit(first)
    assert busy.wait(DEADLINE)
    futures = [writer.submit(job) for job in jobs]
    go.set()
    return futures


def until_somebody_waits(database: Database) -> None:
    """Looks again and again whether a transaction waits for a lock of another one."""
    for _ in range(100_000):
        with database.writing() as connection:
            if connection.exec_driver_sql(WAITING).scalar_one():
                return
    raise AssertionError("nobody waits")


def in_thread(job: Callable[[], object]) -> Future[object]:
    done: Future[object] = Future()

    def work() -> None:
        try:
            done.set_result(job())
        except Exception as error:
            done.set_exception(error)

    threading.Thread(target=work).start()
    return done


def test_a_group_that_has_a_case_does_not_wait_for_the_receptions_lock(
    database: Database, writer: Writer, other: Database, cases: None
) -> None:
    """The other machine receives a message of that very case: it would wait for the group."""
    locked, has_case = threading.Event(), threading.Event()
    at_first = iter([True])

    def receive() -> None:
        with other.transact() as unit:
            unit.lock("reception")
            locked.set()
            assert has_case.wait(DEADLINE)
            assert unit.cases.get(1)

    def claim(unit: Unit) -> None:
        assert unit.cases.get(1)
        has_case.set()

    def receive_too(unit: Unit) -> None:
        if next(at_first, False):
            until_somebody_waits(database)
        unit.lock("reception")

    received = in_thread(receive)
    assert locked.wait(DEADLINE)
    futures = together(writer, claim, receive_too)

    assert received.exception(DEADLINE) is None
    assert [future.exception(DEADLINE) for future in futures] == [None, None]


def test_groups_that_stand_in_each_others_way_are_done_all_the_same(
    database: Database, writer: Writer, other: Database, cases: None
) -> None:
    """Each has the case that the other one wants; PostgreSQL undoes one of them."""
    mine, theirs = threading.Event(), threading.Event()

    def one(unit: Unit) -> None:
        assert unit.cases.get(1)
        unit.memory.first_time("one", at=NOW)
        mine.set()

    def two(unit: Unit) -> None:
        assert theirs.wait(DEADLINE)
        assert unit.cases.get(2)
        unit.memory.first_time("two", at=NOW)

    def both(unit: Unit) -> None:
        assert unit.cases.get(2)
        theirs.set()
        assert mine.wait(DEADLINE)
        assert unit.cases.get(1)
        unit.memory.first_time("both", at=NOW)

    with Writer(other) as elsewhere:
        theirs_done = elsewhere.submit(both)
        futures = together(writer, one, two)
        assert [future.exception(DEADLINE) for future in futures] == [None, None]
        assert theirs_done.exception(DEADLINE) is None
    with database.read() as unit:
        assert unit.memory.known(["one", "two", "both"]) == {"one", "two", "both"}


UNDOES = """
CREATE SEQUENCE tried;
CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.name = 'bad' AND nextval('tried') <= {times} THEN
    RAISE EXCEPTION 'undone' USING ERRCODE = '{code}';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER undo BEFORE INSERT ON memory FOR EACH ROW EXECUTE FUNCTION undo();
"""


def undo(database: Database, code: str, times: int) -> None:
    """The database undoes the transactions that write “bad”, so many times."""
    with database.writing() as connection:
        connection.exec_driver_sql(UNDOES.format(code=code, times=times))


def remember(*names: str) -> list[Callable[[Unit], object]]:
    return [partial(_remember, name) for name in names]


def _remember(name: str, unit: Unit) -> bool:
    return unit.memory.first_time(name, at=NOW)


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_what_the_database_undoes_is_done_again_with_its_neighbours(
    database: Database, writer: Writer, code: str
) -> None:
    undo(database, code, times=3)

    futures = together(writer, *remember("1", "bad", "2"))

    assert [future.result(DEADLINE) for future in futures] == [True, True, True]
    with database.read() as unit:
        assert unit.memory.known(["1", "bad", "2"]) == {"1", "bad", "2"}


def test_what_the_database_undoes_for_ever_fails_alone(database: Database, writer: Writer) -> None:
    undo(database, "40P01", times=10**6)

    before, bad, after = together(writer, *remember("1", "bad", "2"))

    assert isinstance(bad.exception(DEADLINE), DBAPIError)
    assert (before.result(DEADLINE), after.result(DEADLINE)) == (True, True)
