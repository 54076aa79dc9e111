"""Dead buttons are told in the operations channel: nobody else would know why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inbox.errors import AuthFailed, Retryable
from inbox.outbox import Alert
from tests.house import House
from tierdesk.clicks import ClickWatch
from tierdesk.running import TRY_SLACK_AGAIN, pause_after

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


def told(house: House) -> list[str]:
    return [item.effect.text for item in house.queued() if isinstance(item.effect, Alert)]


def a_watch(house: House) -> ClickWatch:
    return ClickWatch(writer=house.writer, desk=house.desk, now=house.clock)


def test_a_connection_that_stays_away_is_told_once_and_once_when_it_is_back(house: House) -> None:
    watch = a_watch(house)
    for _ in range(5):
        watch.look(connected=False)
        house.clock.advance(MINUTE)

    [dead] = told(house)
    assert "SLACK_APP_TOKEN" in dead

    after_a_restart = a_watch(house)
    for _ in range(2):
        after_a_restart.look(connected=True)
    assert [text for text in told(house) if text != dead] == ["Slack's Socket Mode works again."]


def test_a_connection_that_slack_renews_is_nobodys_concern(house: House) -> None:
    watch = a_watch(house)
    for connected in (False, True, False, True):
        watch.look(connected=connected)
        house.clock.advance(MINUTE)

    assert told(house) == []


def test_at_start_slack_is_asked_again_when_it_said() -> None:
    slow_down = Retryable("Slack asks us to slow down.", after=timedelta(seconds=30))

    assert pause_after(slow_down) == 30
    assert pause_after(Retryable("Slack cannot be reached.")) == TRY_SLACK_AGAIN
    assert pause_after(AuthFailed("The token is refused.")) == TRY_SLACK_AGAIN
