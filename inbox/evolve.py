"""How each change alters a case: the fold from history to state."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import singledispatch

from inbox.case import Afterwards, Case, Status
from inbox.changes import (
    Answered,
    AnswerQueued,
    Assigned,
    Change,
    Claimed,
    Closed,
    DmLinked,
    Moved,
    Prioritised,
    Received,
    Released,
    Reopened,
    Routed,
    Snoozed,
    Tagged,
    Watched,
    Woken,
)
from inbox.message import Visibility


def evolve(case: Case, change: Change, *, at: datetime) -> Case:
    """The case after a change that happened `at` this time."""
    return replace(_after(change, case, at), version=case.version + 1, changed_at=at)


@singledispatch
def _after(change: object, case: Case, at: datetime) -> Case:
    return case


@_after.register
def _(change: Received, case: Case, at: datetime) -> Case:
    public = change.visibility is Visibility.PUBLIC
    case = replace(
        case,
        last=change.message,
        last_public=change.message if public else case.last_public,
        messages=case.messages + 1,
    )
    return _turn_to_us(case, at) if change.reopens else case


def _turn_to_us(case: Case, at: datetime) -> Case:
    return replace(
        case,
        status=Status.OPEN if case.owner else Status.NEW,
        waiting_since=case.waiting_since or at,
        snoozed_until=None,
        resolution=None,
        closed_at=None,
    )


@_after.register
def _(change: Routed, case: Case, at: datetime) -> Case:
    decision = change.decision
    return replace(
        case,
        rule=decision.rule,
        team=decision.team or case.team,
        priority=max(case.priority, decision.priority, key=lambda p: p.rank),
        tags=_union(case.tags, decision.tags),
        owner=case.owner or decision.assignee,
    )


@_after.register
def _(change: Moved, case: Case, at: datetime) -> Case:
    return replace(case, tier=change.tier, channel=change.channel, team=None)


@_after.register
def _(change: DmLinked, case: Case, at: datetime) -> Case:
    return replace(case, dm=change.dm)


@_after.register
def _(change: AnswerQueued, case: Case, at: datetime) -> Case:
    return replace(case, automatic_at=at) if change.automatic else case


@_after.register
def _(change: Claimed, case: Case, at: datetime) -> Case:
    return _owned(case, change.owner, at)


@_after.register
def _(change: Assigned, case: Case, at: datetime) -> Case:
    return _owned(case, change.owner, at)


def _owned(case: Case, owner: str, at: datetime) -> Case:
    status = Status.OPEN if case.status is Status.NEW else case.status
    return replace(case, owner=owner, claimed_at=at, status=status)


@_after.register
def _(change: Released, case: Case, at: datetime) -> Case:
    status = Status.NEW if case.status is Status.OPEN else case.status
    return replace(case, owner=None, claimed_at=None, status=status)


@_after.register
def _(change: Prioritised, case: Case, at: datetime) -> Case:
    return replace(case, priority=change.priority)


@_after.register
def _(change: Tagged, case: Case, at: datetime) -> Case:
    return replace(case, tags=change.tags)


@_after.register
def _(change: Snoozed, case: Case, at: datetime) -> Case:
    return replace(case, status=Status.ON_HOLD, snoozed_until=change.until)


@_after.register
def _(change: Woken, case: Case, at: datetime) -> Case:
    return replace(case, status=Status.OPEN if case.owner else Status.NEW, snoozed_until=None)


@_after.register
def _(change: Answered, case: Case, at: datetime) -> Case:
    case = replace(
        case,
        answered_at=at,
        automatic_at=at if change.automatic else case.automatic_at,
    )
    if change.answers is not None and change.answers != case.last:
        return case  # the customer wrote again meanwhile: it stays our turn
    case = replace(case, waiting_since=None)
    if change.afterwards is Afterwards.CLOSE:
        return _closed(case, "answered", at)
    if change.afterwards is Afterwards.WAIT and case.status is not Status.CLOSED:
        return replace(case, status=Status.PENDING)
    return case


@_after.register
def _(change: Closed, case: Case, at: datetime) -> Case:
    return _closed(case, change.resolution, at)


def _closed(case: Case, resolution: str, at: datetime) -> Case:
    return replace(
        case,
        status=Status.CLOSED,
        resolution=resolution,
        closed_at=at,
        waiting_since=None,
        snoozed_until=None,
    )


@_after.register
def _(change: Reopened, case: Case, at: datetime) -> Case:
    return replace(
        case,
        status=Status.OPEN if case.owner else Status.NEW,
        resolution=None,
        closed_at=None,
    )


@_after.register
def _(change: Watched, case: Case, at: datetime) -> Case:
    return replace(case, watched=True)


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
