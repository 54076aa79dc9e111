"""Deliveries under way: none is begun twice, however long it takes."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inbox.outbox import Alert, Effect, Item, NewItem, State, Whisper
from inbox.ports import Delivered
from store.codec import moment
from tests.house import House
from tierdesk import dispatcher
from tierdesk.dispatcher import Dispatcher

DEADLINE = 10.0
A_WEEK = timedelta(days=7)


@dataclass
class Slow:
    """Delivers when it is told to."""

    begun: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    attempts: list[int] = field(default_factory=list)

    def deliver(self, item: Item) -> Delivered:
        self.attempts.append(item.attempts)
        self.begun.set()
        assert self.go.wait(DEADLINE)
        return Delivered()


def dispatcher_of(house: House, couriers: Mapping[type[Effect], Slow]) -> Dispatcher:
    return Dispatcher(
        writer=house.writer, couriers=couriers, desk=house.desk, name="one", now=house.clock
    )


def leased_again(house: House, number: int) -> bool:
    with house.database.read() as unit:
        item = unit.outbox.get(number)
    return item is not None and item.attempts > 1


def test_a_delivery_that_outlives_its_lease_is_not_begun_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "LEASE", timedelta(0))
    alert = NewItem(effect=Alert(channel="care", text="Look."), lane="slack:care")
    later = NewItem(effect=Whisper(user="U1", channel="private", text="Hush."), lane="other")
    with House(tmp_path) as house:
        house.writer.run(lambda unit: unit.outbox.add([alert]))
        slow, quick = Slow(), Slow()
        quick.go.set()
        carrying = dispatcher_of(house, {Alert: slow, Whisper: quick})
        carrying.start()
        try:
            assert slow.begun.wait(DEADLINE)
            assert house.writer.run(lambda unit: unit.outbox.take_back("")) == 1
            monkeypatch.setattr(dispatcher, "LEASE", timedelta(hours=1))
            carrying.wake()
            deadline = time.monotonic() + DEADLINE
            while not leased_again(house, 1):
                assert time.monotonic() < deadline
            house.writer.run(lambda unit: unit.outbox.add([later]))
            carrying.wake()
            assert quick.begun.wait(DEADLINE)  # so what was leased before it was begun, if ever
        finally:
            slow.go.set()
            carrying.close()

        assert slow.attempts == [1]
        with house.database.read() as unit:
            done, _ = unit.outbox.in_state(State.DELIVERED)
        assert done.attempts == 2


def test_a_slow_delivery_keeps_its_lease_from_other_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "LEASE", timedelta(0))
    monkeypatch.setattr(dispatcher, "RENEW_EVERY", 0.001)
    alert = NewItem(effect=Alert(channel="care", text="Look."), lane="slack:care")
    with House(tmp_path) as house:
        house.writer.run(lambda unit: unit.outbox.add([alert]))
        slow = Slow()
        carrying = dispatcher_of(house, {Alert: slow})
        carrying.start()
        try:
            assert slow.begun.wait(DEADLINE)
            monkeypatch.setattr(dispatcher, "LEASE", timedelta(hours=1))
            deadline = time.monotonic() + DEADLINE
            while lease_left(tmp_path) < timedelta(minutes=59):
                assert time.monotonic() < deadline
            assert house.writer.run(lambda unit: unit.outbox.take_back("two")) == 0
        finally:
            slow.go.set()
            carrying.close()

        assert slow.attempts == [1]


def lease_left(directory: Path) -> timedelta:
    """Only read: who writes all the time in turn with the writer keeps it waiting for good."""
    with closing(sqlite3.connect(directory / "house.db")) as file:
        [until] = file.execute("SELECT lease_until FROM outbox").fetchone()
    return moment(until) - datetime.now(UTC)


def test_what_a_killed_process_asked_of_a_network_is_not_looked_for_at_once(
    tmp_path: Path,
) -> None:
    """Slack's goes on: whatever was asked of it is there, or never will be."""
    answer = NewItem(effect=Alert(channel="care", text="Look."), lane="mastodon:main")
    card = NewItem(effect=Alert(channel="care", text="Look."), lane="slack:care")
    with House(tmp_path) as house:
        house.writer.run(lambda unit: unit.outbox.add([answer, card]))
        house.writer.run(lambda unit: unit.outbox.lease("one", limit=2, lease_for=A_WEEK))
        courier = Slow()
        courier.go.set()
        carrying = dispatcher_of(house, {Alert: courier})
        carrying.start()
        try:
            assert courier.begun.wait(DEADLINE)
        finally:
            carrying.close()

        with house.database.read() as unit:
            assert [item.lane for item in unit.outbox.in_state(State.DELIVERED)] == ["slack:care"]
            assert [item.lane for item in unit.outbox.in_state(State.QUEUED)] == ["mastodon:main"]
