"""Hiding and liking: asked once, told as it ended, repeated without harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox import deliveries, moderation
from inbox.case import Actor, ActorKind
from inbox.changes import Hidden, Liked
from inbox.errors import IntegrationError, Refusal, Rejected, Uncertain
from inbox.message import Message, Posted, Ref, Visibility
from inbox.outbox import HideMessage, Item, LikeMessage, State
from inbox.reception import Arrival
from responders.courier import AnswerCourier
from tests.builders import ACCOUNT, NOW, a_message, a_ref, minutes
from tests.house import House, a_connection


@dataclass
class Page:
    """Remembers what was asked of it; raises what it is told to."""

    asked: list[str] = field(default_factory=list)
    error: IntegrationError | None = None

    def hide(self, ref: Ref) -> None:
        self._do(f"hide {ref.id}")

    def unhide(self, ref: Ref) -> None:
        self._do(f"unhide {ref.id}")

    def like(self, ref: Ref) -> None:
        self._do(f"like {ref.id}")

    def unlike(self, ref: Ref) -> None:
        self._do(f"unlike {ref.id}")

    def _do(self, what: str) -> None:
        self.asked.append(what)
        if self.error is not None:
            raise self.error


class Desk:
    """One case with one public post, and a network that can hide and like."""

    def __init__(self, house: House, message: Message | None = None) -> None:
        self.house = house
        self.page = Page()
        self.roles: dict[str, object] = {"moderator": self.page, "liker": self.page}
        arrivals = [Arrival(event=Posted(message=message or a_message("1")))]
        house.writer.run(lambda unit: house.reception.receive(unit, arrivals, now=NOW))

    def press(self, work: object, user: str = "U1") -> None:
        desk = self.house.desk
        self.house.writer.run(
            lambda unit: work(unit, desk, 1, user, seen_in="care", at=minutes(1))  # type: ignore[operator]  # any use case
        )

    def carry_out(self) -> list[State | None]:
        leased = self.house.writer.run(
            lambda unit: unit.outbox.lease("w", limit=20, lease_for=timedelta(minutes=1))
        )
        asked = [i for i in leased if isinstance(i.effect, HideMessage | LikeMessage)]
        return [self._carry_out(item) for item in asked]

    def _carry_out(self, item: Item) -> State | None:
        courier = AnswerCourier(
            connections={ACCOUNT: a_connection(**self.roles)},
            store=self.house.database,
            now=self.house.clock,
        )
        desk, run = self.house.desk, self.house.writer.run
        try:
            done = courier.deliver(item)
        except IntegrationError as error:
            failed = error
            return run(
                lambda unit: deliveries.not_delivered(unit, desk, item, failed, at=minutes(2))
            ).state
        run(lambda unit: deliveries.delivered(unit, desk, item, done, at=minutes(2)))
        return None

    def told(self) -> list[tuple[Hidden | Liked, Actor]]:
        with self.house.database.read() as unit:
            history = unit.cases.history(1)
        return [(e.change, e.actor) for e in history if isinstance(e.change, Hidden | Liked)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with House(tmp_path) as house:
        yield Desk(house)


def test_what_two_agents_ask_at_once_is_asked_once_and_told_as_theirs(desk: Desk) -> None:
    desk.press(moderation.hide)
    desk.press(moderation.hide, user="U2")
    desk.carry_out()
    assert desk.page.asked == ["hide 1"]
    who = Actor(kind=ActorKind.AGENT, id="U1")
    assert desk.told() == [(Hidden(message=a_ref("1")), who)]


def test_a_thing_can_be_done_undone_and_done_again(desk: Desk) -> None:
    works = (
        moderation.hide,
        moderation.unhide,
        moderation.hide,
        moderation.like,
        moderation.unlike,
    )
    for work in works:
        desk.press(work)
        desk.carry_out()
    assert desk.page.asked == ["hide 1", "unhide 1", "hide 1", "like 1", "unlike 1"]
    assert [(type(c).__name__, c.reason) for c, _ in desk.told()] == [
        *[("Hidden", None)] * 3,
        *[("Liked", None)] * 2,
    ]


def test_what_the_network_refuses_or_does_not_have_is_told_in_words(desk: Desk) -> None:
    desk.page.error = Rejected("The comment is gone.")
    desk.press(moderation.hide)
    assert desk.carry_out() == [State.FAILED]
    desk.roles = {}
    desk.press(moderation.like)
    assert desk.carry_out() == [State.FAILED]
    reasons = [change.reason for change, _ in desk.told()]
    assert reasons == ["The comment is gone.", "the network has no such thing"]


def test_what_may_be_repeated_is_never_held_for_a_person(desk: Desk) -> None:
    desk.press(moderation.like)
    item = desk.house.writer.run(
        lambda unit: next(
            i
            for i in unit.outbox.lease("w", limit=20, lease_for=timedelta(minutes=1))
            if isinstance(i.effect, LikeMessage)
        )
    )
    error = Uncertain("No answer.")
    assert deliveries.judge(item, error, at=NOW).state is State.QUEUED
    last = replace(item, attempts=deliveries.MOST_ATTEMPTS, maybe_done=True)
    assert deliveries.judge(last, error, at=NOW).state is State.FAILED


def test_nothing_is_asked_where_nothing_stands_in_public(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        private = a_message("1", visibility=Visibility.PRIVATE)
        desk = Desk(house, private)
        for work in (moderation.hide, moderation.like):
            with pytest.raises(Refusal, match="stands in public"):
                desk.press(work)
        assert desk.carry_out() == []
