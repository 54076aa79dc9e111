"""What a batch of arrivals looks up, however much the store holds."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Inspector, event, inspect, text
from sqlalchemy.engine import Engine

from inbox import retention
from inbox.case import Status
from inbox.changes import DONE, Answered
from inbox.known import look_up
from inbox.message import Posted
from inbox.outbox import State
from store.database import Database, open_database
from tests.builders import (
    ACCOUNT,
    NOW,
    a_case,
    a_message,
    a_ref,
    a_stored,
    an_author,
    minutes,
)


def an_arrival(number: int) -> Posted:
    """Of an author and a conversation of its own."""
    author = an_author(ref=a_ref(f"author-{number}"))
    return Posted(message=a_message(f"{number}", conversation=a_ref(f"{number}"), author=author))


@pytest.mark.parametrize("count", [1, 2, 5, 70, 300])
def test_every_case_of_a_batch_is_found_and_no_other(database: Database, count: int) -> None:
    arrivals = [an_arrival(number) for number in range(count)]
    crossed = (arrivals[0].message.conversation, an_author(ref=a_ref("author-x")).ref)
    with database.writing() as connection, database.job(connection) as unit:
        for at, arrival in enumerate(arrivals, 1):
            unit.cases.save(a_case(at, author=arrival.message.author))
            unit.cases.link((arrival.message.conversation, arrival.message.author.ref), at)
        unit.cases.save(a_case(count + 1))
        unit.cases.link(crossed, count + 1)
        keys = {(each.message.conversation, each.message.author.ref) for each in arrivals}
        found = unit.cases.by_key(keys)
        assert {key: case.number for key, case in found.items()} == {
            (each.message.conversation, each.message.author.ref): at
            for at, each in enumerate(arrivals, 1)
        }


@pytest.mark.parametrize("count", [1, 40])
def test_no_look_of_a_batch_goes_through_a_whole_table(tmp_path: Path, count: int) -> None:
    """A look that does grows with every case there ever was."""
    database = open_database(f"sqlite:///{tmp_path / 'tierdesk.db'}")
    database.migrate()
    with database.writing() as connection, database.job(connection) as unit:
        asked = statements_of(connection.engine)
        look_up(unit, [an_arrival(number) for number in range(count)])
        looks = [each for each in asked if each[0].startswith("SELECT")]
        plans = [line for look in looks for line in plan(connection, *look)]
    database.close()
    assert len(looks) >= 3
    assert [line for line in plans if line.startswith("SCAN") and "CONSTANT" not in line] == []


def test_what_is_over_is_not_gone_through_for_what_is_not(tmp_path: Path) -> None:
    """The health page is asked every few seconds, and most that there ever was is over."""
    database = open_database(f"sqlite:///{tmp_path / 'tierdesk.db'}")
    database.migrate()
    with database.writing() as connection, database.job(connection) as unit:
        asked = statements_of(connection.engine)
        unit.outbox.count()
        for state in State:
            unit.outbox.in_state(state)
        unit.outbox.prune(NOW)
        unit.cases.owned_by("U1")
        unit.cases.asleep_until(NOW, limit=9)
        unit.memory.forget_before(NOW)
        unit.messages.ignored(public_only=True, limit=9)
        plans = [line for look in list(asked) for line in plan(connection, *look)]
    database.close()
    assert len(plans) > 10
    assert [line for line in plans if line.startswith("SCAN") and "INDEX" not in line] == []
    assert [line for line in plans if "cases" in line and "ix_cases_owner" in line] == []


def test_what_ends_is_found_by_indexes_however_much_is_kept(tmp_path: Path) -> None:
    """Foreign keys too: each case that goes would else be looked for in all that may name it."""
    database = open_database(f"sqlite:///{tmp_path / 'tierdesk.db'}")
    database.migrate()
    with database.writing() as connection, database.job(connection) as unit:
        unit.cases.save(a_case(1, status=Status.CLOSED, closed_at=NOW))
        asked = statements_of(connection.engine)
        assert retention.end_old(unit, before=minutes(1)) == 1
        unit.messages.forget_caseless(NOW)
        unit.messages.forget_caseless_of(a_ref())
        unit.memory.known(["a"])
        unit.kept.forget(ACCOUNT, ["a"])
        plans = [line for look in list(asked) for line in plan(connection, *look)]
        names = inspect(connection)
        indexed = {
            (table, each["column_names"][0])
            for table in names.get_table_names()
            for each in (*names.get_indexes(table), _primary(names, table))
        }
        keys = {
            (table, key["constrained_columns"][0])
            for table in names.get_table_names()
            for key in names.get_foreign_keys(table)
        }
    database.close()
    assert len(plans) > 15
    assert [line for line in plans if line.startswith("SCAN")] == []
    assert keys - indexed == set()


def _primary(names: Inspector, table: str) -> Mapping[str, Any]:
    return {"column_names": names.get_pk_constraint(table)["constrained_columns"] or [None]}


def test_what_was_done_with_a_case_is_found_past_all_that_was_written_in_it(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'tierdesk.db'}")
    database.migrate()
    with database.writing() as connection, database.job(connection) as unit:
        asked = statements_of(connection.engine)
        unit.cases.history(1, kinds=DONE, newest=9)
        unit.cases.history(1, kinds=(Answered,))
        plans = [line for look in list(asked) for line in plan(connection, *look)]
    database.close()
    assert (
        plans
        == [
            "SEARCH case_events USING INDEX ix_case_events_done (case_number=? AND seq>? AND seq<?)"
        ]
        * 2
    )


def test_an_accounts_open_cases_are_found_past_all_that_are_closed(database: Database) -> None:
    """An account that is looked after asks every two minutes."""
    with database.writing() as connection, database.job(connection) as unit:
        for number in range(1, 5_001):
            status = Status.NEW if number % 1_000 == 0 else Status.CLOSED
            unit.cases.save(a_case(number, status=status))
            unit.messages.add([a_stored(a_message(f"{number}"), case=number)])
        unit.flush()
        connection.execute(text("ANALYZE"))
        asked = statements_of(connection.engine)
        found = unit.messages.of_open_cases(ACCOUNT, since=NOW, limit=400)
        explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        [look] = list(asked)
        rows = connection.exec_driver_sql(f"{explain} {look[0]}", look[1])
        plans = " ".join(str(value) for row in rows for value in row)
    assert len(found) == 5
    assert "ix_cases_open" in plans


def statements_of(engine: Engine) -> list[tuple[str, Sequence[object]]]:
    """Fills with what is executed from now on."""
    asked: list[tuple[str, Sequence[object]]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _(_c: object, _u: object, statement: str, values: Sequence[object], *_: object) -> None:
        asked.append((statement, values))

    return asked


def plan(connection: Connection, statement: str, values: Sequence[object]) -> list[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(values))
    return [row.detail for row in rows]
