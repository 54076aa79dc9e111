"""An account on X against a strict X: looks, answers, what the doctor says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from inbox.errors import AuthFailed, Rejected, Retryable, Uncertain
from inbox.message import Deleted, Echoed, Edited, Kind, Message, Posted
from integrations.x.errors import DELETED, NO_MESSAGES, NOT_SUMMONED
from sandbox.x import entities
from tests.x_town import Town, a_town, message_of


@pytest.fixture
def town() -> Iterator[Town]:
    with a_town() as town:
        yield town


# --- what comes in -----------------------------------------------------------------------


def test_an_answer_given_in_x_itself_is_told_as_ours(town: Town) -> None:
    town.open()
    town.poll()
    town.act("ana", "message", text="My order?")
    town.act("brightleaf", "message", to="ana", text="Found it")
    asked, echoed = town.poll()
    assert isinstance(asked, Posted)
    assert isinstance(echoed, Echoed)
    assert echoed.message.conversation == asked.message.conversation
    assert echoed.to
    assert echoed.to.ref == asked.message.author.ref


def test_an_edit_is_told_under_the_first_id(town: Town) -> None:
    town.open()
    town.poll()
    first = town.write("The lamp is drak")
    assert [event.ref.id for event in town.poll()] == [first]
    town.clock.advance(timedelta(minutes=5))
    town.act("ana", "edit", id=first, text="The lamp is dark")
    arrival, edit = town.poll()
    assert arrival.ref.id == edit.ref.id == first
    assert isinstance(edit, Edited)
    assert (edit.message.text, edit.at) == ("The lamp is dark", town.clock())


def test_deletions_and_edits_are_found_by_one_look(town: Town) -> None:
    town.open()
    town.poll()
    ids = [town.write(f"Number {number}") for number in range(3)]
    town.act("ana", "message", text="In private")
    refs = [event.ref for event in town.poll()]
    town.act("ana", "delete", id=ids[0])
    town.act("ana", "edit", id=ids[1], text="Edited")
    assert town.connection.inspector
    gone, edited = town.connection.inspector.look(refs)
    assert isinstance(gone, Deleted)
    assert isinstance(edited, Edited)
    assert (gone.ref.id, edited.ref.id, edited.message.text) == (ids[0], ids[1], "Edited")
    assert len(town.calls("GET /2/tweets")) == 2  # the versions, then the newest


def test_who_we_are_is_asked_once_and_known_after_a_restart(town: Town) -> None:
    for _ in range(3):
        town.open()
        town.poll()
    assert len(town.calls("GET /2/users/me")) == 1
    assert town.connection.me() is not None


def test_a_brand_that_takes_another_name_is_known_by_it_within_a_week(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.open(search=["lamp"], direct_messages=False)
    town.poll()
    user = entities.user
    with monkeypatch.context() as renamed:
        renamed.setattr(entities, "user", lambda *of: {**user(*of), "username": "brightleaf_home"})
        town.clock.advance(timedelta(days=8))
        town.poll()
    asked = town.calls("GET /2/tweets/search/recent")[-1]["args"]["query"]
    assert asked.endswith("-from:brightleaf_home -is:retweet")
    town.clock.advance(timedelta(days=8))
    town.fault("GET /2/users/me", "503")
    town.write("A lamp, while X does not say who we are", visibility="unmentioned")
    assert len(town.poll()) == 1


# --- what goes out -----------------------------------------------------------------------


def said(town: Town, text: str = "Hello", **more: Any) -> Message:
    """What a customer has just written, as it came in."""
    town.write(text, **more)
    return message_of(town.poll()[-1])


def test_a_reply_to_whom_did_not_call_us_is_refused_in_the_words_of_the_window(
    town: Town,
) -> None:
    connection = town.open(search=["lamp"])
    town.poll()
    message = said(town, "My lamp", visibility="unmentioned")
    assert connection.public
    with pytest.raises(Rejected, match=NOT_SUMMONED[:40]):
        connection.public.reply(town.draft(message), key="k")
    town.net.world.enterprise = True
    assert connection.public.reply(town.draft(message), key="k")


def test_a_text_that_stands_there_already_is_not_sent_again(town: Town) -> None:
    connection = town.open()
    town.poll()
    message = said(town, "Hello")
    assert connection.public
    sent = connection.public.reply(town.draft(message), key="k")
    assert connection.public.reply(town.draft(message), key="k") == sent
    assert len(town.answers()) == 1


@pytest.mark.parametrize("private", [False, True])
def test_an_answer_is_found_however_x_writes_its_links(town: Town, private: bool) -> None:
    text = "See lamps.example/help, please."
    connection = town.open()
    town.poll()
    message = said(town, "Hello")
    draft = town.private(message, text) if private else town.draft(message, text)
    if private:
        assert connection.private
        sent = connection.private.message(draft, key="k")
    else:
        assert connection.public
        sent = connection.public.reply(draft, key="k")
    assert connection.readback
    assert connection.readback.find(draft, key="k", since=town.clock()) == sent


def test_a_text_that_repeats_another_answer_is_refused_with_advice(town: Town) -> None:
    connection = town.open()
    town.poll()
    assert connection.public
    connection.public.reply(town.draft(said(town, "Hello")), key="k-1")
    other = said(town, "Hello again")
    with pytest.raises(Rejected, match="change a word"):
        connection.public.reply(town.draft(other), key="k-2")


def test_who_takes_no_messages_gets_none_and_the_agent_reads_why(town: Town) -> None:
    connection = town.open()
    town.poll()
    message = said(town, "Hello", who="olga")
    assert message.native["messages"] == "closed"
    assert connection.private
    with pytest.raises(Rejected) as caught:
        connection.private.message(town.private(message), key="k")
    assert str(caught.value) == NO_MESSAGES


def test_a_reply_under_our_post_can_be_hidden_and_shown_again(town: Town) -> None:
    connection = town.open()
    town.poll()
    message = said(town, "Buy elsewhere", in_reply_to_id=town.net.brand_posts["fern"])
    assert message.kind is Kind.COMMENT
    assert connection.moderator
    connection.moderator.hide(message.ref)
    connection.moderator.hide(message.ref)
    assert town.net.world.posts[int(message.ref.id)].hidden
    connection.moderator.unhide(message.ref)
    assert not town.net.world.posts[int(message.ref.id)].hidden


def test_what_stands_elsewhere_cannot_be_hidden(town: Town) -> None:
    connection = town.open()
    town.poll()
    message = said(town, "Hello")
    assert connection.moderator
    with pytest.raises(Rejected, match="only replies under the brand's own posts"):
        connection.moderator.hide(message.ref)


def test_a_reply_to_what_is_gone_says_so(town: Town) -> None:
    connection = town.open()
    town.poll()
    message = said(town, "Hello")
    town.act("ana", "delete", id=message.ref.id)
    assert connection.public
    with pytest.raises(Rejected, match=DELETED[:20]):
        connection.public.reply(town.draft(message), key="k")


# --- what goes wrong ---------------------------------------------------------------------


def test_used_up_credits_are_told_to_the_operator(town: Town) -> None:
    town.open()
    town.poll()
    town.net.purse.credits = 0
    with pytest.raises(AuthFailed, match="credits"):
        town.poll()


def test_an_answer_of_html_is_an_outage_and_not_a_crash(town: Town) -> None:
    town.open(direct_messages=False)
    town.poll()
    town.fault("GET /2/users/{id}/mentions", "503")
    with pytest.raises(Retryable):
        town.poll()


def test_a_write_that_nobody_answered_is_uncertain(town: Town) -> None:
    connection = town.open()
    town.poll()
    message = said(town, "Hello")
    town.fault("POST /2/dm_conversations/with/{id}/messages", "reset_after")
    assert connection.private
    with pytest.raises(Uncertain):
        connection.private.message(town.private(message), key="k")


def test_the_doctor_says_what_works_and_that_nothing_limits_the_costs(town: Town) -> None:
    connection = town.open()
    assert connection.examiner
    token, messages, costs = connection.examiner.examine()
    assert token.well
    assert "@brightleaf" in token.says
    assert messages.well
    assert "set per_day or per_month" in costs.says


def test_the_doctor_says_what_does_not_work(town: Town) -> None:
    town.net.purse.credits = 0
    connection = town.open(per_day=5)
    assert connection.examiner
    token, costs = connection.examiner.examine()
    assert not token.well
    assert "credits" in token.says
    assert "of $5.00" in costs.says


@pytest.mark.parametrize(
    ("webhooks", "well", "says"),
    [
        ({"https://desk.example/webhooks/x/care": True}, True, "valid"),
        ({"https://desk.example/webhooks/x": True}, True, "valid"),
        ({"https://desk.example/webhooks/x/care": False}, False, "does not deliver"),
        ({"https://desk.example/webhooks/x/other": True}, False, "Register"),
        ({}, False, "Register"),
    ],
)
def test_the_doctor_sees_whether_x_delivers(
    town: Town, webhooks: dict[str, bool], well: bool, says: str
) -> None:
    town.net.webhooks = webhooks
    connection = town.open(webhook=True)
    assert connection.examiner
    found = connection.examiner.examine()[-1]
    assert found.well is well
    assert says in found.says
