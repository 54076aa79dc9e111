"""The one place where a case changes: events appended, state saved, views queued."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from inbox.case import SYSTEM, Actor, Case
from inbox.changes import (
    Answered,
    AnsweredElsewhere,
    Assigned,
    Bounced,
    CaseEvent,
    Change,
    Closed,
    Held,
    HelpdeskAnswered,
    HelpdeskChanged,
    HelpdeskNoted,
    Hidden,
    Liked,
    MessageDeleted,
    MessageEdited,
    Moved,
    NotedForHelpdesk,
    NotSent,
    Received,
    Reopened,
    Snoozed,
    Swarmed,
    TicketDeleted,
    TicketFailed,
    TicketMoved,
    TicketOpened,
    TicketWanted,
    Woken,
)
from inbox.desk import Desk
from inbox.evolve import evolve
from inbox.homes import move_home
from inbox.message import Visibility
from inbox.outbox import NewItem, ShowCard, ShowEntry, slack_lane
from inbox.ports import Unit
from inbox.ticket_effects import ticket_items

TOLD = frozenset(
    {
        Answered,
        AnsweredElsewhere,
        Assigned,
        Bounced,
        Closed,
        Held,
        HelpdeskAnswered,
        HelpdeskChanged,
        HelpdeskNoted,
        Hidden,
        Liked,
        MessageDeleted,
        MessageEdited,
        Moved,
        NotSent,
        NotedForHelpdesk,
        Received,
        Reopened,
        Snoozed,
        Swarmed,
        TicketDeleted,
        TicketFailed,
        TicketMoved,
        TicketOpened,
        TicketWanted,
        Woken,
    }
)
"""Changes with a line of their own in the thread; the others show on the card."""


def record(
    unit: Unit, desk: Desk, case: Case, changes: Sequence[Change], *, actor: Actor, at: datetime
) -> Case:
    """Apply one actor's changes in order; returns the case after them, saved."""
    return record_steps(unit, desk, case, [(actor, change) for change in changes], at=at)


def record_steps(
    unit: Unit, desk: Desk, case: Case, steps: Sequence[tuple[Actor, Change]], *, at: datetime
) -> Case:
    """Apply changes of several actors in order; returns the case after them, saved.

    A case whose channel is gone goes to another one first: nobody would see the rest.
    """
    items: list[NewItem] = []
    if home := move_home(unit, desk, case):
        steps = [(SYSTEM, home), *steps]
    for actor, change in steps:
        first = isinstance(change, Received) and case.messages == 0
        before, case = case, evolve(case, change, at=at)
        unit.cases.append(
            CaseEvent(case=case.number, seq=case.version, at=at, actor=actor, change=change)
        )
        items += _entries(desk, case, change, first=first)
        items += ticket_items(desk, before, case, actor, change, history=_history(unit, case))
    unit.cases.save(case)
    unit.outbox.add([*_cards(desk, case, [change for _, change in steps]), *items])
    return case


def _history(unit: Unit, case: Case) -> Iterator[CaseEvent]:
    """Since a ticket was wanted first; read only by who needs it."""
    for wanted in unit.cases.history(case.number, kinds=(TicketWanted,), oldest=1):
        yield from unit.cases.history(case.number, after=wanted.seq - 1)


def _cards(desk: Desk, case: Case, changes: Sequence[Change]) -> Iterator[NewItem]:
    moves = [change for change in changes if isinstance(change, Moved)]
    left = [move.before_channel for move in moves if move.before_channel in desk.channels]
    watch = [desk.watch] if case.watched and desk.watch else []
    for channel in dict.fromkeys((case.channel, *left, *watch)):
        yield show_card(case, channel)


def _entries(desk: Desk, case: Case, change: Change, *, first: bool) -> Iterator[NewItem]:
    if type(change) not in TOLD or first:
        return
    yield _show_entry(case, case.channel)
    if case.watched and desk.watch and _is_public(change):
        yield _show_entry(case, desk.watch)


def _is_public(change: Change) -> bool:
    return (
        isinstance(change, Received | Answered | AnsweredElsewhere)
        and change.visibility is Visibility.PUBLIC
    ) or isinstance(change, Moved)


def show_card(case: Case, channel: str) -> NewItem:
    """Post or update the case's card in a channel; one waiting order is enough."""
    return NewItem(
        effect=ShowCard(case=case.number, channel=channel),
        lane=slack_lane(channel),
        coalesce=f"card:{case.number}:{channel}",
    )


def _show_entry(case: Case, channel: str) -> NewItem:
    return NewItem(
        effect=ShowEntry(case=case.number, seq=case.version, channel=channel),
        lane=slack_lane(channel),
        key=f"entry:{case.number}:{case.version}:{channel}",
    )
