"""What comes of an X account by polling: mentions, searches, direct messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from inbox.errors import AuthFailed
from inbox.message import Kind
from integrations.x import integration
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
