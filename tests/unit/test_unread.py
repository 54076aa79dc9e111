"""What nobody here can read is left out, and told once a day, in no customer's words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from inbox.message import Account
from inbox.ports import Page, Poller
from inbox.unread import left_out, passed_over, reading, tell
from integrations.http import CamelPart, Entries
from integrations.meta.webhook import Part, read
from tests.builders import ACCOUNT
from tests.house import House, a_connection
from tierdesk.polling import AccountPoll
from tierdesk.pulse import Pulse

SECRET = "secret-text"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


class Said(CamelPart):
    text: str


class Answer(CamelPart):
    said: Entries[Said] = ()


class Shop:
    """A network that lists all that there is, in each answer again; some of it in another form."""

    def __init__(self, *entries: Any) -> None:
        self.entries = list(entries)

    def poll(self, cursor: str | None) -> Page:
        Answer.model_validate({"said": self.entries})
        return Page(events=(), cursor="1")


def a_poll(house: House, shop: Poller, account: Account = ACCOUNT) -> AccountPoll:
    return AccountPoll(
        connection=a_connection(account=account),
        poller=shop,
        store=house.database,
        arrivals=house.arrivals,
        desk=house.desk,
        now=house.clock,
        pulse=Pulse(house.writer, house.clock),
    )


def test_what_a_poll_leaves_out_is_told_with_what_to_do(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    a_poll(house, Shop({"text": "fine"}, {"text": 5, "by": SECRET}, SECRET)).turn()

    [told] = house.told()
    assert told.startswith(f"{ACCOUNT} sent 2 things at once in a form that this version")
    assert "report it" in told
    assert "`tierdesk --version`" in told
    assert "an entry was left out: 0.text is not as documented" in caplog.text
    assert SECRET not in told + caplog.text


def test_what_is_read_without_a_doubt_is_not_told(house: House) -> None:
    a_poll(house, Shop({"text": "fine"})).turn()
    assert house.told() == []


class Forum:
    """A network of several lists, some of which fail again and again."""

    def __init__(self, *broken: str) -> None:
        self.broken = broken

    def poll(self, cursor: str | None) -> Page:
        for name in self.broken:
            passed_over(name, "It says no.")
        return Page(events=(), cursor="1")


def test_a_list_that_is_passed_over_is_told_once_a_day_with_why(house: House) -> None:
    for _ in range(3):
        a_poll(house, Forum("the first list", "the second list")).turn()
        a_poll(house, Forum()).turn()

    [told] = house.told()
    assert told.startswith(f"{ACCOUNT} does not give the first list: It says no. So it is with 1")
    house.clock.advance(timedelta(days=1))
    a_poll(house, Forum("the first list")).turn()
    assert len(house.told()) == 2


def test_it_is_told_once_a_day_for_each_account(house: House) -> None:
    other = Account("shop", "other")
    polls = [a_poll(house, Shop("?")), a_poll(house, Shop("?"), other)]
    for _ in range(3):
        for poll in polls:
            poll.turn()
    assert [told.split()[0] for told in house.told()] == [str(ACCOUNT), str(other)]

    house.clock.advance(timedelta(days=1))
    for _ in range(3):
        polls[0].turn()
    assert [told.split()[0] for told in house.told()] == [str(ACCOUNT), str(other), str(ACCOUNT)]


def test_without_a_channel_of_operations_only_the_log_says_it(house: House) -> None:
    desk = replace(house.desk, operations=None)
    house.writer.run(lambda unit: tell(unit, desk, ACCOUNT, 1, at=house.clock()))
    assert house.told() == []


def test_each_counts_what_it_asked_to_have_read_itself() -> None:
    with reading() as mine:
        other = threading.Thread(target=left_out)
        other.start()
        other.join()
        with reading() as within:
            left_out()
        assert read(type("Form", (Part,), {"__annotations__": {"id": int}}), {"id": SECRET}) is None
    left_out()

    assert (mine.entries, within.entries) == (1, 1)
