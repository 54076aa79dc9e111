"""An account on X against a strict X: polls, looks, answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from inbox.errors import AuthFailed, Rejected, Retryable, Uncertain
from inbox.message import Deleted, Echoed, Edited, Kind, Message, Posted
from integrations.x import integration
from integrations.x.errors import DELETED, NO_MESSAGES, NOT_SUMMONED
from sandbox.x import entities
from tests.contract.x_world import secrets
from tests.x_town import Town, a_town, message_of, texts


@pytest.fixture
def town() -> Iterator[Town]:
    with a_town() as town:
        yield town


# --- what comes in -----------------------------------------------------------------------


def test_a_first_poll_imports_what_it_is_told_to(town: Town) -> None:
    town.write("Before")
    town.clock.advance(timedelta(hours=1))
    since = town.clock()
    town.write("After")
    town.clock.advance(timedelta(hours=1))
    town.open(import_since=since.isoformat())
    assert texts(town.poll()) == ["After"]


def test_without_that_it_begins_now(town: Town) -> None:
    town.write("Before")
    town.clock.advance(timedelta(seconds=1))
    town.open()
    assert town.poll() == []
    town.write("After")
    assert texts(town.poll()) == ["After"]


def test_a_searched_word_finds_posts_that_do_not_mention_us_and_each_post_once(
    town: Town,
) -> None:
    town.open(search=["walnut tray", "lamp"])
    town.poll()
    town.write("The lamp is dark", visibility="unmentioned")
    town.write("Your walnut tray is nice")
    town.write("walnut, but no such thing", visibility="unmentioned")
    town.act("brightleaf", "post", text="Our lamp is here")
    found = [message_of(event) for event in town.poll()]
    assert [(m.text, m.kind) for m in found] == [
        ("The lamp is dark", Kind.POST),
        ("Your walnut tray is nice", Kind.MENTION),
    ]
    assert "summoned" not in found[0].native


@pytest.mark.parametrize("words", [[" "], ["x" * 500], ["a phrase"] * 50])
def test_a_search_that_x_does_not_take_stops_the_start(words: list[str]) -> None:
    (fault,) = integration.check("care", {"search": words}, secrets())
    assert fault.key == "search"
    assert "512" in fault.problem


def test_a_mention_that_x_shows_after_a_newer_one_comes_all_the_same(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X's index takes a post some seconds after it was made, one sooner than another."""
    town.open(direct_messages=False)
    town.poll()
    late = town.write("Shown late")
    town.clock.advance(timedelta(seconds=2))
    newest = town.write("Shown at once")
    shown = town.net.world.newest_first
    with monkeypatch.context() as behind:
        behind.setattr(
            town.net.world, "newest_first", lambda: (p for p in shown() if str(p.id) != late)
        )
        assert texts(town.poll()) == ["Shown at once"]
    town.clock.advance(timedelta(minutes=10))
    assert texts(town.poll()) == ["Shown late"]
    assert town.poll() == []
    assert town.calls("GET /2/users/{id}/mentions")[-1]["args"]["since_id"] == newest


def test_a_flood_beyond_one_drain_is_read_to_its_end(town: Town) -> None:
    town.open(search=["lamp"], direct_messages=False)
    town.poll()
    written = {town.write(f"lamp {number}", visibility="unmentioned") for number in range(1_010)}
    events = town.poll()
    assert {event.ref.id for event in events} == written
    assert len(events) == len(written)


def test_what_was_read_before_a_limit_counts_and_the_rest_comes_next(town: Town) -> None:
    town.open(search=["lamp"], direct_messages=False)
    town.poll()
    written = {town.write(f"lamp {number}", visibility="unmentioned") for number in range(250)}
    town.fault("GET /2/tweets/search/recent", "slow", delay=0, times=2)
    town.fault("GET /2/tweets/search/recent", "429", retry_after=60)
    first = town.poll()
    assert len(first) == 200
    assert town.poll() == []
    town.clock.advance(timedelta(seconds=61))
    rest = town.poll()
    assert {event.ref.id for event in [*first, *rest]} == written
    assert len(first) + len(rest) == len(written)


def test_a_search_that_rested_longer_than_x_remembers_goes_on_all_the_same(town: Town) -> None:
    town.open(search=["lamp"])
    town.poll()
    town.clock.advance(timedelta(days=9))
    town.write("A lamp at last", visibility="unmentioned")
    assert texts(town.poll()) == ["A lamp at last"]


def test_what_a_search_left_for_longer_than_x_remembers_is_given_up(town: Town) -> None:
    town.open(search=["lamp"], direct_messages=False)
    town.poll()
    for number in range(150):
        town.write(f"lamp {number}", visibility="unmentioned")
    town.fault("GET /2/tweets/search/recent", "slow", delay=0)
    town.fault("GET /2/tweets/search/recent", "429", retry_after=60)
    assert len(town.poll()) == 100
    town.clock.advance(timedelta(days=9))
    town.write("A lamp at last", visibility="unmentioned")
    assert texts([*town.poll(), *town.poll()]) == ["A lamp at last"]
    asked = [one["args"] for one in town.calls("GET /2/tweets/search/recent")]
    assert all(int(a["since_id"]) < int(a["until_id"]) for a in asked if "until_id" in a)


def test_an_author_or_picture_that_cannot_be_read_costs_no_message(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.open()
    town.poll()
    monkeypatch.setattr("sandbox.x.entities.users", lambda ids, fields: [{"id": "no id of X"}])
    monkeypatch.setattr("sandbox.x.entities.media", lambda post: [{"type": "hologram"}])
    town.write("Hello")
    assert texts(town.poll()) == ["Hello"]


def test_a_source_that_is_refused_is_told_though_another_brings_something(town: Town) -> None:
    town.open()
    town.poll()
    town.write("Hello")
    town.net.purse.credits = 1  # enough for the mentions, which are asked first
    connection = town.connection
    assert connection.poller
    page = connection.poller.poll(town.cursor)
    assert (texts(list(page.events)), page.more) == (["Hello"], True)
    with pytest.raises(AuthFailed):
        connection.poller.poll(page.cursor)


def test_a_flood_of_direct_messages_comes_as_the_limit_allows(town: Town) -> None:
    town.open()
    town.poll()
    written = [town.act("ana", "message", text=f"Number {number}") for number in range(930)]
    early = town.poll()
    assert len(early) == 710
    town.clock.advance(timedelta(minutes=15))
    events = [*early, *town.poll()]
    assert {event.ref.id for event in events} == {f"message:{id_}" for id_ in written}
    assert len(events) == len(written)


def test_messages_that_are_known_are_read_again_by_the_ten_at_most(town: Town) -> None:
    town.open()
    town.poll()
    for number in range(30):
        town.act("ana", "message", text=f"Number {number}")
    assert len(town.poll()) == 30
    assert town.poll() == []
    assert town.calls("GET /2/dm_events")[-1]["args"]["max_results"] == "10"


def test_polls_stay_within_the_limit_of_direct_messages_and_hold_nothing_else_up(
    town: Town,
) -> None:
    town.open()
    town.poll()
    for minute in range(30):
        town.clock.advance(timedelta(seconds=30))
        town.write(f"Mention {minute}")
        assert texts(town.poll()) == [f"Mention {minute}"]
    refused = [one for one in town.net.journal.calls() if not one["answer_ok"]]
    assert refused == []
    assert 8 <= len(town.calls("GET /2/dm_events")) <= 30


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
