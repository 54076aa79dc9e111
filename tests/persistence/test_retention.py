"""What ends leaves nothing behind and takes nothing else with it, on both databases."""

import random
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, MetaData, inspect

from inbox import contacts, retention
from inbox.case import Actor, ActorKind, Afterwards, Case, Status
from inbox.changes import Change, NotSent, Received, TicketWanted
from inbox.errors import Refusal
from inbox.message import Account, Author, Posted, Ref, Visibility
from inbox.outbox import Alert, Effect, NewItem, SendAnswer, State, Whisper
from inbox.ports import Card, Commented, Unit, desk_account
from inbox.reception import Arrival, Reception
from inbox.ticket import TicketLink
from store.database import Database
from tests.builders import (
    NOW,
    a_case,
    a_decision,
    a_draft,
    a_message,
    a_ref,
    a_stored,
    an_author,
    an_event,
    an_item,
    minutes,
    some_facts,
)
from tests.databases import go_back_to
from tests.house import FakeRouter, a_desk

DAY = timedelta(days=1)
BEFORE = NOW - 30 * DAY
OLD, YOUNG = BEFORE - DAY, BEFORE + DAY
AGENT = Actor(kind=ActorKind.AGENT, id="U1")


def a_customer(number: int) -> Author:
    return an_author(f"customer-{number}", name=f"Zoe {number}")


def closed(number: int, author: Author | None = None, at: datetime = OLD, **fields: Any) -> Case:
    plain = {"author": author or a_customer(number), "conversation": a_ref(f"place-{number}")}
    ended = {"status": Status.CLOSED, "closed_at": at, "resolution": "answered"}
    return a_case(number, **plain | ended | fields)


def put(unit: Unit, case: Case) -> None:
    """A case with all that there can be of one."""
    number, author = case.number, case.author
    text = f"Text of {author.handle} in {number}"
    ticket = f"t-{number}"
    unit.identities.meet(author, at=NOW)
    unit.cases.save(case)
    unit.cases.link((case.conversation, author.ref), number)
    message = a_message(f"m-{number}", conversation=case.conversation, author=author, text=text)
    sent = a_message(f"ours-{number}", conversation=case.conversation, text=f"To {author.handle}")
    facts, decision = some_facts(message), a_decision()
    unit.messages.add(
        [
            a_stored(message, case=number, facts=facts, decision=decision),
            a_stored(sent, case=number, mine=True),
        ]
    )
    unit.kept.set(sent.ref.at(), f"undelivered:{sent.ref.id}", f"{NOW.isoformat()} blocked")
    changes: Sequence[Change] = (
        Received(message=message.ref, visibility=Visibility.PUBLIC),
        TicketWanted(desk="support"),
        NotSent(key=f"k-{number}", reason="r", text=text, spans=(), visibility=sent.visibility),
    )
    for seq, change in enumerate(changes, 1):
        unit.cases.append(an_event(number, seq, change))
    for channel in ("care", "private"):
        unit.cards.save(Card(case=number, channel=channel, ts=f"{number}.1"))
    unit.tickets.link("support", ticket, number)
    for kept in ("story", "begun"):
        unit.kept.set(desk_account("support"), f"{kept} ticket:{number}:2", text)
    news = Commented(ticket=ticket, id=f"c-{number}", author="Rita", text=text, public=True, at=NOW)
    unit.tickets.keep_early("support", news, at=NOW)
    unit.kept.set(author.ref.at(), f"person:reader-{author.ref.id}", author.ref.id)
    deliver(
        unit,
        number,
        SendAnswer(
            case=number,
            draft=a_draft(text, to=author),
            spans=(),
            by=AGENT,
            afterwards=Afterwards.WAIT,
            automatic=False,
        ),
    )
    deliver(unit, number, Whisper(user="U1", channel="care", text="no", case=number, quote=text))
    deliver(unit, number, Alert(channel="care", text="Look.", case=number))


def deliver(unit: Unit, number: int, effect: Effect) -> None:
    kind = type(effect).__name__
    unit.outbox.add([NewItem(effect=effect, lane=f"{kind}-{number}", key=f"{kind}-{number}")])
    over = {f"{kind}-{number}"}
    for item in unit.outbox.lease("w", limit=99, lease_for=DAY):
        assert item.key in over
        unit.outbox.settle(item.id, State.DELIVERED)


def end_all(database: Database) -> list[int]:
    """How many cases each step deleted."""
    steps: list[int] = []
    while True:
        with database.transact() as unit:
            steps.append(retention.end_old(unit, before=BEFORE))
        if not steps[-1]:
            return steps[:-1]


def dump(database: Database) -> set[str]:
    """Every row of every table that the database has."""
    with database.writing() as connection:
        return set(_rows(connection))


def _rows(connection: Connection) -> Iterator[str]:
    seen = MetaData()
    seen.reflect(connection)
    assert set(seen.tables) == set(inspect(connection).get_table_names())
    for name, table in seen.tables.items():
        yield from (f"{name}: {tuple(row)}" for row in connection.execute(table.select()))


def left_of(database: Database, *words: str) -> set[str]:
    return {row for row in dump(database) if any(word in row for word in words)}


@pytest.mark.parametrize("seed", range(4))
def test_what_ends_leaves_the_database_as_if_it_had_never_been(
    database: Database, seed: int
) -> None:
    """The others first, then those whose time is over, of the same and of other customers."""
    rolls = random.Random(seed)
    people = [a_customer(number) for number in range(5)]
    others = rolls.sample(range(1, 100), 8)
    over = [number for number in rolls.sample(range(1, 100), 20) if number not in others]
    fates: Sequence[dict[str, Any]] = (
        {"at": YOUNG},
        {"status": Status.OPEN, "closed_at": None},
        {"status": Status.NEW, "closed_at": None, "ticket": TicketLink(desk="support", id="x")},
    )
    with database.transact() as unit:
        for number in others:
            put(unit, closed(number, rolls.choice(people[:3]), **rolls.choice(fates)))
    before = dump(database)
    with database.transact() as unit:
        for number in over:
            put(unit, closed(number, rolls.choice(people), at=OLD - rolls.randrange(9) * DAY))

    assert sum(end_all(database)) == len(over) > 5

    assert dump(database) == before


def test_of_a_forgotten_case_no_word_and_no_name_is_anywhere(database: Database) -> None:
    with database.transact() as unit:
        put(unit, closed(1))
        put(unit, closed(2, at=YOUNG))
        unit.messages.add([a_stored(a_message("ignored", author=a_customer(1)))])
    assert len(left_of(database, "customer-1", "Zoe 1", "m-1'")) > 8
    neighbour = left_of(database, "customer-2", "Zoe 2")

    with database.transact() as unit:
        ending = retention.forget(unit, 1, at=NOW)

    assert (ending.messages, len(ending.cards)) == (2, 2)
    assert ending.tickets == [("support", "t-1")]
    assert left_of(database, "customer-1", "Zoe 1", "m-1'", "ours-1'", "t-1'") == set()
    assert left_of(database, "customer-2", "Zoe 2") == neighbour


@pytest.mark.parametrize("state", [State.QUEUED, State.LEASED, State.HELD])
def test_a_case_with_something_undone_is_spared_until_it_is_done(
    database: Database, state: State
) -> None:
    with database.transact() as unit:
        put(unit, closed(1))
        put(unit, closed(2))
        unit.outbox.add([an_item(2, key="waits")])
        [item] = unit.outbox.lease("w", limit=9, lease_for=DAY)
        if state is not State.LEASED:
            unit.outbox.settle(item.id, state)
    untouched = left_of(database, "customer-2")

    assert end_all(database) == [1]
    assert left_of(database, "customer-2") == untouched
    with pytest.raises(Refusal, match="outbox list"), database.transact() as unit:
        retention.forget(unit, 2, at=NOW)

    with database.transact() as unit:
        if state is State.QUEUED:
            unit.outbox.lease("w", limit=9, lease_for=DAY)
        unit.outbox.settle(item.id, State.DELIVERED)
    assert end_all(database) == [1]
    assert left_of(database, "customer-2") == set()


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.CLOSED])
def test_an_open_case_is_never_deleted(database: Database, status: Status) -> None:
    with database.transact() as unit:
        put(unit, closed(1, status=status, closed_at=None))
    before = dump(database)
    assert end_all(database) == []
    with pytest.raises(Refusal, match="not closed"), database.transact() as unit:
        retention.forget(unit, 1, at=NOW)
    assert dump(database) == before


def test_a_step_takes_a_bounded_number_of_cases_and_of_what_they_hold(database: Database) -> None:
    with database.transact() as unit:
        for number in range(1, 121):
            unit.cases.save(closed(number, at=OLD - (200 - number) * DAY, version=1))
        for number, version in ((121, 300), (122, 199), (123, 2000), (124, 1)):
            unit.cases.save(closed(number, at=OLD - (200 - number) * DAY, version=version))
    assert end_all(database) == [50, 50, 20 + 1, 1, 1, 1]


def test_old_messages_of_no_case_end_in_steps_and_others_stay(database: Database) -> None:
    texts = [("ignored", None, OLD), ("young", None, YOUNG), ("of a case", 1, OLD)]
    with database.transact() as unit:
        put(unit, closed(1, at=YOUNG))
        unit.messages.add(
            a_stored(a_message(f"{text} {n}", text=text, created_at=at), case=case)
            for text, case, at in texts
            for n in range(3)
        )
    counts: list[int] = []
    while not counts or counts[-1]:
        with database.transact() as unit:
            counts.append(unit.messages.forget_caseless(BEFORE, limit=2))
    assert counts == [2, 1, 0]
    assert [len(left_of(database, f"'{text}'")) for text, _, _ in texts] == [0, 3, 3]


@pytest.mark.postgresql
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_case_that_another_machine_works_on_is_left_to_it(database: Database) -> None:
    with database.transact() as unit:
        put(unit, closed(1))
        put(unit, closed(2))
    with database.transact() as other:
        case = other.cases.get(2)
        assert case
        assert end_all(database) == [1]
        with database.transact() as unit:
            assert not unit.retention.over([2])
        other.cases.save(replace(case, status=Status.OPEN, closed_at=None))
    assert end_all(database) == []


@pytest.mark.postgresql
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_somebody_who_writes_while_their_last_case_goes_is_still_known(
    database: Database,
) -> None:
    case = closed(100)
    with database.transact() as unit:
        put(unit, case)
    reception = Reception(desk=a_desk(), router=FakeRouter(), planners={})
    message = a_message("elsewhere", author=case.author, in_reply_to=a_ref("far"))

    def ends() -> int:
        with database.transact() as unit:
            return retention.end_old(unit, before=BEFORE)

    with ThreadPoolExecutor(1) as threads:
        with database.transact() as unit:
            reception.receive(unit, [Arrival(event=Posted(message=message))], now=NOW)
            unit.flush()
            end = threads.submit(ends)
            while not (end.done() or somebody_waits(database)):
                pass
        assert end.result() == 1
    with database.read() as unit:
        known = unit.cases.contacts({case.author.ref})[case.author.ref]
        assert known.cases == 1
        assert unit.identities.find({case.author.ref}) == {case.author.ref: case.author}


def somebody_waits(database: Database) -> bool:
    asked = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database"
        " WHERE NOT granted AND datname = current_database()"
    )
    with database.writing() as connection:
        return bool(connection.exec_driver_sql(asked).scalar())


@pytest.mark.parametrize("seed", range(5))
def test_whoever_goes_leaves_the_others_the_persons_that_they_were(
    database: Database, seed: int
) -> None:
    rolls = random.Random(seed)
    people = [a_customer(number) for number in range(9)]
    with database.transact() as unit:
        for author in people:
            unit.identities.meet(author, at=NOW)
        for number in range(1, 9):
            if rolls.random() < 0.8:  # a forest, as links that stand are one
                other = people[rolls.randrange(number)]
                unit.identities.link(people[number].ref, other.ref, by="U1", at=minutes(number))
        gone = people[1].ref
        unit.identities.link(gone, people[2].ref, by="U9", at=NOW)
        unit.identities.undo(unit.identities.links({gone})[-1].id, by="U9", at=NOW)
    left = {author.ref for author in people}
    for author in rolls.sample(people, 6):
        with database.transact() as unit:
            before = same_person(unit, left)
            contacts.leave(unit, author.ref)
            left -= {author.ref}
            links = contacts.standing(unit, left)
            assert same_person(unit, left) == {pair for pair in before if author.ref not in pair}
            assert len(links) < max(len(left), 1)
            assert {link.by for link in links} <= {"U1"}
    assert left_of(database, author.handle) == set()


def same_person(unit: Unit, refs: Iterable[Ref]) -> set[frozenset[Ref]]:
    pairs = combinations(sorted(refs, key=str), 2)
    reached = {ref: contacts.reached(ref, contacts.standing(unit, {ref})) for ref in refs}
    return {frozenset(pair) for pair in pairs if pair[1] in reached[pair[0]]}


def test_a_case_of_an_older_version_is_spared_for_what_it_had_queued(database: Database) -> None:
    with database.transact() as unit:
        for number in (1, 2):
            unit.cases.save(closed(number))
        unit.outbox.add(
            [
                an_item(1, key="waits"),
                NewItem(effect=Alert(channel="care", text="of no case"), lane="l"),
            ]
        )
    with database.writing() as connection:
        kept = {
            name: [row._asdict() for row in connection.execute(table.select())]
            for name, table in _tables(connection, "cases", "outbox")
        }
        go_back_to(connection, "0005")
        for name, table in _tables(connection, "cases", "outbox"):
            for row in kept[name]:
                known = {key: value for key, value in row.items() if key in table.columns}
                connection.execute(table.insert().values(known))
    database.migrate()
    with database.transact() as unit:
        assert [case.number for case in unit.retention.over([1, 2])] == [2]


def _tables(connection: Connection, *names: str) -> Iterator[tuple[str, Any]]:
    seen = MetaData()
    seen.reflect(connection, only=names)
    return ((name, seen.tables[name]) for name in names)


def test_what_an_account_keeps_of_others_stays(database: Database) -> None:
    account = Account("mastodon", "brand")
    with database.transact() as unit:
        for name in ("one", "two", "three"):
            unit.kept.set(account, name, name)
        unit.kept.set(Account("mastodon", "other"), "one", "other's")
        unit.kept.set(account, "of three", "one")
        unit.kept.forget(account, ["one", "two", "four"])
        unit.kept.forget_values(account, "thr", ["one", "four"])
    assert len(left_of(database, "'three'", "other's", "of three")) == 3
    assert left_of(database, "'two'") == set()


def test_only_what_is_remembered_is_known(database: Database) -> None:
    with database.transact() as unit:
        unit.memory.first_time("a", at=NOW)
        assert unit.memory.known(["a", "b"]) == {"a"}
