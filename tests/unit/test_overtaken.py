"""An automatic answer at its turn: only what nothing overtook goes out, and it hides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace as with_fields
from pathlib import Path

import pytest

from inbox import deliveries, deskwork
from inbox.answering import Answer, Answering
from inbox.case import Actor, ActorKind, Afterwards, Case, Status
from inbox.changes import Answered, Held, Moved, NotSent
from inbox.desk import Tier
from inbox.errors import Rejected
from inbox.message import Deleted, Edited, Undelivered, Visibility
from inbox.outbox import State
from inbox.record import record
from tests.article_door import ASKED, Door, decide
from tests.articles import HOURS
from tests.builders import ACCOUNT, a_message, a_ref, minutes
from tests.carrying import carry, killed_while_sending
from tests.house import FakeDetector, FakeRouter, House, a_desk

RULE = Actor(kind=ActorKind.RULE, id="more was seen")


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    tiers = dict(a_desk().tiers) | {0: Tier(number=0, name="Self-service")}
    with House(tmp_path, FakeRouter(decide), a_desk(tiers=tiers)) as house:
        yield Door(house)


# --- what may wait -----------------------------------------------------------------------


def article(door: Door) -> Case:
    return door.hear()


def reply(door: Door) -> Case:
    return door.hear("opening hours?")


def menu(door: Door) -> Case:
    return door.hear("hello", visibility=Visibility.PRIVATE)


def invitation(door: Door) -> Case:
    return door.hear("invite me")


# --- what may overtake it ----------------------------------------------------------------


def edits(door: Door, text: str = "And in winter?") -> None:
    message = a_message("1", text=text, conversation=a_ref("1"))
    door.take(Edited(message=message, at=minutes(door.minute)))


def edits_to_a_private_matter(door: Door) -> None:
    edits(door, "private: 4111")


def deletes(door: Door) -> None:
    door.take(Deleted(ref=a_ref("1"), at=minutes(door.minute)))


def writes_more(door: Door) -> None:
    door.hear("And a red bow?")


def writes_in_private(door: Door) -> None:
    door.hear("Here I am.", visibility=Visibility.PRIVATE)


def is_raised(door: Door) -> None:
    case = door.case()
    up = Moved(
        tier=3,
        channel="private",
        before=case.tier,
        before_channel=case.channel,
        reason="more was seen",
    )
    at = minutes(door.minute)
    door.house.writer.run(lambda unit: record(unit, door.house.desk, case, [up], actor=RULE, at=at))


def is_claimed(door: Door) -> None:
    door.works(deskwork.claim)


def is_closed(door: Door) -> None:
    door.works(deskwork.close, "spam")


def is_answered(door: Door) -> None:
    answering = Answering(
        desk=door.house.desk, connections=door.connections, detector=FakeDetector()
    )
    answer = Answer(
        text="I look into it myself.",
        visibility=Visibility.PRIVATE,
        afterwards=Afterwards.WAIT,
        key="agent's",
        seen=99,
    )
    at = minutes(door.minute)
    door.house.writer.run(lambda unit: answering.reply(unit, 1, "U1", answer, seen_in=None, at=at))


def nothing(door: Door) -> None:
    pass


Step = Callable[[Door], object]
OVERTAKES: dict[Step, str] = {
    edits: "edited",
    edits_to_a_private_matter: "edited",
    deletes: "deleted",
    writes_more: "wrote more",
    writes_in_private: "wrote more",
    is_raised: "raised",
    is_claimed: "Somebody took",
    is_closed: "answered or closed",
    is_answered: "answered or closed",
}


def not_sent(door: Door) -> list[str]:
    return [e.change.reason for e in door.history() if isinstance(e.change, NotSent)]


def automatic(door: Door) -> list[str]:
    return [draft.text for draft in door.sender.there.values() if draft.automatic]


@pytest.mark.parametrize("waits", [article, reply, menu, invitation])
def test_what_nothing_overtook_goes_out(door: Door, waits: Step) -> None:
    waits(door)
    door.deliver()
    assert automatic(door)
    assert not_sent(door) == []
    assert door.case().status is Status.PENDING


@pytest.mark.parametrize("waits", [article, reply, menu])
@pytest.mark.parametrize("happens", OVERTAKES)
def test_what_answers_a_message_stays_out_once_it_was_overtaken(
    door: Door, waits: Step, happens: Step
) -> None:
    waits(door)
    happens(door)
    door.deliver()

    assert automatic(door) == []
    [reason] = not_sent(door)
    assert OVERTAKES[happens] in reason


@pytest.mark.parametrize("happens", OVERTAKES)
def test_an_invitation_stays_out_only_where_nobody_needs_it_any_more(
    door: Door, happens: Step
) -> None:
    """It says nothing of the matter: the private way is wanted all the more."""
    invitation(door)
    happens(door)
    door.deliver()

    needless = happens in (deletes, writes_in_private, is_closed, is_answered)
    assert automatic(door) == ([] if needless else ["Tell us more here.", "We wrote to you."])


@pytest.mark.parametrize("waits", [article, reply])
@pytest.mark.parametrize("happens", [edits, edits_to_a_private_matter, writes_more, is_raised])
def test_people_have_the_case_whose_answer_was_overtaken(
    door: Door, waits: Step, happens: Step
) -> None:
    waits(door)
    happens(door)
    door.deliver()

    case = door.case()
    assert (case.status, case.waiting_since is None) == (Status.NEW, False)
    assert case.tier > 0


# --- it may be there ---------------------------------------------------------------------


@pytest.mark.parametrize("waits", [article, reply])
@pytest.mark.parametrize("happens", [edits, edits_to_a_private_matter, writes_more, is_raised])
def test_what_may_be_there_is_looked_for_and_takes_nobody_s_turn(
    door: Door, waits: Step, happens: Step
) -> None:
    waits(door)
    killed_while_sending(door.house, door.courier)
    happens(door)
    door.deliver()

    assert len(automatic(door)) == 1
    assert not_sent(door) == []
    assert [e for e in door.history() if isinstance(e.change, Answered)]
    case = door.case()
    assert (case.status, case.waiting_since is None) == (Status.NEW, False)


def test_an_answer_of_an_agent_that_an_edit_overtook_leaves_them_the_turn(door: Door) -> None:
    door.hear("Is it dimmable?")
    is_answered(door)
    edits(door)
    door.deliver()

    assert door.sender.texts() == ["I look into it myself."]
    case = door.case()
    assert (case.status, case.owner, case.waiting_since is None) == (Status.OPEN, "U1", False)


def test_what_was_overtaken_and_cannot_be_looked_for_is_a_person_s_to_decide(door: Door) -> None:
    """The network would know a repeated key, and nobody that the first attempt failed."""
    connection = with_fields(
        door.connections[ACCOUNT], readback=None, repeatable=minutes(9) - minutes(0)
    )
    courier = with_fields(door.courier, connections={ACCOUNT: connection})
    article(door)
    killed_while_sending(door.house, courier)
    edits(door)
    carry(door.house, courier)

    assert not_sent(door) == []
    assert [e for e in door.history() if isinstance(e.change, Held)]


# --- self-service ------------------------------------------------------------------------


def with_its_rule_s_people(door: Door, team: str | None = "lamps") -> None:
    case = door.case()
    assert (case.tier, case.channel, case.team) == (1, "care", team)
    assert (case.status, case.waiting_since is None) == (Status.NEW, False)
    [moved] = [e for e in door.history() if isinstance(e.change, Moved)]
    assert moved.actor == Actor(kind=ActorKind.RULE, id=case.rule)


def test_an_article_that_the_network_refuses_leaves_the_case_to_its_rule_s_people(
    door: Door,
) -> None:
    assert article(door).tier == 0
    door.sender.fault = Rejected("Mastodon does not take it.")
    door.deliver()

    assert not_sent(door) == ["Mastodon does not take it."]
    with_its_rule_s_people(door)


def test_an_article_that_a_person_drops_leaves_the_case_to_its_rule_s_people(door: Door) -> None:
    article(door)
    door.sender.fault = deliveries.Unknowable("Nobody can look.")
    door.deliver()
    assert door.case().tier == 0
    with door.house.database.read() as unit:
        [held] = unit.outbox.in_state(State.HELD)
    desk, at = door.house.desk, minutes(door.minute)
    door.house.writer.run(lambda unit: deliveries.drop(unit, desk, held.id, at=at))

    with_its_rule_s_people(door)


def test_an_article_that_did_not_arrive_leaves_the_case_to_its_rule_s_people(door: Door) -> None:
    article(door)
    door.deliver()
    [key] = door.sender.there
    at = minutes(door.minute)
    door.take(Undelivered(ref=a_ref(f"sent-{key}"), reason="They blocked us.", at=at))

    with_its_rule_s_people(door)


def test_a_rule_of_self_service_that_cannot_say_its_answer_gives_the_case_to_people(
    door: Door,
) -> None:
    door.hear("gap")
    assert door.sent() == []
    assert not_sent(door)
    with_its_rule_s_people(door, team=None)  # the first tier of people has its own


@pytest.mark.parametrize("happens", [is_claimed, is_closed])
def test_what_a_person_has_or_closed_stays_where_it_is(door: Door, happens: Step) -> None:
    article(door)
    happens(door)
    door.deliver()
    assert door.case().tier == 0


# --- one answer, then people -------------------------------------------------------------


def test_a_question_that_waits_for_a_person_is_not_hidden_by_a_later_automatic_answer(
    door: Door,
) -> None:
    article(door)
    door.deliver()
    writes_more(door)
    door.minute += 600

    case = door.hear("opening hours?")

    assert door.sent() == []
    assert (case.tier, case.status) == (1, Status.NEW)


def test_what_was_left_to_people_stays_theirs_after_they_answered(door: Door) -> None:
    reply(door)
    door.deliver()
    writes_more(door)
    is_answered(door)
    door.deliver()
    door.works(deskwork.release)
    door.minute += 600
    assert door.case().status is Status.PENDING

    door.hear("opening hours on Sunday?")

    assert door.sent() == []
    assert len(automatic(door)) == 1


@pytest.mark.parametrize(("pause", "answers"), [(58, 1), (60, 2)])
def test_where_nothing_is_open_a_rule_answers_again_after_the_gap(
    door: Door, pause: int, answers: int
) -> None:
    reply(door)
    door.deliver()
    door.minute += pause
    door.hear("opening hours on Sunday?")
    door.deliver()
    assert len(automatic(door)) == answers


def test_an_invitation_goes_out_where_a_person_owes_an_answer(door: Door) -> None:
    door.hear("Is it dimmable?")
    invitation(door)
    door.deliver()
    assert automatic(door) == ["Tell us more here.", "We wrote to you."]


def test_after_a_closed_case_a_new_one_starts_anew(door: Door) -> None:
    article(door)
    door.deliver()
    writes_more(door)
    is_closed(door)
    door.minute += 9 * 24 * 60

    case = door.hear(ASKED)

    assert (case.number, case.previous, case.tier) == (2, 1, 0)
    door.deliver()
    assert automatic(door) == [f"{HOURS.body} | {HOURS.url} | automatic"] * 2
