"""A case of thousands of messages costs each new event as much as any other case does."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from inbox.answering import Answering
from inbox.approach import answerable, approach, targets_of
from inbox.case import Afterwards
from inbox.changes import (
    AnswerQueued,
    Hidden,
    Moved,
)
from inbox.changes import Held as HeldAnswer
from inbox.elsewhere import answered_elsewhere
from inbox.known import look_up
from inbox.message import Echoed, Visibility
from inbox.ports import Unit
from store.database import Database
from tests.builders import (
    ACCOUNT,
    NOW,
    a_case,
    a_message,
    a_ref,
    a_stored,
    an_author,
)
from tests.case_views import a_lens, words_of
from tests.house import FakeDetector, a_connection, a_desk
from tests.long_case import MANY, PRIVATE, PUBLIC, RULE, Long, asked_by, rows_of
from workspace import words
from workspace.blocks import Shown
from workspace.cards import show_case
from workspace.entries import Thread
from workspace.reading import CaseView, view_case

MOST_READ = 700
DESK = a_desk()


@contextmanager
def told(database: Database, *steps: Callable[[Long], object]) -> Iterator[Long]:
    with database.writing() as connection, database.job(connection) as unit:
        long = Long(unit)
        for step in steps:
            step(long)
        yield long


def many(**how: Any) -> Callable[[Long], object]:
    return lambda long: long.write_many(**how)


def view(long: Long, upto: int | None = None) -> CaseView:
    found = view_case(long.unit, DESK, {}, 1, upto=upto)
    assert found is not None
    return found


def drawn(long: Long, channel: str = "care") -> str:
    return words_of(show_case(view(long), channel, a_lens()))


def told_in_thread(long: Long, seq: int) -> str:
    seen = view(long, seq)
    event = seen.event(seq)
    assert event is not None
    shown = Thread(view=seen, lens=a_lens(), names=str).entry(event)
    assert isinstance(shown, Shown)
    return words_of(shown)


# --- what is read ------------------------------------------------------------------------


def echo(unit: Unit) -> object:
    message = a_message("echo", conversation=a_ref("1"), visibility=PRIVATE, text="Elsewhere")
    echoed = Echoed(message=message, to=an_author())
    unit.cases.link((a_ref("1"), an_author().ref), 1)
    return answered_elsewhere(
        unit, DESK, look_up(unit, [echoed]), echoed, a_stored().findings, now=NOW
    )


def an_agent_answers(unit: Unit) -> object:
    case = unit.cases.get(1)
    assert case is not None
    answering = Answering(
        desk=DESK,
        connections={ACCOUNT: a_connection(public=object(), private=object())},
        detector=FakeDetector(),
    )
    return [answering.window(unit, case, seen, at=NOW) for seen in Visibility]


WORK: Mapping[str, Callable[[Unit], object]] = {
    "a card": lambda unit: view_case(unit, DESK, {}, 1),
    "a line of the thread": lambda unit: view_case(unit, DESK, {}, 1, upto=40),
    "an answer elsewhere": echo,
    "a Reply window": an_agent_answers,
    "the network's preconditions": lambda unit: answerable(unit, a_case(), a_ref("m00001")),
}


@pytest.mark.parametrize("what", WORK)
def test_no_event_of_a_long_case_reads_all_of_it(database: Database, what: str) -> None:
    with database.writing() as connection, database.job(connection) as unit:
        Long(unit).write_many()
        unit.flush()
        asked = asked_by(lambda: WORK[what](unit))
        assert 0 < rows_of(connection, asked) <= MOST_READ


# --- what is shown -----------------------------------------------------------------------


def test_the_card_of_a_long_case_begins_with_what_is_unanswered_first(database: Database) -> None:
    def begins(long: Long) -> None:
        long.write("Hello?")
        long.answer("a1")
        long.write("My parcel is gone")

    with told(database, begins, many(), lambda long: long.write("The newest")) as long:
        card = drawn(long)
    assert "My parcel is gone" in card
    assert "The newest" in card
    assert "or more, newest:" in card
    assert "Hello?" not in card


def test_what_was_answered_before_is_not_said_to_be_unanswered(database: Database) -> None:
    def ends(long: Long) -> None:
        long.answer("a1")
        long.write("Thank you")

    with told(database, many(text="Settled before"), ends) as long:
        card = drawn(long)
    assert "Thank you" in card
    assert "Settled before" not in card
    assert "newest:" not in card


def test_an_answer_that_waits_for_a_person_stays_on_the_card(database: Database) -> None:
    def held(long: Long) -> None:
        long.write()
        queued = AnswerQueued(
            key="k",
            text="t",
            spans=(),
            visibility=PUBLIC,
            afterwards=Afterwards.WAIT,
            automatic=False,
        )
        long.do(queued)
        long.do(HeldAnswer(key="k", item=1, reason="nobody knows"))
        long.do(Hidden(message=a_ref("m00001")))

    with told(database, held, many()) as long:
        assert words.HELD in drawn(long)
        assert view(long).is_hidden(a_ref("m00001"))


def test_a_card_still_says_which_rule_brought_the_case_to_its_tier(database: Database) -> None:
    def raised(long: Long) -> None:
        long.write()
        move = Moved(
            tier=2, channel="care", before=1, before_channel="care", reason="rule of tier 2"
        )
        long.do(move, RULE)
        long.write(tier=2)

    with told(database, raised, many()) as long:
        assert "Why here: rule “rule of tier 2”" in drawn(long)


def test_marketing_still_sees_what_stands_in_public(database: Database) -> None:
    def public(long: Long) -> None:
        long.write("In public")
        long.answer("a1")
        long.write("In public again")

    with told(database, public, many(text="secret", seen=PRIVATE)) as long:
        shown = drawn(long, "marketing")
    assert "In public again" in shown
    assert "Our answer" in shown
    assert "secret" not in shown


def test_every_line_of_a_long_thread_is_told_with_its_own_words(database: Database) -> None:
    seqs: list[int] = []

    def named(long: Long) -> None:
        long.write("An early one")
        seqs.append(long.case.version - 1)

    with told(database, named, many()) as long:
        assert "An early one" in told_in_thread(long, seqs[0])
        assert "again" in told_in_thread(long, seqs[0] + MANY)


def test_a_thread_that_begins_anew_says_that_older_lines_are_left_out(database: Database) -> None:
    with told(database, many()) as long:
        seen = view(long)
        opening = Thread(view=seen, lens=a_lens(), names=str).opening(before=None)
        assert opening is not None
        assert "or more earlier lines left out." in words_of(opening)
        first = Thread(view=seen, lens=a_lens(), names=str).whole_text()
        assert first is not None


# --- what is answered --------------------------------------------------------------------


def test_an_answer_finds_what_it_stands_on_however_much_was_written_since(
    database: Database,
) -> None:
    def public(long: Long) -> None:
        comment = long.write("In public")
        long.answer("a1", PRIVATE, to=comment)
        long.write("In private", seen=PRIVATE)

    with told(database, public, many()) as long:
        long.unit.cases.save(long.case)
        found = answerable(long.unit, long.case, a_ref("m00001"))
        [private] = targets_of(long.case, found, PRIVATE)[:1]
        asked = approach(found, found[0].message, PRIVATE, long.case.author, automatic=False)
    assert private is not None
    assert private.message.text == "In private"
    assert asked.invited
    assert asked.wrote_at == private.message.created_at


def test_of_two_comments_of_one_second_the_later_one_is_answered(database: Database) -> None:
    """Many networks tell seconds only, and names of messages need not grow."""
    with database.writing() as connection, database.job(connection) as unit:
        case = a_case(1, last=a_ref("1"), last_public=a_ref("1"))
        unit.cases.save(case)
        unit.messages.add([a_stored(a_message(name), case=1) for name in ("2", "1")])
        [private] = targets_of(case, answerable(unit, case), PRIVATE)
    assert private is not None
    assert private.message.ref == a_ref("1")
