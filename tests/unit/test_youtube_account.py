"""What only YouTube needs: old threads, held comments, the quota, tokens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from inbox.errors import AuthFailed, Rejected, Retryable
from inbox.message import Deleted, Echoed, Posted
from inbox.ports import Approach
from integrations.youtube.held import Held
from tests.hosts import FakeKeep, FakeMeter
from tests.networks.youtube import ANA, BRAND, TOM
from tests.youtube_channel import NOON, Channel, a_channel, an_answer


@pytest.fixture
def channel() -> Iterator[Channel]:
    with a_channel() as channel:
        yield channel


# --- what is new -------------------------------------------------------------------------


def test_the_first_poll_leaves_out_what_stood_there_and_finds_its_new_replies(
    channel: Channel,
) -> None:
    old = channel.net.comment("Last year")
    channel.net.comment("A reply of last year", TOM, under=old)
    channel.open()
    assert channel.poll() == []
    channel.net.comment("A new reply to an old comment", TOM, under=old)
    assert channel.texts() == ["A new reply to an old comment"]
    assert channel.texts() == []


def test_the_first_poll_takes_what_came_since_a_time(channel: Channel) -> None:
    old = channel.net.comment("Last year")
    channel.now += timedelta(hours=2)
    since = channel.now.isoformat()
    channel.net.comment("A late reply", TOM, under=old)
    new = channel.net.comment("Today")
    for number in range(4):
        channel.net.comment(f"Reply {number}", TOM, under=new)
    channel.open(import_since=since)
    texts = channel.texts()
    assert texts[0] == "Today"
    assert sorted(texts[1:]) == ["A late reply", *(f"Reply {number}" for number in range(4))]
    assert channel.texts() == []


def test_replies_beyond_those_that_a_thread_is_listed_with_are_read(channel: Channel) -> None:
    channel.open()
    channel.poll()
    thread = channel.net.comment("The lamp is dark")
    assert channel.texts() == ["The lamp is dark"]
    for number in range(130):
        channel.net.comment(f"Reply {number}", TOM, under=thread)
    assert sorted(channel.texts()) == sorted(f"Reply {number}" for number in range(130))
    channel.net.comment("The last, which the list does not show", TOM, under=thread)
    assert channel.texts() == ["The last, which the list does not show"]
    assert channel.texts() == []


def test_pages_that_hold_fewer_than_was_asked_for_watch_as_many_threads(channel: Channel) -> None:
    """Since October 2023 YouTube often gives twenty where a hundred were asked for."""
    channel.net.most_a_page = 20
    threads = [channel.net.comment(f"Thread {number}") for number in range(110)]
    channel.open(held=[])
    assert channel.texts() == []
    channel.net.comment("Still dark", TOM, under=threads[20])
    assert channel.texts() == ["Still dark"]
    written = [channel.net.comment(f"After a night {number}") for number in range(900)]
    assert len(channel.texts()) == len(written)


def test_a_new_reply_is_found_where_another_was_deleted(channel: Channel) -> None:
    channel.open()
    channel.poll()
    thread = channel.net.comment("The lamp is dark")
    gone = channel.net.comment("Same here", TOM, under=thread)
    channel.poll()
    channel.net.delete(gone)
    channel.net.comment("Mine too", TOM, under=thread)
    assert channel.texts() == ["Mine too"]


def test_old_threads_that_move_up_when_others_are_deleted_are_not_new(channel: Channel) -> None:
    for number in range(150):
        channel.now += timedelta(seconds=1)
        channel.net.comment(f"Last year {number}")
    channel.open()
    assert channel.poll() == []
    for id_ in list(channel.net.comments)[-80:]:
        channel.net.delete(id_)
    assert channel.poll() == []


def test_a_thread_that_is_no_longer_watched_comes_not_again(channel: Channel) -> None:
    channel.open(watched=100)
    channel.poll()
    for number in range(150):
        channel.now += timedelta(seconds=1)
        channel.net.comment(f"Number {number}")
    assert len(channel.texts()) == 150
    for id_ in list(channel.net.comments)[-80:]:
        channel.net.delete(id_)
    assert channel.texts() == []


def test_quiet_polls_cost_one_unit_for_each_list(channel: Channel) -> None:
    channel.open(held=[])
    channel.net.comment("The lamp is dark")
    channel.poll()
    channel.net.calls.clear()
    channel.poll()
    assert channel.net.calls == ["GET /commentThreads"]


def test_a_held_comment_comes_once_and_says_so_before_the_answer(channel: Channel) -> None:
    connection = channel.open()
    channel.poll()
    held = channel.net.comment("See https://spam.example", status="heldForReview")
    message = channel.one()
    assert connection.windows
    approach = Approach(visibility=message.visibility, to=message.author, target=message)
    assert "review" in (connection.windows.look(approach, at=NOON).note or "")
    channel.net.comments[held]["status"] = "published"
    assert channel.poll() == []


def test_an_answer_that_was_written_on_youtube_is_told_as_one(channel: Channel) -> None:
    channel.open()
    channel.poll()
    thread = channel.net.comment("The lamp is dark")
    message = channel.one()
    channel.net.comment("We are on it.", BRAND, under=thread)
    (event,) = channel.poll()
    assert isinstance(event, Echoed)
    assert event.message.in_reply_to == message.ref
    assert event.to
    assert event.to.ref.id == ANA


# --- answers -----------------------------------------------------------------------------


def test_an_answer_to_a_reply_stands_under_the_top_comment_with_the_name(channel: Channel) -> None:
    connection = channel.open()
    channel.poll()
    thread = channel.net.comment("The lamp is dark")
    channel.net.comment("Same here", TOM, under=thread)
    _, reply = (event.message for event in channel.poll() if isinstance(event, Posted))
    assert connection.public
    sent = connection.public.reply(an_answer(reply), key="k-1")
    standing = channel.net.comments[sent.ref.id]
    assert (standing["parent"], standing["text"]) == (thread, "@tom We are on it.")
    assert channel.poll() == []


def test_an_answer_to_a_deleted_reply_is_refused_in_words(channel: Channel) -> None:
    connection = channel.open()
    channel.poll()
    thread = channel.net.comment("The lamp is dark")
    reply = channel.net.comment("Same here", TOM, under=thread)
    _, message = (event.message for event in channel.poll() if isinstance(event, Posted))
    channel.net.delete(reply)
    assert connection.public
    with pytest.raises(Rejected, match="deleted"):
        connection.public.reply(an_answer(message), key="k-1")
    assert [one for one in channel.net.comments.values() if one["author"] == BRAND] == []


def test_a_thread_that_takes_no_answers_is_told_before_and_after(channel: Channel) -> None:
    connection = channel.open()
    channel.poll()
    channel.net.closed.add(channel.net.comment("The lamp is dark"))
    message = channel.one()
    assert connection.windows
    assert connection.public
    approach = Approach(visibility=message.visibility, to=message.author, target=message)
    assert "no answers" in (connection.windows.look(approach, at=NOON).note or "")
    with pytest.raises(Rejected, match="does not let"):
        connection.public.reply(an_answer(message), key="k-1")


def test_what_we_hid_is_not_taken_for_deleted_also_after_a_restart(channel: Channel) -> None:
    connection = channel.open()
    channel.poll()
    thread = channel.net.comment("The lamp is dark")
    channel.net.comment("Rude words", TOM, under=thread)
    _, message = (event.message for event in channel.poll() if isinstance(event, Posted))
    assert connection.moderator
    connection.moderator.hide(message.ref)
    again = channel.open()
    assert again.inspector
    assert list(again.inspector.look([message.ref])) == []
    assert again.moderator
    again.moderator.unhide(message.ref)
    channel.net.delete(message.ref.id)
    assert [type(seen) for seen in again.inspector.look([message.ref])] == [Deleted]


# --- the quota ---------------------------------------------------------------------------


def test_what_we_count_is_what_youtube_counts(channel: Channel) -> None:
    connection = channel.open()
    channel.poll()
    channel.net.comment("The lamp is dark")
    message = channel.one()
    assert connection.public
    assert connection.moderator
    assert connection.readback
    connection.public.reply(an_answer(message), key="k-1")
    connection.moderator.hide(message.ref)
    connection.readback.find(an_answer(message), key="k-1", since=NOON)
    channel.poll()
    meter = channel.host.meter
    assert isinstance(meter, FakeMeter)
    assert meter.spent(NOON.date()) == 10_000 - channel.net.quota


def test_polls_stop_before_the_quota_ends_and_an_answer_still_goes_out(channel: Channel) -> None:
    connection = channel.open(units_per_day=70, reserve=0.9)
    channel.poll()
    channel.net.comment("The lamp is dark")
    message = channel.one()
    channel.poll()
    with pytest.raises(Retryable) as caught:
        channel.poll()
    assert caught.value.after
    assert timedelta(hours=11) < caught.value.after < timedelta(hours=12)
    assert connection.pace() > 1
    assert connection.public
    connection.public.reply(an_answer(message), key="k-1")
    with pytest.raises(Rejected, match="budget"):
        connection.public.reply(an_answer(message), key="k-2")


def test_a_quota_that_others_used_up_stops_polls_until_midnight_pacific(channel: Channel) -> None:
    connection = channel.open()
    channel.poll()
    channel.net.comment("The lamp is dark")
    message = channel.one()
    channel.net.quota = 0
    with pytest.raises(Retryable) as caught:
        channel.poll()
    assert caught.value.after
    assert timedelta(hours=11) < caught.value.after < timedelta(hours=12)
    assert connection.public
    with pytest.raises(Rejected, match="quota"):
        connection.public.reply(an_answer(message), key="k-1")


# --- tokens ------------------------------------------------------------------------------


def test_a_token_is_asked_for_once_and_again_before_it_ends(channel: Channel) -> None:
    channel.open()
    channel.poll()
    channel.poll()
    assert len(channel.net.tokens.given) == 1
    channel.now += timedelta(minutes=57)
    channel.poll()
    assert len(channel.net.tokens.given) == 2


def test_a_token_that_ends_early_is_asked_for_anew(channel: Channel) -> None:
    channel.open()
    channel.poll()
    channel.net.tokens.open.clear()
    with pytest.raises(Retryable):
        channel.poll()
    channel.poll()
    channel.now -= timedelta(minutes=1)  # at the same moment
    channel.net.tokens.open.clear()
    with pytest.raises(AuthFailed):
        channel.poll()


def test_the_doctor_tells_whose_token_it_is(channel: Channel) -> None:
    connection = channel.open()
    channel.net.channels = ("UCsomebodyelse", BRAND)
    assert connection.examiner
    assert all(one.well for one in connection.examiner.examine())
    channel.net.channels = ("UCsomebodyelse",)
    wrong = [one.says for one in connection.examiner.examine() if not one.well]
    assert any("another channel" in one for one in wrong)


def test_of_the_comments_that_were_ever_held_the_newest_are_remembered() -> None:
    held = Held(FakeKeep())
    held.hid("ours")
    held.saw(["still held"])
    for number in range(10_000):
        held.saw([f"{number}", "still held"])
    remembered = sum(f"{number}" in held for number in range(10_000))
    assert 1_000 < remembered < 6_000
    assert all(each in held for each in ("9999", "still held", "ours"))
