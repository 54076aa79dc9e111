"""Polling: the cursor moves with the commit, faults rest, and are told once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from inbox.channels import Beat, beat_of
from inbox.decision import Decision
from inbox.errors import AuthFailed, Retryable
from inbox.facts import Facts
from inbox.message import Posted
from inbox.ports import Page
from tests.builders import ACCOUNT, a_decision, a_message, a_ref
from tests.house import FakePoller, House, a_connection
from tests.locked_file import Unlocking, locked
from tierdesk.faults import REST_AFTER_REFUSAL
from tierdesk.polling import AccountPoll
from tierdesk.pulse import Pulse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


def a_poll(house: House, poller: FakePoller) -> AccountPoll:
    return AccountPoll(
        connection=a_connection(),
        poller=poller,
        store=house.database,
        arrivals=house.arrivals,
        desk=house.desk,
        now=house.clock,
        pulse=Pulse(house.writer, house.clock),
    )


def a_page(*ids: str, cursor: str, more: bool = False) -> Page:
    events = tuple(Posted(message=a_message(each)) for each in ids)
    return Page(events=events, cursor=cursor, more=more)


def cursor(house: House) -> str | None:
    with house.database.read() as unit:
        return unit.cursors.get(ACCOUNT)


def beat(house: House, poll: AccountPoll) -> Beat:
    poll.pulse.keep()
    with house.database.read() as unit:
        return beat_of(unit, ACCOUNT)


def test_all_pages_are_drained_in_one_turn_and_the_cursor_stands_at_the_last(house: House) -> None:
    poller = FakePoller(a_page("1", "2", cursor="2", more=True), a_page("3", cursor="3"))
    assert a_poll(house, poller).turn() == 3
    assert poller.cursors == [None, "2"]
    assert cursor(house) == "3"
    assert len(house.router.asked) == 3


def test_a_page_that_fails_leaves_what_came_before_it_and_its_cursor(house: House) -> None:
    poller = FakePoller(a_page("1", cursor="1", more=True), Retryable("later"))
    poll = a_poll(house, poller)
    assert poll.turn() == 0
    assert cursor(house) == "1"
    assert len(house.router.asked) == 1


def test_a_message_that_cannot_be_taken_in_holds_up_no_other_and_is_told(house: House) -> None:
    def decide(facts: Facts) -> Decision:
        if facts.text == "poison":
            raise RuntimeError(facts.text)
        return a_decision()

    house.router.decide = decide
    texts = ("before", "poison", "after")
    events = tuple(Posted(message=a_message(text, text=text)) for text in texts)
    poll = a_poll(house, FakePoller(Page(events=events, cursor="3"), a_page("4", cursor="4")))
    poll.turn()
    assert cursor(house) == "3"
    with house.database.read() as unit:
        found = unit.messages.find({a_ref(text) for text in texts})
    assert {ref.id for ref in found} == {"before", "after"}
    (told,) = [text for text in house.told() if "left out" in text]
    assert "mastodon:brand" in told
    assert "its id there is poison" in told
    poll.turn()
    assert cursor(house) == "4"


def test_a_page_that_the_store_cannot_take_comes_again_whole(house: House) -> None:
    house.writer.close()
    poll = a_poll(house, FakePoller(a_page("1", cursor="1")))
    with pytest.raises(RuntimeError, match="closed"):
        poll.turn()
    assert cursor(house) is None


def test_a_store_that_is_away_for_a_moment_loses_no_message_of_a_page(
    house: House, tmp_path: Path
) -> None:
    """Such as a file that a backup has locked: what was tried meanwhile is no poison."""
    page = a_page("1", "2", "3", cursor="3")
    with locked(house.database, tmp_path / "house.db") as lock:
        house.arrivals.writer = Unlocking(house.writer, lock, after=2)
        poll = a_poll(house, FakePoller(page, page))
        with suppress(OperationalError):
            poll.turn()
    if cursor(house) is None:
        poll.turn()
    assert cursor(house) == "3"
    with house.database.read() as unit:
        found = unit.messages.find({a_ref(name) for name in "123"})
    assert {ref.id for ref in found} == {"1", "2", "3"}
    assert [text for text in house.told() if "left out" in text] == []


def test_an_error_of_ours_in_a_poll_stands_in_the_table_of_accounts(house: House) -> None:
    poll = a_poll(house, FakePoller(ValueError("what somebody wrote"), a_page(cursor="1")))
    with pytest.raises(ValueError, match="wrote"):
        poll.turn()
    assert beat(house, poll) == Beat(trouble="an error of ours (ValueError): see Tierdesk's log.")
    poll.turn()
    assert beat(house, poll).trouble is None


def test_a_message_that_comes_again_opens_no_second_case(house: House) -> None:
    poll = a_poll(house, FakePoller(a_page("1", cursor="1"), a_page("1", cursor="1")))
    poll.turn()
    poll.turn()
    assert len(house.router.asked) == 1


def test_a_limited_account_is_left_alone_as_long_as_it_says(house: House) -> None:
    poller = FakePoller(Retryable("later", after=timedelta(minutes=3)), a_page("1", cursor="1"))
    poll = a_poll(house, poller)
    poll.turn()
    house.clock.advance(timedelta(minutes=2))
    assert poll.turn() == 0
    assert len(poller.cursors) == 1
    house.clock.advance(timedelta(minutes=2))
    assert poll.turn() == 1


def test_a_clock_that_is_put_back_leaves_no_account_alone_for_as_long(house: House) -> None:
    later = Retryable("later", after=timedelta(seconds=5))
    poll = a_poll(house, FakePoller(later, a_page("1", cursor="1")))
    poll.turn()
    house.clock.advance(timedelta(hours=-3))
    assert poll.rest() == timedelta(0)
    assert poll.turn() == 1


def test_a_refused_token_is_told_once_and_once_when_it_is_well(house: House) -> None:
    refused = AuthFailed("The token is refused.")
    poll = a_poll(house, FakePoller(refused, refused, a_page(cursor="1"), a_page(cursor="1")))
    for _ in range(4):
        poll.turn()
        house.clock.advance(REST_AFTER_REFUSAL + timedelta(seconds=1))
    told = house.told()
    assert len(told) == 2
    assert "The token is refused." in told[0]
    assert "works again" in told[1]


def test_trouble_told_before_a_restart_is_told_to_be_over_after_it(house: House) -> None:
    a_poll(house, FakePoller(AuthFailed("The token is refused."))).turn()
    a_poll(house, FakePoller(a_page(cursor="1"))).turn()
    assert "works again" in house.told()[-1]
