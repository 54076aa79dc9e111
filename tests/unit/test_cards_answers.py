"""What a card says of an answer on its way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from inbox.case import Actor, ActorKind, Afterwards, Status
from inbox.changes import Answered, AnswerQueued, Closed, Held, NotSent
from inbox.message import Visibility
from inbox.waiting import Wait
from tests.case_views import MIHAI, a_case, a_lens, a_view, history, words_of
from tests.stage_fakes import a_ref
from workspace.cards import card
from workspace.mrkdwn import escape


def arrived(key: str) -> Answered:
    return Answered(
        key=key,
        message=a_ref("ours"),
        url=None,
        text="t",
        spans=(),
        visibility=Visibility.PUBLIC,
        afterwards=Afterwards.WAIT,
        automatic=False,
    )


def test_an_answer_under_way_held_or_refused_is_said_on_the_card() -> None:
    parts: dict[str, Any] = {"key": "k", "text": "t", "spans": (), "visibility": Visibility.PUBLIC}
    queued = AnswerQueued(**parts, afterwards=Afterwards.WAIT, automatic=False)
    held = Held(key="k", item=7, reason="time-out")
    refused = NotSent(**parts, reason="the post was deleted")

    for change, words in ((queued, "on its way"), (held, "is held"), (refused, "was not sent")):
        view = a_view(history=history(change, actor=MIHAI))
        assert words in words_of(card(view, a_lens()))


def test_a_held_answer_is_said_until_it_is_decided_whatever_came_after() -> None:
    held = Held(key="first", item=7, reason="time-out")
    sent = arrived("second")

    undecided = a_view(history=history(held, sent, actor=MIHAI))
    decided = a_view(history=history(held, sent, arrived("first"), actor=MIHAI))

    assert "is held" in words_of(card(undecided, a_lens()))
    assert "is held" not in words_of(card(decided, a_lens()))


def test_a_closed_card_names_who_closed_it_and_not_whose_answer_arrived_later() -> None:
    closed = history(Closed(resolution="spam"), actor=Actor(kind=ActorKind.AGENT, id="U0IOANA"))
    late = history(arrived("k"), actor=MIHAI)
    case = a_case(status=Status.CLOSED, resolution="spam")

    words = words_of(card(a_view(case=case, history=(*closed, *late)), a_lens()))

    assert "<@U0IOANA>" in words
    assert "<@U0MIHAI>" not in words


def test_an_answer_that_waits_says_why_and_what_happens_next() -> None:
    queued = AnswerQueued(
        key="k",
        text="t",
        spans=(),
        visibility=Visibility.PUBLIC,
        afterwards=Afterwards.WAIT,
        automatic=False,
    )
    view = a_view(history=history(queued, actor=MIHAI))

    for doubtful, words in (
        (False, "waits for Mastodon: It <is> down. It is sent as soon as that is over"),
        (True, "may be on Mastodon: It <is> down. It is looked for before it is sent again"),
    ):
        waits = replace(view, answer_waits=Wait(why="It <is> down.", doubtful=doubtful))
        assert escape(words) in words_of(card(waits, a_lens()))
        assert "on its way" not in words_of(card(waits, a_lens()))


def test_an_answer_that_arrived_is_not_on_its_way_any_more() -> None:
    view = a_view(history=history(arrived("k"), actor=MIHAI))

    assert "on its way" not in words_of(card(view, a_lens()))
