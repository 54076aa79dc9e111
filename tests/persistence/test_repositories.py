"""What the store promises of messages, cases, cards, cursors and memory, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError

from inbox.case import Afterwards, Case, Status
from inbox.changes import (
    AnswerQueued,
    Change,
    Claimed,
    Closed,
    Corrected,
    Held,
    Received,
    Released,
    Routed,
    Snoozed,
)
from inbox.clearance import DataClass, Span
from inbox.decision import Also, Answer, Explanation, Miss, Priority, Response
from inbox.facts import Findings, Topic
from inbox.message import Account, Attachment, Ref, Visibility
from inbox.ports import Card, Contact
from store.database import Database
from tests.builders import (
    ACCOUNT,
    NOW,
    a_case,
    a_decision,
    a_message,
    a_ref,
    a_stored,
    an_author,
    an_event,
    minutes,
    some_facts,
)

SPAN = Span(start=3, end=19, cls=DataClass.CARD)

FULL_CASE = a_case(
    3,
    account=Account("a/b", "ü 1"),
    author=an_author(followers=5, verified=True, bot=False, url="https://social.example/@ana"),
    status=Status.ON_HOLD,
    priority=Priority.CRITICAL,
    team="care",
    owner="U1",
    tags=("vip", "späť"),
    rule="cards",
    dm=a_ref("dm"),
    last=a_ref("2"),
    last_public=a_ref("1"),
    messages=2,
    waiting_since=minutes(1),
    answered_at=minutes(2),
    answered_by="U2",
    claimed_at=minutes(3),
    automatic_at=minutes(4),
    closed_at=minutes(5),
    snoozed_until=minutes(6),
    resolution="spam",
    watched=True,
    previous=1,
    language="ro",
    version=9,
)


def test_a_message_comes_back_as_it_went_in(database: Database) -> None:
    message = a_message(
        text="日本語 \U0001f600 \u202e <!channel> \r\n",
        in_reply_to=a_ref("0"),
        conversation=Ref("odd/network", "with:colon", "and/slashes/"),
        url="https://social.example/1",
        language="ja",
        attachments=(Attachment(kind="image", url="https://social.example/i", alt=None),),
        created_at=datetime(2026, 3, 4, 12, 30, 0, 123456, tzinfo=timezone(timedelta(hours=9))),
    )
    findings = Findings(
        topics=(Topic(name="billing", words=("bill",)),), spans=(SPAN,), failed=("x",)
    )
    decision = a_decision(
        response=Response(kind=Answer.PRIVATE_MOVE, template="t"),
        explanation=Explanation(
            because=("a",),
            not_by=(Miss(position=1, rule="r", failed="f"),),
            also=(Also(rule="r", did="d", because="b"),),
        ),
    )
    stored = a_stored(
        message,
        case=1,
        mine=True,
        findings=findings,
        facts=some_facts(message, spans=(SPAN,)),
        decision=decision,
        edited_at=minutes(1),
        deleted_at=minutes(2),
    )
    with database.transact() as unit:
        unit.cases.save(a_case(1))
        unit.messages.add([stored])
    with database.read() as unit:
        assert unit.messages.find({message.ref, a_ref("9")}) == {message.ref: stored}


@pytest.mark.parametrize("case", [a_case(3), FULL_CASE], ids=["plain", "full"])
def test_a_case_comes_back_as_it_went_in(database: Database, case: Case) -> None:
    with database.transact() as unit:
        unit.cases.save(case)
    with database.read() as unit:
        assert unit.cases.get(case.number) == case
        assert unit.cases.get(99) is None


def test_times_come_out_aware_and_in_utc(database: Database) -> None:
    with database.transact() as unit:
        unit.cases.save(a_case(1))
    with database.read() as unit:
        case = unit.cases.get(1)
    assert case is not None
    assert case.opened_at.tzinfo is UTC


def test_a_message_that_is_known_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transact() as unit:
        unit.messages.add([a_stored(), a_stored()])


def test_a_replaced_message_has_its_new_form(database: Database) -> None:
    with database.transact() as unit:
        unit.messages.add([a_stored()])
    edited = a_stored(a_message(text="And on Sundays?"), edited_at=minutes(5))
    with database.transact() as unit:
        unit.messages.replace(edited)
    with database.read() as unit:
        assert unit.messages.find({a_ref("1")}) == {a_ref("1"): edited}


def test_messages_of_a_case_are_oldest_first(database: Database) -> None:
    later = a_stored(a_message("a", created_at=minutes(1)), case=1)
    earlier = a_stored(a_message("b"), case=1)
    other = a_stored(a_message("c"))
    with database.transact() as unit:
        unit.cases.save(a_case(1))
        unit.messages.add([later, earlier, other])
        assert unit.messages.of_case(1) == [earlier, later]


def test_the_whole_history_streams_oldest_first(database: Database) -> None:
    kept = [a_stored(a_message(f"{n:03}", created_at=minutes(n))) for n in range(600)]
    with database.transact() as unit:
        unit.messages.add(reversed(kept))
    assert list(database.all_messages()) == kept
    assert list(database.all_messages(since=minutes(590))) == kept[590:]


def test_messages_that_were_decided_on_are_counted_without_our_own(database: Database) -> None:
    asked = [a_message(f"{n}", created_at=minutes(n)) for n in range(4)]
    decided = [a_stored(m, facts=some_facts(m), decision=a_decision()) for m in asked]
    ours = [a_stored(a_message(f"our {n}", created_at=minutes(n)), mine=True) for n in range(4)]
    with database.transact() as unit:
        unit.messages.add([*decided, *ours])
    assert database.how_many_decided(since=minutes(1)) == 3


def test_messages_of_open_cases_are_found_newest_first(database: Database) -> None:
    with database.transact() as unit:
        for number, status in ((1, Status.OPEN), (2, Status.CLOSED)):
            unit.cases.save(a_case(number, status=status))
        unit.messages.add(
            [
                a_stored(a_message("old", created_at=minutes(-60)), case=1),
                a_stored(a_message("first"), case=1),
                a_stored(a_message("second", created_at=minutes(1)), case=1),
                a_stored(a_message("ours", created_at=minutes(1)), case=1, mine=True),
                a_stored(a_message("closed", created_at=minutes(1)), case=2),
            ]
        )
        found = unit.messages.of_open_cases(ACCOUNT, since=minutes(-1), limit=9)
        assert found == [a_ref("second"), a_ref("first")]
        assert unit.messages.of_open_cases(Account("x", "y"), since=minutes(-1), limit=9) == []


def test_the_moments_of_an_account_are_the_customers_last_of_every_five_minutes(
    database: Database,
) -> None:
    start = NOW.replace(minute=0)
    times = [start + timedelta(minutes=n) for n in (0, 1, 4, 5, 61)]
    another = Account("mastodon", "brand-two")
    with database.transact() as unit:
        unit.messages.add(
            a_stored(a_message(f"m{n}", created_at=at)) for n, at in reversed([*enumerate(times)])
        )
        unit.messages.add([a_stored(a_message("ours", created_at=minutes(99)), mine=True)])
        other = a_message(ref=a_ref("1", account=another), created_at=minutes(50))
        unit.messages.add([a_stored(other)])
    with database.read() as unit:
        found = unit.messages.moments(ACCOUNT, since=start)
        assert found == [times[2], times[3], times[4]]
        assert unit.messages.moments(ACCOUNT, since=times[4]) == [times[4]]
        assert unit.messages.moments(another, since=start) == [minutes(50)]


def test_a_case_is_found_by_what_was_linked_last(database: Database) -> None:
    key, other = (a_ref("1"), an_author().ref), (a_ref("2"), an_author().ref)
    with database.transact() as unit:
        unit.cases.save(a_case(1))
        unit.cases.save(a_case(2))
        unit.cases.link(key, 1)
        assert unit.cases.by_key([key, other]) == {key: a_case(1)}
        unit.cases.link(key, 2)
        unit.cases.link(other, 2)
    with database.transact() as unit:
        assert unit.cases.by_key([key, other]) == {key: a_case(2), other: a_case(2)}
        assert unit.cases.holder(key) == a_case(2)
        assert unit.cases.holder((a_ref("3"), an_author().ref)) is None


def test_contacts_count_an_authors_cases(database: Database) -> None:
    ben, eva = an_author("ben"), an_author("eva")
    newest = a_case(3, author=ben)
    with database.transact() as unit:
        unit.cases.save(a_case(1, author=ben, status=Status.CLOSED))
        unit.cases.save(a_case(2, author=eva))
        unit.cases.save(newest)
        assert unit.cases.contacts([ben.ref, a_ref("nobody")]) == {
            ben.ref: Contact(cases=2, closed=1, newest=newest),
            a_ref("nobody"): Contact(cases=0, closed=0, newest=None),
        }


CHANGES: list[Change] = [
    Received(message=a_ref(), visibility=Visibility.PRIVATE),
    Routed(message=a_ref(), decision=a_decision(), channel="care"),
    Claimed(owner="U1"),
    Released(),
    Snoozed(until=minutes(9)),
    AnswerQueued(
        key="k",
        text="4111…",
        spans=(SPAN,),
        visibility=Visibility.PUBLIC,
        afterwards=Afterwards.WAIT,
        automatic=False,
    ),
    Held(key="k", item=4, reason="no answer"),
    Closed(resolution="spam"),
]


def test_a_history_comes_back_in_order(database: Database) -> None:
    events = [an_event(1, seq, change) for seq, change in enumerate(CHANGES, start=1)]
    with database.transact() as unit:
        unit.cases.save(a_case(1))
        for event in reversed(events):
            unit.cases.append(event)
    with database.read() as unit:
        assert unit.cases.history(1) == events


def test_corrections_of_all_cases_stream_oldest_first(database: Database) -> None:
    first = an_event(2, 1, Corrected(message=a_ref("2"), tier=None), at=minutes(1))
    second = an_event(1, 2, Corrected(message=a_ref("1"), tier=2), at=minutes(2))
    old = an_event(1, 1, Corrected(message=a_ref("1"), tier=1), at=minutes(-1))
    with database.transact() as unit:
        for number in (1, 2):
            unit.cases.save(a_case(number))
        for event in (second, old, first, an_event(2, 2, Released(), at=minutes(3))):
            unit.cases.append(event)
    assert list(database.all_corrections(since=NOW)) == [first, second]


def test_two_changes_cannot_have_one_place_in_a_history(database: Database) -> None:
    with database.transact() as unit:
        unit.cases.save(a_case(1))
        unit.cases.append(an_event(1, 1))
    with pytest.raises(IntegrityError), database.transact() as unit:
        unit.cases.append(an_event(1, 1))


def test_an_agents_cases_are_those_not_closed(database: Database) -> None:
    mine = a_case(2, owner="U1", status=Status.OPEN)
    with database.transact() as unit:
        unit.cases.save(replace(mine, number=1, status=Status.CLOSED))
        unit.cases.save(mine)
        unit.cases.save(replace(mine, number=3, owner="U2"))
        assert unit.cases.owned_by("U1") == [mine]


def test_the_cases_of_a_channel_are_counted(database: Database) -> None:
    closed = {"status": Status.CLOSED, "closed_at": minutes(5)}
    with database.transact() as unit:
        for case in (a_case(1), a_case(2, **closed), a_case(3, channel="private")):
            unit.cases.save(case)
    with database.read() as unit:
        assert unit.cases.count_in("care") == 2
        assert unit.cases.count_in("care", since=minutes(4)) == 2
        assert unit.cases.count_in("care", since=minutes(5)) == 1


def test_snoozed_cases_wake_when_their_date_has_come(database: Database) -> None:
    with database.transact() as unit:
        unit.cases.save(a_case(1, snoozed_until=minutes(2)))
        unit.cases.save(a_case(2, snoozed_until=minutes(1)))
        unit.cases.save(a_case(3))
        assert [case.number for case in unit.cases.asleep_until(minutes(1), limit=9)] == [2]


def test_case_numbers_are_never_given_twice(database: Database) -> None:
    numbers: list[int] = []
    for count in (1, 70, 3):
        with database.transact() as unit:
            numbers += [unit.cases.number() for _ in range(count)]
    assert len(set(numbers)) == 74
    assert numbers[0] == 1


def test_nothing_of_a_failed_transaction_stays(database: Database) -> None:
    def fail() -> None:
        with database.transact() as unit:
            unit.cases.save(a_case(1))
            assert unit.cases.get(1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read() as unit:
        assert unit.cases.get(1) is None


def test_what_is_not_committed_is_not_seen(database: Database) -> None:
    with database.transact() as unit:
        unit.cases.save(a_case(1))
        assert unit.cases.get(1)
        with database.read() as other:
            assert other.cases.get(1) is None


def test_a_reader_sees_one_moment(database: Database) -> None:
    with database.read() as unit:
        assert unit.cases.get(1) is None
        with database.transact() as other:
            other.cases.save(a_case(1))
        assert unit.cases.get(1) is None


def test_a_card_has_one_place(database: Database) -> None:
    card = Card(case=1, channel="C1", ts="1.2")
    with database.transact() as unit:
        unit.cases.save(a_case(1))
        unit.cards.save(Card(case=1, channel="C1", ts="1.1"))
        unit.cards.save(card)
    with database.read() as unit:
        assert unit.cards.get(1, "C1") == card
        assert unit.cards.at("C1", "1.2") == card
        assert unit.cards.at("C1", "1.1") is None
        assert unit.cards.of_case(1) == [card]


def test_a_cursor_moves(database: Database) -> None:
    with database.transact() as unit:
        assert unit.cursors.get(ACCOUNT) is None
        unit.cursors.set(ACCOUNT, "1")
        unit.cursors.set(ACCOUNT, "2")
    with database.read() as unit:
        assert unit.cursors.get(ACCOUNT) == "2"


def test_old_names_are_forgotten_in_steps_the_oldest_first(database: Database) -> None:
    """A month's at once would keep every webhook waiting."""
    with database.transact() as unit:
        for number in range(5):
            assert unit.memory.first_time(f"{number}", at=minutes(number))
        assert unit.memory.forget_before(minutes(4), limit=3) == 3
        assert not unit.memory.first_time("3", at=minutes(4))
        assert unit.memory.forget_before(minutes(4), limit=3) == 1
        assert unit.memory.forget_before(minutes(4), limit=3) == 0
        assert not unit.memory.first_time("4", at=minutes(4))


def test_a_first_time_is_once_until_it_is_forgotten(database: Database) -> None:
    with database.transact() as unit:
        assert unit.memory.first_time("Ev1", at=NOW)
        assert not unit.memory.first_time("Ev1", at=minutes(1))
        assert unit.memory.forget_before(NOW) == 0
        assert unit.memory.forget_before(minutes(1)) == 1
        assert unit.memory.first_time("Ev1", at=minutes(2))
        assert unit.memory.forget("Ev1")
        assert not unit.memory.forget("Ev1")
