"""What the store promises of people and of their cases, on both databases."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert
from sqlalchemy.exc import IntegrityError

from inbox.case import Status
from inbox.message import Account, Author, Ref, Visibility
from inbox.ports import Conversation, Link, Tally
from store.case_row import COLUMNS, case_row
from store.database import Database, open_database
from store.tables import cases
from tests.builders import NOW, a_case, a_message, a_ref, a_stored, an_author, minutes
from tests.databases import go_back_to

X = Account("x", "brand")
ANA, EVA = an_author("ana@social.example"), an_author("eva", name="Eva")


def on_x(handle: str, **fields: Any) -> Author:
    return an_author(handle, ref=a_ref(f"@{handle}", account=X), **fields)


def handles(found: Any) -> list[str]:
    return [author.handle for author in found]


def test_an_author_is_known_as_they_are_called_now(database: Database) -> None:
    renamed = an_author("anita", ref=ANA.ref, name="Ana P.", followers=5)
    with database.transact() as unit:
        unit.identities.meet(ANA, at=NOW)
        unit.identities.meet(renamed, at=minutes(1))
    with database.read() as unit:
        assert unit.identities.find({ANA.ref, EVA.ref}) == {ANA.ref: renamed}
        assert handles(unit.identities.search("anita", limit=9)) == ["anita"]
        assert handles(unit.identities.search("social.example", limit=9)) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ana", ["ana_x", "ana@social.example"]),
        ("@ana_x", ["ana_x"]),
        ("a_a", []),
        ("%", []),
        ("mihaila", ["ana_x"]),
        ("MIHĂILĂ ana", ["ana_x"]),
        ("ana nobody", []),
        ("", []),
        (" @ ", []),
    ],
)
def test_who_is_searched_for_is_found_by_all_words_without_case_and_accents(
    database: Database, words: str, found: list[str]
) -> None:
    with database.transact() as unit:
        unit.identities.meet(ANA, at=NOW)
        unit.identities.meet(on_x("ana_x", name="Ana Mihăilă"), at=minutes(1))
        unit.identities.meet(EVA, at=minutes(2))
    with database.read() as unit:
        assert handles(unit.identities.search(words, limit=9)) == found
        assert handles(unit.identities.search(words, limit=1)) == found[:1]


def test_a_link_and_its_end_are_kept_with_who_and_when(database: Database) -> None:
    other = on_x("ana_x")
    with database.transact() as unit:
        for author in (ANA, other, EVA):
            unit.identities.meet(author, at=NOW)
        unit.identities.link(ANA.ref, other.ref, by="U1", at=NOW)
        unit.identities.link(other.ref, EVA.ref, by="U2", at=minutes(1))
        first, second = unit.identities.links({other.ref})
        unit.identities.undo(first.id, by="U3", at=minutes(2))
        unit.identities.undo(first.id, by="U4", at=minutes(3))
    with database.read() as unit:
        ended = Link(
            id=first.id,
            one=ANA.ref,
            other=other.ref,
            by="U1",
            at=NOW,
            undone_by="U3",
            undone_at=minutes(2),
        )
        assert unit.identities.links({ANA.ref}) == [ended]
        assert unit.identities.links({ANA.ref, EVA.ref}) == [ended, second]
        assert (ended.stands, second.stands) == (False, True)


def test_nobody_is_linked_who_was_never_met(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transact() as unit:
        unit.identities.link(ANA.ref, EVA.ref, by="U1", at=NOW)


def test_cases_of_several_authors_come_by_the_page_and_are_counted(database: Database) -> None:
    other = on_x("ana_x")
    with database.transact() as unit:
        for number in range(1, 6):
            author = other if number % 2 else ANA
            status = Status.CLOSED if number < 3 else Status.NEW
            unit.cases.save(a_case(number, author=author, status=status))
        unit.cases.save(a_case(6, author=EVA))
        authors = {ANA.ref, other.ref}
        pages = [unit.cases.of_authors(authors, skip=skip, limit=2) for skip in (0, 2, 4, 6)]
        assert [[case.number for case in page] for page in pages] == [[5, 4], [3, 2], [1], []]
        found = unit.cases.tallies(authors)
    assert {(t.author, t.status): t.cases for t in found} == {
        (ANA.ref, Status.CLOSED): 1,
        (ANA.ref, Status.NEW): 1,
        (other.ref, Status.CLOSED): 1,
        (other.ref, Status.NEW): 2,
    }
    new = Tally(author=other.ref, channel="care", tier=1, status=Status.NEW, cases=2)
    assert new in found


def test_a_case_tells_where_it_was_written(database: Database) -> None:
    thread, private = a_ref("thread"), a_ref("dm")
    with database.transact() as unit:
        unit.cases.save(a_case(1))
        unit.cases.save(a_case(2))
        written = [("1", thread, "public"), ("2", thread, "public"), ("3", private, "private")]
        for after, (name, place, seen) in enumerate(written):
            message = a_message(
                name,
                conversation=place,
                visibility=Visibility(seen),
                created_at=minutes(after),
            )
            unit.messages.add([a_stored(message, case=1, mine=name == "2")])
    with database.read() as unit:
        assert unit.messages.conversations([1, 2]) == {
            1: [_conversation(private, "private", 1, 2), _conversation(thread, "public", 2, 1)],
            2: [],
        }


def _conversation(ref: Ref, seen: str, messages: int, newest: int) -> Conversation:
    visibility = Visibility(seen)
    return Conversation(ref=ref, visibility=visibility, messages=messages, newest=minutes(newest))


def test_everybody_of_an_older_history_is_met_by_the_migration(database: Database) -> None:
    renamed = an_author("anita", ref=ANA.ref, name="Ană")
    met = [a_case(1, author=ANA), a_case(2, author=renamed, opened_at=minutes(1))]
    with database.writing() as connection:
        go_back_to(connection, "0003")
        for case in met:
            connection.execute(
                insert(cases).values(dict(zip(COLUMNS, case_row(case), strict=True)))
            )
    database.migrate()
    with database.read() as unit:
        assert unit.identities.find({ANA.ref}) == {ANA.ref: renamed}
        assert handles(unit.identities.search("ana anita", limit=9)) == ["anita"]


def test_the_migration_holds_no_more_than_a_step_of_a_long_history(database: Database) -> None:
    """psycopg reads all of an answer at once, but for that of a cursor of the server's."""
    authors = [an_author(f"{number}@social.example") for number in range(1_200)]
    fetched: list[str] = []

    def note(_c: object, cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith("SELECT author_ref, author_json"):
            fetched.append(type(cursor).__name__)

    with database.writing() as connection:
        go_back_to(connection, "0003")
        for number, author in enumerate(authors, 1):
            row = case_row(a_case(number, author=author))
            connection.execute(insert(cases).values(dict(zip(COLUMNS, row, strict=True))))
        event.listen(connection.engine, "before_cursor_execute", note)
    database.migrate()
    assert fetched == [
        "ServerCursor" if connection.dialect.name == "postgresql" else "Cursor",
    ]
    with database.read() as unit:
        assert len(unit.identities.find({author.ref for author in authors})) == len(authors)


def test_of_a_name_that_thousands_have_those_met_last_come_first(database: Database) -> None:
    with database.transact() as unit:
        for number in range(4_000):
            unit.identities.meet(on_x(f"ana{number}"), at=minutes(number))
    with database.read() as unit:
        found = handles(unit.identities.search("ana", limit=3))
    assert found == ["ana3999", "ana3998", "ana3997"]


def test_a_name_that_all_have_costs_no_more_the_more_they_are(tmp_path: Path) -> None:
    """Counted in steps of SQLite's machine: whoever is found is not sorted, nor even looked at."""
    database = open_database(f"sqlite:///{tmp_path / 'people.db'}")
    database.migrate()
    work = []
    for start in (0, 4_000, 8_000):
        with database.writing() as connection, database.job(connection) as unit:
            for number in range(start, start + 4_000):
                unit.identities.meet(on_x(f"ana{number}"), at=minutes(number))
            unit.flush()
            work.append(steps(connection, lambda: unit.identities.search("ana", limit=200)))
    database.close()
    assert work[2] <= work[0] * 1.1


def steps(connection: Connection, look: Callable[[], object]) -> int:
    """Hundreds of instructions."""
    counted: list[None] = []
    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(lambda: counted.append(None), 100)
    look()
    driver.set_progress_handler(None, 0)
    return len(counted)
