"""How fast the store is: arrivals and outbox cycles a second, beside SQLite's own floor.

Run: python -m benchmarks.store [database address]
"""

import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from inbox.case import Actor, ActorKind, Case
from inbox.changes import CaseEvent, Received, Routed
from inbox.decision import Decision, Explanation, Priority, Response
from inbox.facts import Facts, Findings, Topic
from inbox.message import Author, Kind, Message, Ref, Visibility
from inbox.outbox import NewItem, ShowCard, ShowEntry, State
from inbox.ports import Stored, Unit
from store.database import Database, open_database
from store.writer import Writer

NOW = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
TEXT = "My parcel was to come on Monday, it is Thursday now and nobody tells me where it is. " * 2
TOPIC = Topic(name="delivery", words=("parcel",))
DECISION = Decision(
    rule="late parcel",
    position=7,
    tier=1,
    team="care",
    priority=Priority.MEDIUM,
    response=Response(),
    explanation=Explanation(because=("topic delivery: “parcel”",)),
    version="bench",
)


def arrival(number: int) -> Message:
    author = Ref("generic", "form", f"author-{number}")
    ref = Ref("generic", "form", f"message-{number}")
    return Message(
        ref=ref,
        conversation=ref,
        author=Author(ref=author, handle=f"user{number}", name="Ana Example"),
        text=TEXT,
        visibility=Visibility.PUBLIC,
        kind=Kind.MENTION,
        created_at=NOW,
    )


def receive(unit: Unit, messages: Sequence[Message]) -> Sequence[int]:
    """What a reception does to the store for messages that all open a case."""
    known = unit.messages.find([message.ref for message in messages])
    found = unit.cases.by_key([(m.conversation, m.author.ref) for m in messages])
    unit.cases.contacts([message.author.ref for message in messages])
    return [_open(unit, message) for message in messages if message.ref not in known or found]


def _open(unit: Unit, message: Message) -> int:
    number = unit.cases.number()
    actor = Actor(kind=ActorKind.CUSTOMER, id=message.author.handle)
    received = Received(message=message.ref, visibility=message.visibility)
    routed = Routed(message=message.ref, decision=DECISION, channel="care")
    unit.cases.save(_case(number, message))
    unit.cases.link((message.conversation, message.author.ref), number)
    for seq, change in enumerate((received, routed), start=1):
        unit.cases.append(CaseEvent(case=number, seq=seq, at=NOW, actor=actor, change=change))
    findings = Findings(language="en", topics=(TOPIC,))
    unit.messages.add(
        [
            Stored(
                message=message,
                findings=findings,
                case=number,
                facts=_facts(message),
                decision=DECISION,
            )
        ]
    )
    card, entry = (
        ShowCard(case=number, channel="care"),
        ShowEntry(case=number, seq=1, channel="care"),
    )
    unit.outbox.add(
        [
            NewItem(effect=card, lane="slack:care", coalesce=f"card:{number}:care"),
            NewItem(effect=entry, lane="slack:care", key=f"entry:{number}:1:care"),
        ]
    )
    return number


def _case(number: int, message: Message) -> Case:
    return Case(
        number=number,
        account=message.ref.at(),
        author=message.author,
        conversation=message.conversation,
        tier=1,
        channel="care",
        opened_at=NOW,
        changed_at=NOW,
        rule="late parcel",
        last=message.ref,
        last_public=message.ref,
        messages=1,
        waiting_since=NOW,
        version=2,
    )


def _facts(message: Message) -> Facts:
    return Facts(
        network=message.ref.network,
        account=message.ref.account,
        visibility=message.visibility,
        kind=message.kind,
        text=message.text,
        language="en",
        topics=(TOPIC,),
        spans=(),
        links=0,
        attachments=0,
        author=message.author.handle,
        followers=None,
        verified=None,
        bot=None,
        vip=False,
        first_contact=True,
        case_tier=None,
        case_status=None,
        business_hours=True,
        at=NOW,
    )


def floor(path: Path, count: int) -> float:
    """Plain sqlite3 inserts of an arrival's bytes, one commit each, a second."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, text TEXT)")
    body = TEXT * 8
    speed = _speed(
        count,
        lambda: [
            connection.execute("INSERT INTO plain (text) VALUES (?)", (body,)) for _ in range(count)
        ],
    )
    connection.close()
    return speed


def arrivals(writer: Writer, count: int) -> float:
    messages = [arrival(number) for number in range(count)]

    def run() -> None:
        futures: list[Future[int]] = [writer.submit_batch(receive, each) for each in messages]
        for future in futures:
            future.result()

    return _speed(count, run)


def batches(database: Database, count: int, *, start: int, size: int = 100) -> float:
    messages = [arrival(number) for number in range(start, start + count)]

    def run() -> None:
        for first in range(0, count, size):
            with database.transact() as unit:
                receive(unit, messages[first : first + size])

    return _speed(count, run)


def cycles(writer: Writer, count: int, lanes: int) -> float:
    """Lease and settle, each committed, with all that the arrivals left behind waiting."""
    effect = ShowCard(case=1, channel="bench")
    items = [NewItem(effect=effect, lane=f"bench:{n % lanes}") for n in range(count)]
    writer.run(lambda unit: unit.outbox.add(items))

    def run() -> None:
        done = 0
        while done < count:
            leased = writer.run(
                lambda unit: unit.outbox.lease("bench", limit=16, lease_for=timedelta(minutes=1))
            )
            settled = [
                writer.submit(lambda unit, item=item: unit.outbox.settle(item.id, State.DELIVERED))
                for item in leased
            ]
            done += sum(future.result() for future in settled)

    return _speed(count, run)


def _speed(count: int, run: Callable[[], object]) -> float:
    begun = perf_counter()
    run()
    return count / (perf_counter() - begun)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        address = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/tierdesk.db"
        database = open_database(address)
        database.migrate()
        least = floor(Path(folder) / "floor.db", 5000)
        batches(database, 200, start=10**7)
        with Writer(database) as writer:
            rows = [
                ("floor: plain sqlite3 insert, one commit each", least),
                ("arrivals, in transactions of 100", batches(database, 20_000, start=10**6)),
                ("arrivals through the writer", arrivals(writer, 20_000)),
                ("lease and settle, 32 lanes", cycles(writer, 4_000, 32)),
            ]
        database.close()
    for name, speed in rows:
        print(f"{name:<48}{speed:>10,.0f}/s{speed / least:>8.2f}")


if __name__ == "__main__":
    main()
