"""A network's preconditions: asked before the agent writes, before a rule does, and at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inbox.changes import AnswerQueued, NotSent
from inbox.decision import Answer as Kind
from inbox.errors import Refusal, Rejected
from inbox.message import Deleted
from inbox.outbox import Whisper
from inbox.ports import Delivered, Window
from inbox.reception import Arrival
from tests.answering_bench import A_WEEK, PRIVATE, PUBLIC, Bench, a_comment, a_dm, by_rule
from tests.builders import ACCOUNT, NOW, a_ref, minutes
from tests.house import House


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with House(tmp_path) as house:
        yield Bench(house)


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


def test_without_preconditions_everything_is_open(bench: Bench) -> None:
    bench.arrive(a_comment())
    bench.connections[ACCOUNT] = replace(bench.connections[ACCOUNT], windows=None)
    assert bench.window() == bench.window(PUBLIC) == Window()
    bench.reply()
    [done] = bench.deliver()
    assert isinstance(done, Delivered)


# --- automatic answers -------------------------------------------------------------------


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
