"""A network's preconditions: asked before the agent writes, before a rule does, and at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from inbox import deliveries
from inbox.answering import Answer, Answering
from inbox.case import Afterwards, Case
from inbox.changes import AnswerQueued, Held, NotSent
from inbox.decision import Answer as Kind
from inbox.decision import Response
from inbox.errors import AlreadyThere, IntegrationError, Refusal, Rejected, Unsupported
from inbox.message import Author, Deleted, Draft, Event, Message, Posted, Ref, Sent, Visibility
from inbox.outbox import Item, SendAnswer, Whisper
from inbox.ports import Approach, Delivered, Planner, Window
from inbox.reception import Arrival, Reception
from responders.courier import AnswerCourier
from responders.private_move import PrivateMove
from responders.public_reply import Automatic, PublicReply
from tests.builders import ACCOUNT, NOW, a_decision, a_message, a_ref, an_author, minutes
from tests.house import FakeDetector, House, a_connection

PUBLIC, PRIVATE = Visibility.PUBLIC, Visibility.PRIVATE
A_WEEK = timedelta(days=7)


@dataclass
class CommentPage:
    """Private only under a comment, once and within a week, or a day after they wrote."""

    asked: list[Approach] = field(default_factory=list)
    sent: list[Draft] = field(default_factory=list)

    def look(self, approach: Approach, *, at: datetime) -> Window:
        self.asked.append(approach)
        if approach.visibility is PUBLIC:
            return Window()
        if approach.wrote_at and approach.target and approach.target.visibility is PRIVATE:
            return self._until(approach.wrote_at + timedelta(days=1), at)
        if approach.target is None or approach.invited:
            return Window(why_not="One private answer to a comment; it was given.")
        return self._until(approach.target.created_at + A_WEEK, at)

    def _until(self, until: datetime, at: datetime) -> Window:
        return Window(why_not="Too late." if at > until else None, until=until)

    def reply(self, draft: Draft, *, key: str) -> Sent:
        self.sent.append(draft)
        return Sent(ref=a_ref(f"sent-{len(self.sent)}"))

    def message(self, draft: Draft, *, key: str) -> Sent:
        return self.reply(draft, key=key)

    def conversation_with(self, author: Author) -> Ref:
        return a_ref(f"dm-{author.handle}")


class Texts:
    def render(
        self,
        name: str,
        *,
        language: str | None,
        case: Case,
        author: Author,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        return f"The text {name}."


class Bench:
    """A house whose one network has preconditions."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.page = CommentPage()
        self.connections = {
            ACCOUNT: a_connection(public=self.page, private=self.page, windows=self.page)
        }
        self.answering = Answering(
            desk=house.desk, connections=self.connections, detector=FakeDetector()
        )
        automatic = Automatic(answering=self.answering, templates=Texts())
        planners: dict[Kind, Planner] = {
            Kind.PUBLIC_REPLY: PublicReply(automatic=automatic),
            Kind.PRIVATE_MOVE: PrivateMove(automatic=automatic),
        }
        self.reception = Reception(desk=house.desk, router=house.router, planners=planners)
        self.courier = AnswerCourier(
            connections=self.connections, store=house.database, now=house.clock
        )

    def arrive(self, message: Message) -> None:
        event: Event = Posted(message=message)
        arrivals = [Arrival(event=event)]
        now = self.house.clock()
        self.house.writer.run(lambda unit: self.reception.receive(unit, arrivals, now=now))

    def reply(self, text: str = "Write to us here.", visibility: Visibility = PRIVATE) -> None:
        answer = Answer(
            text=text, visibility=visibility, afterwards=Afterwards.WAIT, key=text, seen=99
        )
        self.house.writer.run(
            lambda unit: self.answering.reply(
                unit, 1, "U1", answer, seen_in=None, at=self.house.clock()
            )
        )

    def window(self, visibility: Visibility = PRIVATE) -> Window:
        with self.house.database.read() as unit:
            case = unit.cases.get(1)
            assert case
            return self.answering.window(unit, case, visibility, at=self.house.clock())

    def deliver(self) -> list[Delivered | IntegrationError]:
        """Carry out all answers that wait."""
        leased = self.house.writer.run(
            lambda unit: unit.outbox.lease("w", limit=20, lease_for=timedelta(minutes=1))
        )
        return [self._deliver(item) for item in leased if isinstance(item.effect, SendAnswer)]

    def _deliver(self, item: Item) -> Delivered | IntegrationError:
        desk, at = self.house.desk, self.house.clock()
        try:
            done = self.courier.deliver(item)
        except IntegrationError as error:
            failed = error
            self.house.writer.run(
                lambda unit: deliveries.not_delivered(unit, desk, item, failed, at=at)
            )
            return failed
        self.house.writer.run(lambda unit: deliveries.delivered(unit, desk, item, done, at=at))
        return done

    def drafts(self) -> list[Draft]:
        effects = (item.effect for item in self.house.queued())
        return [effect.draft for effect in effects if isinstance(effect, SendAnswer)]

    def changes(self, kind: type | tuple[type, ...]) -> list[object]:
        with self.house.database.read() as unit:
            found = [event.change for event in unit.cases.history(1)]
        return [change for change in found if isinstance(change, kind)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with House(tmp_path) as house:
        yield Bench(house)


def a_comment(id: str = "1", **fields: object) -> Message:  # noqa: A002 - the field's name
    return a_message(id, native={"comment": f"c{id}"}, **fields)


def a_dm(id: str, at: datetime) -> Message:  # noqa: A002 - the field's name
    return a_message(
        id,
        visibility=PRIVATE,
        conversation=a_ref(f"dm-{an_author().handle}"),
        created_at=at,
        native={"mid": id},
    )


# --- agents ------------------------------------------------------------------------------


def test_a_private_answer_grows_out_of_the_public_message_and_brings_what_it_needs(
    bench: Bench,
) -> None:
    bench.arrive(a_comment())
    bench.reply()
    [draft] = bench.drafts()
    assert (draft.about, draft.in_reply_to) == (a_ref("1"), None)
    assert (draft.native, draft.automatic) == ({"comment": "c1"}, False)


def test_where_the_customer_wrote_in_private_the_answer_goes_on_there(bench: Bench) -> None:
    bench.arrive(a_comment())
    bench.reply()
    bench.arrive(a_dm("2", minutes(1)))
    bench.arrive(a_comment("3", in_reply_to=a_ref("1"), conversation=a_ref("1")))
    bench.reply("In private.")
    draft = bench.drafts()[-1]
    assert (draft.about, draft.in_reply_to) == (None, a_ref("2"))
    assert (draft.native, draft.conversation) == ({"mid": "2"}, a_ref("dm-ana@example.org"))


def test_a_conversation_that_takes_no_more_gives_way_to_the_newest_comment(bench: Bench) -> None:
    bench.arrive(a_comment())
    bench.reply()
    bench.deliver()
    bench.arrive(a_dm("2", minutes(1)))
    bench.house.clock.advance(timedelta(days=2))
    assert bench.window().why_not == "Too late."
    later = bench.house.clock()
    bench.arrive(a_comment("3", in_reply_to=a_ref("1"), conversation=a_ref("1"), created_at=later))

    assert bench.window().until == later + A_WEEK
    bench.reply("Under your comment.")
    draft = bench.drafts()[-1]
    assert (draft.about, draft.in_reply_to, draft.native) == (a_ref("3"), None, {"comment": "c3"})
    [done] = bench.deliver()
    assert isinstance(done, Delivered)


def test_the_network_is_asked_with_what_it_may_want_to_know(bench: Bench) -> None:
    bench.arrive(a_comment())
    assert bench.window().until == NOW + A_WEEK
    first = bench.page.asked[-1]
    assert (first.visibility, first.wrote_at, first.invited) == (PRIVATE, None, False)
    assert first.target
    assert first.target.native == {"comment": "c1"}

    bench.reply()
    bench.deliver()
    assert bench.window().why_not == "One private answer to a comment; it was given."
    assert bench.page.asked[-1].invited

    bench.arrive(a_dm("2", minutes(5)))
    assert bench.window().until == minutes(5) + timedelta(days=1)
    assert not bench.page.asked[-1].invited


def test_what_is_impossible_is_refused_before_anything_is_queued(bench: Bench) -> None:
    bench.arrive(a_comment())
    bench.house.clock.advance(A_WEEK + timedelta(minutes=1))
    with pytest.raises(Refusal, match=r"^Too late\.$"):
        bench.reply()
    assert bench.drafts() == []


def test_a_window_that_closed_on_the_way_gives_the_agent_the_text_back(bench: Bench) -> None:
    bench.arrive(a_comment())
    bench.reply("My long answer.")
    bench.house.clock.advance(A_WEEK + timedelta(minutes=1))
    [failed] = bench.deliver()
    assert isinstance(failed, Rejected)
    assert bench.page.sent == []
    whispers = [i.effect for i in bench.house.queued() if isinstance(i.effect, Whisper)]
    assert [(w.user, w.quote) for w in whispers] == [("U1", "My long answer.")]
    assert "Too late." in whispers[0].text


def test_a_post_that_was_deleted_on_the_way_gets_no_answer_in_public(bench: Bench) -> None:
    bench.arrive(a_comment())
    bench.reply("Your refund is on its way.", PUBLIC)
    gone = Arrival(event=Deleted(ref=a_ref("1"), at=minutes(1)))
    bench.house.writer.run(lambda unit: bench.reception.receive(unit, [gone], now=minutes(1)))

    [failed] = bench.deliver()

    assert isinstance(failed, Rejected)
    assert bench.page.sent == []
    whispers = [i.effect for i in bench.house.queued() if isinstance(i.effect, Whisper)]
    assert [(w.user, w.quote) for w in whispers] == [("U1", "Your refund is on its way.")]


@dataclass
class Shut:
    """Lets nobody look for what may stand there."""

    refusal: IntegrationError

    def reply(self, draft: Draft, *, key: str) -> Sent:
        raise AssertionError("sent a second time")

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        raise self.refusal


@pytest.mark.parametrize("refusal", [Rejected("No such post."), Unsupported("No such list.")])
def test_an_answer_that_may_stand_there_is_not_said_to_be_unsent_where_nobody_can_look(
    bench: Bench, refusal: IntegrationError
) -> None:
    shut = Shut(refusal)
    bench.connections[ACCOUNT] = replace(
        bench.connections[ACCOUNT], public=shut, readback=shut, windows=None
    )
    bench.arrive(a_comment())
    bench.reply(visibility=PUBLIC)
    bench.house.writer.run(lambda unit: unit.outbox.lease("w", limit=9, lease_for=A_WEEK))
    bench.house.writer.run(lambda unit: unit.outbox.take_back("w"))
    bench.deliver()

    assert bench.changes(NotSent) == []
    [held] = bench.changes(Held)
    assert isinstance(held, Held)
    assert str(refusal) in held.reason


@dataclass
class Jealous:
    """Takes no text twice, and does not show what it has."""

    def reply(self, draft: Draft, *, key: str) -> Sent:
        raise AlreadyThere("Change a word.")

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        return None


@pytest.mark.parametrize(("tried", "becomes"), [(False, NotSent), (True, Held)])
def test_a_refusal_since_it_stands_there_may_speak_of_our_own_attempt_before(
    bench: Bench, tried: bool, becomes: type
) -> None:
    jealous = Jealous()
    bench.connections[ACCOUNT] = replace(
        bench.connections[ACCOUNT], public=jealous, readback=jealous, windows=None
    )
    bench.arrive(a_comment())
    bench.reply(visibility=PUBLIC)
    if tried:
        bench.house.writer.run(lambda unit: unit.outbox.lease("w", limit=9, lease_for=A_WEEK))
        bench.house.writer.run(lambda unit: unit.outbox.take_back("w"))
    bench.deliver()

    assert [type(change) for change in bench.changes((NotSent, Held))] == [becomes]


def test_without_preconditions_everything_is_open(bench: Bench) -> None:
    bench.arrive(a_comment())
    bench.connections[ACCOUNT] = replace(bench.connections[ACCOUNT], windows=None)
    assert bench.window() == bench.window(PUBLIC) == Window()
    bench.reply()
    [done] = bench.deliver()
    assert isinstance(done, Delivered)


# --- automatic answers -------------------------------------------------------------------


def by_rule(bench: Bench, kind: Kind) -> None:
    response = Response(kind=kind, template="invite", note="note")
    bench.house.router.decide = lambda facts: a_decision(response=response)


def test_an_automatic_answer_says_that_no_person_wrote_it(bench: Bench) -> None:
    by_rule(bench, Kind.PRIVATE_MOVE)
    bench.arrive(a_comment())
    invitation, note = bench.drafts()
    assert (invitation.automatic, invitation.about, invitation.in_reply_to) == (
        True,
        a_ref("1"),
        None,
    )
    assert (note.automatic, note.about, note.in_reply_to) == (True, None, a_ref("1"))
    assert invitation.native == note.native == {"comment": "c1"}
    assert all(approach.automatic for approach in bench.page.asked)


def test_where_nobody_can_be_invited_nothing_is_said_in_public_of_it(bench: Bench) -> None:
    by_rule(bench, Kind.PRIVATE_MOVE)
    bench.house.clock.advance(A_WEEK + timedelta(minutes=1))
    bench.arrive(a_comment())
    assert bench.drafts() == []
    [not_sent] = bench.changes(NotSent)
    assert isinstance(not_sent, NotSent)
    assert not_sent.reason == "Too late."


def test_the_word_in_public_goes_out_after_the_invitation_that_it_speaks_of(bench: Bench) -> None:
    by_rule(bench, Kind.PRIVATE_MOVE)
    bench.arrive(a_comment())
    assert [type(done) for done in (*bench.deliver(), *bench.deliver())] == [Delivered, Delivered]
    assert [draft.visibility for draft in bench.page.sent] == [PRIVATE, PUBLIC]


def test_the_word_in_public_stays_out_where_the_invitation_did(bench: Bench) -> None:
    by_rule(bench, Kind.PRIVATE_MOVE)
    bench.arrive(a_comment())
    bench.house.clock.advance(A_WEEK + timedelta(minutes=1))
    assert [type(failed) for failed in (*bench.deliver(), *bench.deliver())] == [Rejected, Rejected]
    assert bench.page.sent == []
    reasons = [change.reason for change in bench.changes(NotSent) if isinstance(change, NotSent)]
    assert ["did not go out" in reason for reason in reasons] == [False, True]


@pytest.mark.parametrize("kind", [Kind.PUBLIC_REPLY, Kind.PRIVATE_MOVE])
def test_an_automatic_answer_stays_out_where_an_agent_answered_while_it_waited(
    bench: Bench, kind: Kind
) -> None:
    by_rule(bench, kind)
    bench.arrive(a_comment())
    bench.reply("I look into it myself.", PUBLIC)

    [*bench.deliver(), *bench.deliver()]

    assert [draft.text for draft in bench.page.sent] == ["I look into it myself."]
    reasons = [change.reason for change in bench.changes(NotSent) if isinstance(change, NotSent)]
    assert "Somebody answered" in reasons[0]


def test_where_no_automatic_answer_is_possible_a_person_sees_the_case(bench: Bench) -> None:
    by_rule(bench, Kind.PUBLIC_REPLY)
    bench.house.clock.advance(timedelta(days=2))
    bench.arrive(a_dm("1", NOW))
    assert bench.drafts() == []
    assert bench.changes(AnswerQueued) == []
    assert bench.changes(NotSent)
    with bench.house.database.read() as unit:
        case = unit.cases.get(1)
    assert case
    assert case.waiting_since
