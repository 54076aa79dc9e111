"""The way in: what arrivals become, with a real store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox import deskwork
from inbox.case import Actor, ActorKind, Afterwards, Case, Status
from inbox.changes import AnswerQueued, CaseEvent, MessageEdited, Moved, Received, Routed
from inbox.clearance import DataClass, Span
from inbox.decision import Answer, Decision, Response
from inbox.facts import Facts, Findings, Topic
from inbox.message import Deleted, Edited, Event, Kind, Message, Posted, Visibility
from inbox.outbox import Alert, Effect, HideMessage, ShowCard
from inbox.ports import Plan, Unit
from inbox.reception import Arrival, Outcome, Reception
from tests.builders import a_decision, a_message, a_ref, an_author, minutes
from tests.house import FakeRouter, House

PRIVATE_RULE = a_decision("private", tier=2, team="experts")


def by_text(facts: Facts) -> Decision:
    """Rules in the small: a word of the text decides."""
    if "spam" in facts.text:
        return a_decision("spam", tier=None, ignore=True)
    if "4111" in facts.text:
        return PRIVATE_RULE
    if "hours" in facts.text:
        return a_decision("hours", response=Response(kind=Answer.PUBLIC_REPLY, template="hours"))
    return a_decision("everything", watch="watch" in facts.text)


@dataclass
class FakePlanner:
    """Plans an answer each time that it is asked."""

    asked: list[Message] = field(default_factory=list)

    def plan(self, case: Case, message: Message, decision: Decision, *, at: object) -> Plan:
        self.asked.append(message)
        queued = AnswerQueued(
            key=f"auto-{message.ref.id}",
            text="At nine.",
            spans=(),
            visibility=message.visibility,
            afterwards=Afterwards.WAIT,
            automatic=True,
        )
        return Plan(changes=(queued,))


@dataclass
class Door:
    """A reception with its house."""

    house: House
    planner: FakePlanner

    def takes(self, *events: Event, after: float = 0, findings: Findings | None = None) -> Outcome:
        reception = Reception(
            desk=self.house.desk,
            router=self.house.router,
            planners={Answer.PUBLIC_REPLY: self.planner},
        )
        arrivals = [Arrival(event=each, findings=findings or Findings()) for each in events]

        def job(unit: Unit) -> list[Outcome]:
            return reception.receive(unit, arrivals, now=minutes(after))

        return self.house.writer.run(job)[-1]

    def case(self, number: int = 1) -> Case | None:
        with self.house.database.read() as unit:
            return unit.cases.get(number)

    def history(self, number: int = 1) -> Sequence[CaseEvent]:
        with self.house.database.read() as unit:
            return unit.cases.history(number)

    def close(self, number: int, *, after: float) -> None:
        def job(unit: Unit) -> Case:
            at = minutes(after)
            return deskwork.close(
                unit, self.house.desk, number, "U1", "answered", seen_in=None, at=at
            )

        self.house.writer.run(job)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with House(tmp_path, FakeRouter(decide=by_text)) as house:
        yield Door(house=house, planner=FakePlanner())


def post(id: str, text: str = "Where is it?", **fields: object) -> Posted:  # noqa: A002
    return Posted(message=a_message(id, text=text, **fields))


def reply(id: str, text: str, **fields: object) -> Posted:  # noqa: A002 - the field's name
    return post(id, text, conversation=a_ref("1"), in_reply_to=a_ref("1"), **fields)


def test_a_message_opens_a_case_with_its_decision_in_short_and_its_card(door: Door) -> None:
    assert door.takes(post("1")) is Outcome.NEW

    case = door.case()
    assert case
    assert (case.tier, case.channel, case.status) == (1, "care", Status.NEW)
    assert [type(event.change) for event in door.history()] == [Received, Routed]
    assert "nothing else matched" not in str(door.history())
    assert [item.effect for item in door.house.queued()] == [ShowCard(case=1, channel="care")]


def test_a_known_message_starts_nothing(door: Door) -> None:
    door.takes(post("1"))

    assert door.takes(post("1")) is Outcome.KNOWN
    assert door.takes(post("2", conversation=a_ref("1")), post("2")) is Outcome.KNOWN

    case = door.case()
    assert case
    assert case.messages == 2
    assert door.case(2) is None


def test_what_we_wrote_ourselves_starts_nothing(door: Door) -> None:
    own = Arrival(event=post("1"), own=True)

    taken = door.house.writer.run(
        lambda unit: door.house.reception.receive(unit, [own], now=minutes(0))
    )

    assert taken == [Outcome.OWN]
    assert door.case() is None
    assert not door.house.router.asked


def test_what_is_ignored_opens_no_case(door: Door) -> None:
    assert door.takes(post("1", "spam spam")) is Outcome.NEW

    assert door.case() is None
    assert not door.house.queued()


def test_spam_in_an_open_case_changes_neither_rule_nor_turn(door: Door) -> None:
    door.takes(post("1"))
    door.close(1, after=1)

    door.takes(reply("2", "spam"), after=2)

    case = door.case()
    assert case
    assert case.status is Status.CLOSED
    assert case.rule == "everything"


def test_a_further_message_joins_its_conversation(door: Door) -> None:
    door.takes(post("1"))

    door.takes(reply("2", "Hello?"), after=1)

    case = door.case()
    assert case
    assert case.messages == 2
    assert door.case(2) is None


def test_two_authors_in_one_thread_have_a_case_each(door: Door) -> None:
    door.takes(post("1"), reply("2", "Mine too!", author=an_author("tom")))

    assert door.case(2)


@pytest.mark.parametrize(("after", "joins"), [(60, True), (25 * 60, False)])
def test_a_new_mention_joins_the_authors_open_case_for_a_day(
    door: Door, after: float, joins: bool
) -> None:
    door.takes(post("1"))

    door.takes(post("2"), after=after)

    assert (door.case(2) is None) is joins


def test_a_case_that_was_closed_long_ago_is_followed_by_a_linked_one(door: Door) -> None:
    door.takes(post("1"))
    door.close(1, after=1)

    door.takes(reply("2", "Again!"), after=8 * 24 * 60)

    old, new = door.case(1), door.case(2)
    assert old
    assert new
    assert old.status is Status.CLOSED
    assert new.previous == 1
    door.takes(reply("3", "And more"), after=8 * 24 * 60 + 1)
    assert door.case(3) is None


@pytest.mark.parametrize(
    ("findings", "status"),
    [
        (Findings(), Status.NEW),
        (Findings(topics=(Topic(name="thanks", words=("thanks",)),)), Status.CLOSED),
        (
            Findings(
                topics=(
                    Topic(name="thanks", words=("thanks",)),
                    Topic(name="billing", words=("paid",)),
                )
            ),
            Status.NEW,
        ),
        (
            Findings(
                topics=(Topic(name="thanks", words=("thanks",)),),
                spans=(Span(start=0, end=2, cls=DataClass.CARD),),
            ),
            Status.NEW,
        ),
    ],
)
def test_a_closed_case_opens_again_but_not_for_thanks_alone(
    door: Door, findings: Findings, status: Status
) -> None:
    door.takes(post("1"))
    door.close(1, after=1)

    door.takes(reply("2", "…"), after=2, findings=findings)

    case = door.case()
    assert case
    assert case.status is status


def test_a_case_only_moves_up_by_rule(door: Door) -> None:
    door.takes(post("1"))

    door.takes(reply("2", "4111"), after=1)
    raised = door.case()
    door.takes(reply("3", "harmless"), after=2)

    assert raised
    assert (raised.tier, raised.channel, raised.team) == (2, "private", "experts")
    case = door.case()
    assert case
    assert (case.tier, case.channel) == (2, "private")


def test_an_edit_may_raise_a_case_and_answers_nothing(door: Door) -> None:
    door.takes(post("1"))
    edited = Edited(message=a_message("1", text="4111"), at=minutes(1))

    assert door.takes(edited, after=1) is Outcome.CHANGED
    assert door.takes(edited, after=2) is Outcome.KNOWN

    case = door.case()
    assert case
    assert (case.tier, case.team) == (2, "experts")
    kinds = [type(event.change) for event in door.history()]
    assert kinds == [Received, Routed, MessageEdited, Moved, Routed]
    with door.house.database.read() as unit:
        stored = unit.messages.find({a_ref("1")})[a_ref("1")]
    assert stored.message.text == "4111"
    assert stored.decision == PRIVATE_RULE
    assert not door.planner.asked


def test_an_edit_that_raises_a_closed_case_opens_it_again(door: Door) -> None:
    door.takes(post("1"))
    door.close(1, after=1)

    door.takes(Edited(message=a_message("1", text="4111"), at=minutes(2)), after=2)

    case = door.case()
    assert case
    assert (case.tier, case.status) == (2, Status.NEW)


@pytest.mark.parametrize(
    ("kind", "words", "stars", "status"),
    [
        (Kind.REVIEW, "Broken again.", 5, Status.NEW),
        (Kind.REVIEW, "When do you open?", 1, Status.NEW),
        (Kind.COMMENT, "Broken again.", 5, Status.CLOSED),
    ],
)
def test_who_edits_a_review_writes_to_us_again(
    door: Door, kind: Kind, words: str, stars: int, status: Status
) -> None:
    door.takes(Posted(message=a_message("1", kind=kind, rating=5)))
    door.close(1, after=1)
    said = a_message("1", kind=kind, text=words, rating=stars)

    assert door.takes(Edited(message=said, at=minutes(2)), after=2) is Outcome.CHANGED

    case = door.case()
    assert case
    assert case.status is status
    with door.house.database.read() as unit:
        assert unit.messages.find({a_ref("1")})[a_ref("1")].message == said


def test_a_deletion_is_kept_once(door: Door) -> None:
    door.takes(post("1"))
    gone = Deleted(ref=a_ref("1"), at=minutes(1))

    assert door.takes(gone, after=1) is Outcome.CHANGED
    assert door.takes(gone, after=2) is Outcome.KNOWN
    assert door.takes(Deleted(ref=a_ref("unknown"), at=minutes(1))) is Outcome.KNOWN


def test_no_automatic_answer_to_a_bot_or_in_a_case_that_somebody_has(door: Door) -> None:
    door.takes(post("1", "hours?", author=replace(an_author("robot"), bot=True)))
    door.takes(post("2"))
    desk = door.house.desk
    door.house.writer.run(
        lambda unit: deskwork.claim(unit, desk, 2, "U1", seen_in=None, at=minutes(1))
    )
    door.takes(post("3", "hours?", conversation=a_ref("2")), after=2)

    assert not door.planner.asked


def test_marketing_watches_a_public_thread_and_no_private_one(door: Door) -> None:
    door.takes(post("1", "watch this"))
    dm = a_ref("dm")
    door.takes(
        post("2", "watch", conversation=dm, visibility=Visibility.PRIVATE, author=an_author("tom"))
    )

    channels = {
        (item.effect.case, item.effect.channel)
        for item in door.house.queued()
        if isinstance(item.effect, ShowCard)
    }
    assert channels == {(1, "care"), (1, "marketing"), (2, "care")}


def test_alerts_and_hiding_follow_the_decision(door: Door) -> None:
    decided = a_decision("danger", alerts=("operations",), hide=True)
    door.house.router.decide = lambda facts: decided

    door.takes(post("1"))

    effects = [item.effect for item in door.house.queued()]
    rule = Actor(kind=ActorKind.RULE, id="danger")
    assert HideMessage(case=1, message=a_ref("1"), by=rule) in effects
    [alert] = [effect for effect in effects if isinstance(effect, Alert)]
    assert (alert.channel, alert.case) == ("operations", 1)


def test_what_an_edit_publishes_is_hidden_and_nothing_private_ever_is(door: Door) -> None:
    def by_words(facts: Facts) -> Decision:
        return a_decision("cards", hide="4111" in facts.text)

    door.house.router.decide = by_words
    door.takes(post("1"))
    door.takes(post("2", "4111", visibility=Visibility.PRIVATE, author=an_author("tom")))
    assert not [effect for effect in effects(door) if isinstance(effect, HideMessage)]

    door.takes(Edited(message=a_message("1", text="4111"), at=minutes(1)), after=1)

    rule = Actor(kind=ActorKind.RULE, id="cards")
    assert HideMessage(case=1, message=a_ref("1"), by=rule) in effects(door)


def effects(door: Door) -> list[Effect]:
    return [item.effect for item in door.house.queued()]


def test_the_facts_tell_of_the_case_as_it_was_before(door: Door) -> None:
    door.takes(post("1"))
    door.takes(reply("2", "4111"), after=1)
    door.takes(reply("3", "And?"), after=2)

    first, second, third = door.house.router.asked
    assert (first.case_tier, first.case_status, first.first_contact) == (None, None, True)
    assert (second.case_tier, second.case_status, second.first_contact) == (1, "new", False)
    assert third.case_tier == 2
    assert third.at - first.at == timedelta(minutes=2)
