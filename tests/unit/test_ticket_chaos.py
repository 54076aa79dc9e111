"""One afternoon of chaos: case and ticket agree at the end, or a person was told."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from inbox import deskwork
from inbox.case import Status
from inbox.changes import (
    HelpdeskAnswered,
    HelpdeskNoted,
    Received,
    TicketDeleted,
    TicketFailed,
    TicketMoved,
)
from inbox.decision import Priority
from inbox.desk import Back, Solved
from inbox.errors import Refusal
from inbox.message import Visibility
from inbox.outbox import Item, State
from inbox.ports import TicketEvent, TicketStatus
from inbox.ticket import agree
from inbox.ticket_effects import STATUS
from tests.helpdesks.fake import US, Kept, fault_of
from tests.helpdesks.stage import IOANA, MIHAI, Stage, a_policy

STEPS = 120
RITA = "rita@brand.example"
A_STATE = "The new state"
SETTABLE = (
    TicketStatus.OPEN,
    TicketStatus.PENDING,
    TicketStatus.ON_HOLD,
    TicketStatus.SOLVED,
)


class Afternoon:
    """Things that happen, each likely in its measure. `told` counts what its people wrote."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self.stage = stage
        self.chance = chance
        self.written = 1
        self.waiting: list[TicketEvent] = []
        self.heard = 0
        self.things: list[tuple[int, Callable[[], object]]] = [
            (6, self.customer),
            (3, self.agent),
            (5, self.people),
            (4, self.change),
            (6, self.carry),
            (5, self.webhooks),
            (3, self.stage.look),
            (3, self.fault),
            (1, self.close_for_good),
            (1, self.merge),
            (1, self.delete),
        ]

    def step(self) -> None:
        self.stage.clock.advance(timedelta(seconds=self.chance.randint(1, 90)))
        weights = [weight for weight, _ in self.things]
        _, thing = self.chance.choices(self.things, weights)[0]
        with suppress(Refusal):
            thing()

    # --- the desk ------------------------------------------------------------------------

    def customer(self) -> None:
        self.written += 1
        private = self.chance.random() < 0.5
        self.stage.write(str(self.written), f"<message {self.written}>", private=private)

    def agent(self) -> None:
        stage, at = self.stage, self.stage.clock()
        desk, who = stage.house.desk, self.chance.choice([MIHAI, IOANA])
        priority = self.chance.choice([*Priority])
        works = [
            lambda unit: deskwork.close(unit, desk, 1, who, "done", seen_in=None, at=at),
            lambda unit: deskwork.reopen(unit, desk, 1, who, seen_in=None, at=at),
            lambda unit: deskwork.assign(unit, desk, 1, who, who, seen_in=None, at=at),
            lambda unit: deskwork.set_priority(unit, desk, 1, who, priority, seen_in=None, at=at),
        ]
        stage.run(self.chance.choice(works))

    def carry(self) -> None:
        self.stage.hurry()
        self.stage.carry(most=self.chance.randint(1, 6))

    # --- the helpdesk --------------------------------------------------------------------

    def _live(self) -> Kept | None:
        live = [t for t in self.stage.helpdesk.kept.values() if not t.gone]
        return self.chance.choice(live) if live else None

    def people(self) -> None:
        if ticket := self._live():
            public = self.chance.random() < 0.6
            self.stage.helpdesk.comment(ticket.id, "A word of ours", public=public)

    def change(self) -> None:
        ticket = self._live()
        if ticket and ticket.status is not TicketStatus.CLOSED:
            status = self.chance.choice(SETTABLE)
            self.stage.helpdesk.set(ticket.id, status=status, assignee=RITA)

    def close_for_good(self) -> None:
        if ticket := self._live():
            self.stage.helpdesk.set(ticket.id, status=TicketStatus.CLOSED)

    def merge(self) -> None:
        ticket = self._live()
        if ticket and self.chance.random() < 0.1:
            other = self.stage.helpdesk.another()
            self.stage.helpdesk.merge(ticket.id, other)

    def delete(self) -> None:
        ticket = self._live()
        if ticket and self.chance.random() < 0.05:
            self.stage.helpdesk.delete(ticket.id)

    def fault(self) -> None:
        kind = self.chance.choice(["429", "500", "503", "unreachable", "reset", "reset_after"])
        self.stage.helpdesk.faults.append(fault_of(kind))

    def webhooks(self) -> None:
        """What was told since, shuffled with what was left over, some of it twice."""
        told = self.stage.helpdesk.told()
        self.waiting += told[self.heard :]
        self.heard = len(told)
        self.chance.shuffle(self.waiting)
        count = self.chance.randint(0, len(self.waiting))
        now, self.waiting = self.waiting[:count], self.waiting[count:]
        twice = [event for event in now if self.chance.random() < 0.3]
        self.stage.tell(*now, *twice)

    # --- the end -------------------------------------------------------------------------

    def calm(self) -> None:
        self.stage.helpdesk.faults.clear()
        for _ in range(4):
            self.stage.clock.advance(timedelta(seconds=30))
            self.stage.hurry()
            self.stage.carry()
            self.stage.look()
            self.webhooks()
        self.stage.tell(*self.waiting)
        self.stage.hurry()
        self.stage.carry()


@pytest.mark.parametrize("seed", range(16))
def test_case_and_ticket_agree_at_the_end_or_a_person_was_told(tmp_path: Path, seed: int) -> None:
    policy = a_policy(back=Back.RELAY, solved=Solved.CLOSE)
    with Stage(tmp_path, policy) as stage:
        stage.write(text="<message 1>")
        stage.escalate()
        afternoon = Afternoon(stage, random.Random(seed))
        for _ in range(STEPS):
            afternoon.step()
        afternoon.calm()

        _nothing_waits(stage)
        _each_word_came_back_once(stage)
        _each_message_is_there_once_and_in_order(stage)
        _agreed_or_told(stage)


def _nothing_waits(stage: Stage) -> None:
    with stage.house.database.read() as unit:
        count = unit.outbox.count()
        items: list[Item] = [*unit.outbox.in_state(State.QUEUED)]
    assert count[State.LEASED] == 0
    assert [item for item in items if not item.lane.startswith("slack:")] == []


def _each_word_came_back_once(stage: Stage) -> None:
    told = Counter(
        change.entry
        for change in stage.changes(HelpdeskAnswered, HelpdeskNoted)
        if isinstance(change, HelpdeskAnswered | HelpdeskNoted)
    )
    assert all(count == 1 for count in told.values())
    relayed = [c for c in stage.changes(HelpdeskAnswered) if c.relayed]  # type: ignore[attr-defined]  # of this kind
    assert len(stage.network.sent) == len(relayed)
    assert all(draft.visibility is Visibility.PRIVATE for draft in stage.network.sent)
    tickets = stage.helpdesk.kept.values()
    words = {line.id for t in tickets for line in t.lines if line.author != US}
    if not _told_of_losses(stage):
        assert words == told.keys()


def _each_message_is_there_once_and_in_order(stage: Stage) -> None:
    keys = Counter(
        line.key for t in stage.helpdesk.kept.values() for line in t.lines if line.key is not None
    )
    assert all(count == 1 for count in keys.values())
    first = [t for t in stage.helpdesk.kept.values() if t.follows is None and t.draft.key]
    assert len(first) == 1
    if _told_of_losses(stage):
        return
    text = "\n".join(line.text for t in stage.helpdesk.kept.values() for line in t.lines)
    wrote = [change.message.id for change in stage.changes(Received)]  # type: ignore[attr-defined]  # of this kind
    assert re.findall(r"<message (\d+)>", text) == wrote


def _agreed_or_told(stage: Stage) -> None:
    case = stage.case()
    if case.ticket is None or _told_of_losses(stage):
        return
    ticket = stage.helpdesk.kept[case.ticket.id]
    if ticket.status is TicketStatus.CLOSED and stage.changes(TicketFailed):
        return  # nothing can be set there any more, and a person knows
    assert agree(ticket.status, STATUS[case.status]), (ticket.status, case.status)
    assert ticket.priority is case.priority
    assert case.status is not Status.CLOSED or case.resolution


def _told_of_losses(stage: Stage) -> bool:
    """That a state was refused is told, too, but it loses no message."""
    refused = [change for change in stage.changes(TicketFailed) if change.what != A_STATE]  # type: ignore[attr-defined]  # of this kind
    return bool(refused or stage.changes(TicketDeleted)) or any(
        not change.follow_up  # type: ignore[attr-defined]  # of this kind
        for change in stage.changes(TicketMoved)
    )
