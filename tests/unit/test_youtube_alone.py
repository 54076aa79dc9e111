"""Each of YouTube's comments and lists fails alone: the others come in, and a person is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from inbox.errors import Retryable
from inbox.message import Deleted
from inbox.unread import reading
from tests.networks.youtube import BRAND, TOM
from tests.youtube_channel import NOON, Channel, a_channel, an_answer


@pytest.fixture
def channel() -> Iterator[Channel]:
    with a_channel() as channel:
        yield channel


def test_a_comment_that_cannot_be_read_holds_up_none_beside_it(channel: Channel) -> None:
    channel.open()
    assert channel.poll() == []
    thread = channel.net.comment("Is it in stock?")
    odd = [channel.net.comment("Odd"), channel.net.comment("Odd, too", TOM, under=thread)]
    for comment in odd:
        channel.net.comments[comment]["published"] = "lately"
    for number in range(3):
        channel.net.comment(f"Me too {number}", TOM, under=thread)
    with reading() as unread:
        assert sorted(channel.texts()) == ["Is it in stock?", "Me too 0", "Me too 1", "Me too 2"]
    assert unread.entries
    assert channel.texts() == []


def test_among_replies_that_cannot_be_read_nobody_says_that_ours_is_not(channel: Channel) -> None:
    connection = channel.open()
    assert channel.poll() == []
    thread = channel.net.comment("Is it in stock?")
    draft = an_answer(channel.one())
    channel.net.comments[channel.net.comment("Odd", BRAND, under=thread)]["published"] = "lately"
    assert connection.readback
    with pytest.raises(Retryable):
        connection.readback.find(draft, key="k-1", since=NOON)


def with_replies(channel: Channel, count: int = 5) -> str:
    thread = channel.net.comment("The lamp is dark")
    for number in range(count):
        channel.net.comment(f"Reply {number}", TOM, under=thread)
    return thread


@pytest.mark.parametrize("answer", [(500, "backendError"), (403, "forbidden"), (404, "notFound")])
def test_a_thread_that_fails_again_and_again_stops_no_other_and_is_told(
    channel: Channel, answer: tuple[int, str]
) -> None:
    channel.open()
    channel.poll()
    thread = with_replies(channel)
    channel.net.broken[thread] = answer
    with pytest.raises(Retryable):
        channel.poll()
    channel.net.comment("Is it in stock?")

    with reading() as unread:
        texts = channel.texts()
    assert sorted(texts) == ["Is it in stock?", "Reply 0", "Reply 1", "The lamp is dark"]
    [what] = unread.lists
    assert thread in what

    channel.net.calls.clear()
    with reading() as unread:
        assert channel.texts() == []
    assert unread.lists == {}
    assert "GET /comments" not in channel.net.calls  # it rests, for each request costs a unit

    channel.net.broken.clear()
    channel.now += timedelta(hours=1)
    assert sorted(channel.texts()) == ["Reply 2", "Reply 3", "Reply 4"]
    assert channel.texts() == []


def test_a_fault_that_is_over_at_once_is_told_to_nobody_and_loses_nothing(channel: Channel) -> None:
    channel.open()
    channel.poll()
    channel.net.broken[with_replies(channel)] = 500, "backendError"
    with pytest.raises(Retryable):
        channel.poll()
    channel.net.broken.clear()
    with reading() as unread:
        assert len(channel.texts()) == 6
    assert unread.lists == {}


def test_held_comments_that_cannot_be_listed_stop_no_others(channel: Channel) -> None:
    channel.open(held=["heldForReview", "likelySpam"])
    channel.poll()
    channel.net.broken["heldForReview"] = 403, "forbidden"
    channel.net.comment("Is it in stock?")
    channel.net.comment("See https://spam.example", status="likelySpam")
    with pytest.raises(Retryable):
        channel.poll()
    with reading() as unread:
        assert len(channel.texts()) == 2
    assert list(unread.lists) == ["what YouTube holds back (heldForReview)"]


def test_a_limit_stops_all_lists_however_often_it_is_met(channel: Channel) -> None:
    channel.open()
    channel.poll()
    channel.net.broken[with_replies(channel)] = 429, "rateLimitExceeded"
    for _ in range(3):
        with pytest.raises(Retryable) as caught:
            channel.poll()
        assert caught.value.after


def test_a_comment_that_cannot_be_read_keeps_no_other_from_being_looked_at(
    channel: Channel,
) -> None:
    connection = channel.open()
    channel.poll()
    odd, gone = channel.net.comment("Odd"), channel.net.comment("Soon gone")
    refs = [event.ref for event in channel.poll()]
    channel.net.comments[odd]["updated"] = "lately"
    channel.net.delete(gone)
    assert connection.inspector
    seen = connection.inspector.look(refs)
    assert [(type(one), one.ref.id) for one in seen] == [(Deleted, gone)]
