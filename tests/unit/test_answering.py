"""Answers of agents, and what else they do with a case, on a real store."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox import deliveries, deskwork
from inbox.answering import Answer, Answering
from inbox.case import Afterwards, Case, Status
from inbox.changes import AnswerQueued, DmLinked, Moved
from inbox.clearance import DataClass, Span
from inbox.errors import AnsweredMeanwhile, Refusal, WouldPublish
from inbox.facts import Findings
from inbox.message import Author, Draft, Echoed, Posted, Ref, Sent, Visibility
from inbox.outbox import SendAnswer, Whisper
from inbox.ports import Connection, Delivered, Unit
from inbox.reception import Arrival
from router.detector import LexiconDetector
from tests.builders import ACCOUNT, NOW, a_case, a_message, a_ref, an_author, minutes
from tests.house import FakeDetector, House, a_connection


class FakeSender:
    """A network with both ways; nothing is sent here."""

    def reply(self, draft: Draft, *, key: str) -> Sent:
        return Sent(ref=a_ref(f"sent-{key}"))

    def message(self, draft: Draft, *, key: str) -> Sent:
        return Sent(ref=a_ref(f"sent-{key}"))

    def conversation_with(self, author: Author) -> Ref:
        return a_ref(f"dm-{author.handle}")


def see(text: str) -> Findings:
    """Finds one order number, and fails where the text says so."""
    at = text.find("BL-1")
    spans = () if at < 0 else (Span(start=at, end=at + 4, cls=DataClass.ORDER_NUMBER),)
    return Findings(language="en", spans=spans, failed=("x",) if "crash" in text else ())


@dataclass
class Bench:
    """One case and the means to answer it."""

    house: House
    connection: Connection

    @property
    def answering(self) -> Answering:
        return Answering(
            desk=self.house.desk,
            connections={ACCOUNT: self.connection},
            detector=FakeDetector(see),
        )

    def reply(self, text: str = "Soon.", user: str = "U1", **fields: object) -> Case:
        plain: dict[str, object] = {
            "text": text,
            "visibility": Visibility.PUBLIC,
            "afterwards": Afterwards.WAIT,
            "key": f"k-{user}",
            "seen": 2,
        }
        answer = Answer(**plain | fields)  # type: ignore[arg-type]  # a builder takes any field
        return self.house.writer.run(
            lambda unit: self.answering.reply(unit, 1, user, answer, seen_in="care", at=minutes(1))
        )

    def case(self) -> Case:
        with self.house.database.read() as unit:
            found = unit.cases.get(1)
        assert found
        return found

    def sent(self) -> list[SendAnswer]:
        effects = (item.effect for item in self.house.queued())
        return [effect for effect in effects if isinstance(effect, SendAnswer)]

    def whispers(self) -> list[Whisper]:
        effects = (item.effect for item in self.house.queued())
        return [effect for effect in effects if isinstance(effect, Whisper)]

    def changes(self) -> list[object]:
        with self.house.database.read() as unit:
            return [event.change for event in unit.cases.history(1)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with House(tmp_path) as house:
        arrival = Arrival(event=Posted(message=a_message("1")))
        house.writer.run(lambda unit: house.reception.receive(unit, [arrival], now=NOW))
        sender = FakeSender()
        yield Bench(house=house, connection=a_connection(public=sender, private=sender))


# --- answering ---------------------------------------------------------------------------


def test_an_answer_goes_to_the_customers_post_and_takes_the_case(bench: Bench) -> None:
    case = bench.reply("At nine.")

    [sent] = bench.sent()
    assert case.owner == "U1"
    assert sent.draft.text == "At nine."
    assert sent.draft.in_reply_to == a_ref("1")
    assert sent.answers == a_ref("1")


def test_one_window_sends_once(bench: Bench) -> None:
    bench.reply()
    bench.reply()

    assert len(bench.sent()) == 1
    assert len([c for c in bench.changes() if isinstance(c, AnswerQueued)]) == 1


def test_the_second_to_answer_is_asked_and_may_insist(bench: Bench) -> None:
    bench.reply()

    with pytest.raises(AnsweredMeanwhile, match="<@U1> answered"):
        bench.reply(user="U2")
    case = bench.reply(user="U2", seen=bench.case().version)
    with pytest.raises(AnsweredMeanwhile, match="<@U2> answered"):
        bench.reply(user="U3", seen=case.version - 1)

    assert len(bench.sent()) == 2


def test_who_answers_a_case_that_another_closed_is_asked_and_may_insist(bench: Bench) -> None:
    seen = bench.case().version
    does(bench, deskwork.close, "U2", "spam")

    with pytest.raises(AnsweredMeanwhile, match="<@U2> closed the case"):
        bench.reply(seen=seen)
    bench.reply(user="U2", seen=seen)
    bench.reply(seen=bench.case().version, key="insisting")

    assert len(bench.sent()) == 2


def test_an_answer_on_the_network_itself_counts_as_one(bench: Bench) -> None:
    brand = an_author("brand")
    message = a_message("e1", author=brand, conversation=a_ref("1"), in_reply_to=a_ref("1"))
    echo = Arrival(event=Echoed(message=message, to=an_author()))
    seen = bench.case().version
    bench.house.writer.run(lambda unit: bench.house.reception.receive(unit, [echo], now=minutes(1)))

    with pytest.raises(AnsweredMeanwhile, match="Somebody else answered"):
        bench.reply(seen=seen)
    bench.reply(seen=bench.case().version)

    assert len(bench.sent()) == 1


def test_who_saw_the_other_answer_is_not_asked(bench: Bench) -> None:
    seen = bench.reply().version

    bench.reply(user="U2", seen=seen)

    assert len(bench.sent()) == 2


def test_personal_data_is_stopped_in_public_and_passes_in_private(bench: Bench) -> None:
    with pytest.raises(WouldPublish, match="order number") as stopped:
        bench.reply("Your BL-1 is here.")
    assert stopped.value.spans == (Span(start=5, end=9, cls=DataClass.ORDER_NUMBER),)
    assert not bench.sent()

    bench.reply("Your BL-1 is here.", visibility=Visibility.PRIVATE)

    [sent] = bench.sent()
    assert sent.draft.visibility is Visibility.PRIVATE
    assert sent.draft.in_reply_to is None
    assert any(isinstance(change, DmLinked) for change in bench.changes())


def test_the_brands_own_number_may_stand_in_public(bench: Bench) -> None:
    bench.house.desk = replace(bench.house.desk, own_contacts=frozenset({"bl-1"}))

    bench.reply("Call BL-1.")

    assert bench.sent()


def test_the_number_of_its_own_case_may_stand_in_public(bench: Bench) -> None:
    detector = LexiconDetector(languages=("en",))
    answering = dataclasses.replace(bench.answering, detector=detector)
    with bench.house.database.read() as unit:
        case = unit.cases.get(1)
        assert case
        draft = answering.draft(unit, case, "Your case is 1042.", Visibility.PUBLIC, at=minutes(1))

    assert answering.check(draft, 1042) == ()
    with pytest.raises(WouldPublish, match="order number"):
        answering.check(draft, 1043)


@pytest.mark.parametrize(
    ("text", "why"), [("  \n", "empty"), ("x" * 501, "Shorten it by 1"), ("crash", "check")]
)
def test_what_cannot_be_sent_is_refused_in_words(bench: Bench, text: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        bench.reply(text)

    assert not bench.sent()
    assert not any(isinstance(change, AnswerQueued) for change in bench.changes())


def test_a_way_that_the_network_does_not_have_is_refused(bench: Bench) -> None:
    bench.connection = a_connection(private=FakeSender())
    with pytest.raises(Refusal, match="no public replies"):
        bench.reply()

    bench.connection = a_connection(public=FakeSender())
    with pytest.raises(Refusal, match="no private messages"):
        bench.reply(visibility=Visibility.PRIVATE)


def test_taking_private_invites_speaks_in_public_and_moves(bench: Bench) -> None:
    def answer(key: str, visibility: Visibility) -> Answer:
        return Answer(
            text="Hello.", visibility=visibility, afterwards=Afterwards.KEEP, key=key, seen=2
        )

    case = bench.house.writer.run(
        lambda unit: bench.answering.take_private(
            unit,
            1,
            "U1",
            invitation=answer("i", Visibility.PRIVATE),
            note=answer("n", Visibility.PUBLIC),
            seen_in="care",
            at=minutes(1),
        )
    )

    assert (case.tier, case.channel) == (2, "private")
    assert [sent.draft.visibility for sent in bench.sent()] == [
        Visibility.PRIVATE,
        Visibility.PUBLIC,
    ]
    assert [sent.only_after for sent in bench.sent()] == [None, "i"]
    assert isinstance(bench.changes()[-1], Moved)


def test_a_move_that_cannot_say_its_word_does_not_happen(bench: Bench) -> None:
    note = Answer(
        text="Your BL-1.", visibility=Visibility.PUBLIC, afterwards=Afterwards.KEEP, key="n", seen=2
    )

    with pytest.raises(WouldPublish):
        bench.house.writer.run(
            lambda unit: bench.answering.take_private(
                unit, 1, "U1", invitation=None, note=note, seen_in="care", at=minutes(1)
            )
        )

    assert not any(isinstance(change, Moved) for change in bench.changes())


# --- working the case --------------------------------------------------------------------


def does(bench: Bench, work: object, *arguments: object, seen_in: str | None = "care") -> Case:
    def job(unit: Unit) -> Case:
        return work(  # type: ignore[operator, no-any-return]  # any use case of deskwork
            unit, bench.house.desk, 1, *arguments, seen_in=seen_in, at=minutes(1)
        )

    return bench.house.writer.run(job)


def test_a_claimed_case_is_not_claimed_again(bench: Bench) -> None:
    assert does(bench, deskwork.claim, "U1").owner == "U1"

    with pytest.raises(Refusal, match="<@U1> has it"):
        does(bench, deskwork.claim, "U2")
    with pytest.raises(Refusal, match="already have"):
        does(bench, deskwork.claim, "U1")


def test_a_case_that_moved_is_not_worked_from_its_old_card(bench: Bench) -> None:
    does(bench, deskwork.claim, "U1")
    moved = does(bench, deskwork.escalate, "U1", 2, "A specialist's matter.")
    assert (moved.channel, moved.owner, moved.status) == ("private", None, Status.NEW)

    with pytest.raises(Refusal, match="moved to another channel"):
        does(bench, deskwork.claim, "U2")
    with pytest.raises(Refusal, match="moved to another channel"):
        bench.reply()


def test_closing_and_opening_again(bench: Bench) -> None:
    assert does(bench, deskwork.close, "U1", "duplicate").resolution == "duplicate"
    with pytest.raises(Refusal, match="closed already"):
        does(bench, deskwork.close, "U1", "duplicate")
    with pytest.raises(Refusal, match="Reopen it first"):
        does(bench, deskwork.claim, "U1")

    assert does(bench, deskwork.reopen, "U1").status is Status.NEW
    with pytest.raises(Refusal, match="open already"):
        does(bench, deskwork.reopen, "U1")


def test_a_case_on_hold_wakes_at_its_time_and_its_owner_is_told(bench: Bench) -> None:
    does(bench, deskwork.claim, "U1")
    does(bench, deskwork.snooze, "U1", minutes(60))

    def wakes(at: datetime) -> int:
        return bench.house.writer.run(lambda unit: deskwork.wake(unit, bench.house.desk, at=at))

    assert wakes(minutes(59)) == 0
    assert wakes(minutes(60)) == 1
    assert wakes(minutes(61)) == 0
    with bench.house.database.read() as unit:
        case = unit.cases.get(1)
    assert case
    assert case.status is Status.OPEN
    assert [whisper.user for whisper in bench.whispers()] == ["U1"]


def test_many_cases_wake_a_few_in_each_transaction(bench: Bench) -> None:
    """Those of a Monday morning would keep every message waiting, taken all at once."""
    number = 2 * deskwork.MOST_WOKEN + 1
    with bench.house.database.transact() as unit:
        for each in range(100, 100 + number):
            unit.cases.save(a_case(each, status=Status.ON_HOLD, snoozed_until=minutes(each)))
    woken = [
        bench.house.writer.run(lambda unit: deskwork.wake(unit, bench.house.desk, at=minutes(999)))
        for _ in range(4)
    ]
    assert woken == [deskwork.MOST_WOKEN, deskwork.MOST_WOKEN, 1, 0]


def test_a_hold_ends_with_an_answer_that_waits_for_the_customer(bench: Bench) -> None:
    does(bench, deskwork.snooze, "U1", minutes(60))
    bench.reply()
    [item] = [i for i in bench.house.queued() if isinstance(i.effect, SendAnswer)]
    bench.house.writer.run(
        lambda unit: unit.outbox.lease("w", limit=50, lease_for=timedelta(minutes=1))
    )
    sent = Delivered(ref=a_ref("ours"))
    bench.house.writer.run(
        lambda unit: deliveries.delivered(
            unit, bench.house.desk, replace(item, attempts=1), sent, at=minutes(2)
        )
    )
    assert bench.case().status is Status.PENDING

    woken = bench.house.writer.run(
        lambda unit: deskwork.wake(unit, bench.house.desk, at=minutes(61))
    )

    assert woken == 0
    assert bench.case().status is Status.PENDING


def test_a_hold_until_a_time_that_is_over_is_refused(bench: Bench) -> None:
    with pytest.raises(Refusal, match="That time is over"):
        does(bench, deskwork.snooze, "U1", NOW - timedelta(days=1))


def test_tags_are_few_plain_and_once_each(bench: Bench) -> None:
    assert does(bench, deskwork.set_tags, "U1", (" #VIP", "vip", "", "late")).tags == (
        "vip",
        "late",
    )
    with pytest.raises(Refusal, match="at most 10"):
        does(bench, deskwork.set_tags, "U1", tuple(map(str, range(11))))


def test_moving_and_asking_need_their_words(bench: Bench) -> None:
    with pytest.raises(Refusal, match="Say why"):
        does(bench, deskwork.escalate, "U1", 2, "  ")
    with pytest.raises(Refusal, match="tier 1 already"):
        does(bench, deskwork.escalate, "U1", 1, "because")
    with pytest.raises(Refusal, match="Nobody was asked"):
        does(bench, deskwork.swarm, "U1", (), "What now?")


def test_a_case_that_is_not_there_is_said_to_be_not_there(bench: Bench) -> None:
    with pytest.raises(Refusal, match="There is no case 11"), bench.house.database.read() as unit:
        deskwork.case_here(unit, 11, None)
