"""How each change alters a case: the fold from history to state."""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch
from typing import Any

from msgspec.structs import replace

from inbox.case import Afterwards, Case, Status
from inbox.changes import (
    Answered,
    AnsweredElsewhere,
    AnswerQueued,
    Assigned,
    Bounced,
    Change,
    Claimed,
    Closed,
    DmLinked,
    HelpdeskChanged,
    MessageEdited,
    Moved,
    Prioritised,
    Received,
    Released,
    Reopened,
    Routed,
    Snoozed,
    Tagged,
    TicketDeleted,
    TicketFailed,
    TicketMoved,
    TicketOpened,
    TicketUpdated,
    TicketWanted,
    Watched,
    Woken,
)
from inbox.message import Visibility
from inbox.ticket import DONE, TicketLink, TicketStatus, is_older

Fields = dict[str, Any]
"""New values of a case's fields."""


def evolve(case: Case, change: Change, *, at: datetime) -> Case:
    """The case after a change that happened `at` this time."""
    return replace(case, **_new(change, case, at), version=case.version + 1, changed_at=at)


@singledispatch
def _new(change: object, case: Case, at: datetime) -> Fields:
    return {}


@_new.register
def _(change: Received, case: Case, at: datetime) -> Fields:
    public = change.visibility is Visibility.PUBLIC
    fields: Fields = {
        "last": change.message,
        "last_public": change.message if public else case.last_public,
        "messages": case.messages + 1,
    }
    return fields | _turn_to_us(case, at) if change.reopens else fields


@_new.register
def _(change: MessageEdited, case: Case, at: datetime) -> Fields:
    return _turn_to_us(case, at) if change.reopens else {}


def _turn_to_us(case: Case, at: datetime) -> Fields:
    return {
        "status": _in_hand(case),
        "waiting_since": case.waiting_since or at,
        "snoozed_until": None,
        "resolution": None,
        "closed_at": None,
    }


def _in_hand(case: Case) -> Status:
    return Status.OPEN if case.owner else Status.NEW


@_new.register
def _(change: Routed, case: Case, at: datetime) -> Fields:
    decision = change.decision
    below = decision.tier is not None and decision.tier < case.tier
    given = decision.assignee if case.owner is None else None
    return {
        "rule": decision.rule,
        "team": case.team if below else decision.team or case.team,
        "priority": max(case.priority, decision.priority, key=lambda p: p.rank),
        "tags": _union(case.tags, decision.tags),
        **(_owned(case, given, at) if given else {}),
    }


@_new.register
def _(change: Moved, case: Case, at: datetime) -> Fields:
    fields: Fields = {"tier": change.tier, "channel": change.channel, "team": None}
    waits_for_customer = case.status is Status.PENDING and change.tier > change.before
    return fields | _turn_to_us(case, at) if waits_for_customer else fields


@_new.register
def _(change: DmLinked, case: Case, at: datetime) -> Fields:
    return {"dm": change.dm}


@_new.register
def _(change: AnswerQueued, case: Case, at: datetime) -> Fields:
    if change.automatic:
        return {"automatic_at": at}
    held = case.snoozed_until is not None and change.afterwards is not Afterwards.KEEP
    return {"status": _in_hand(case), "snoozed_until": None} if held else {}


@_new.register
def _(change: Claimed, case: Case, at: datetime) -> Fields:
    return _owned(case, change.owner, at)


@_new.register
def _(change: Assigned, case: Case, at: datetime) -> Fields:
    return _owned(case, change.owner, at)


def _owned(case: Case, owner: str, at: datetime) -> Fields:
    status = Status.OPEN if case.status is Status.NEW else case.status
    return {"owner": owner, "claimed_at": at, "status": status}


@_new.register
def _(change: Released, case: Case, at: datetime) -> Fields:
    status = Status.NEW if case.status is Status.OPEN else case.status
    return {"owner": None, "claimed_at": None, "status": status}


@_new.register
def _(change: Prioritised, case: Case, at: datetime) -> Fields:
    return {"priority": change.priority}


@_new.register
def _(change: Tagged, case: Case, at: datetime) -> Fields:
    return {"tags": change.tags}


@_new.register
def _(change: Snoozed, case: Case, at: datetime) -> Fields:
    return {"status": Status.ON_HOLD, "snoozed_until": change.until}


@_new.register
def _(change: Woken, case: Case, at: datetime) -> Fields:
    return {"status": _in_hand(case), "snoozed_until": None}


@_new.register
def _(change: Answered, case: Case, at: datetime) -> Fields:
    automatic_at = at if change.automatic else case.automatic_at
    fields: Fields = {"answered_at": at, "automatic_at": automatic_at}
    if change.older or (change.answers is not None and change.answers != case.last):
        return fields  # the customer said more meanwhile: it stays our turn
    if case.snoozed_until is not None:
        return fields | {"waiting_since": None}  # put on hold after it was written: that stands
    if change.afterwards is Afterwards.CLOSE:
        return fields | _closed("answered", at)
    if change.afterwards is Afterwards.WAIT and case.status is not Status.CLOSED:
        fields |= {"status": Status.PENDING}
    return fields | {"waiting_since": None}


@_new.register
def _(change: AnsweredElsewhere, case: Case, at: datetime) -> Fields:
    if change.older:
        return {"answered_at": at}  # the customer wrote again: it stays our turn
    status = case.status if case.status is Status.CLOSED else Status.PENDING
    return {"answered_at": at, "status": status, "waiting_since": None, "snoozed_until": None}


@_new.register
def _(change: Bounced, case: Case, at: datetime) -> Fields:
    return _turn_to_us(case, at)


@_new.register
def _(change: Closed, case: Case, at: datetime) -> Fields:
    return _closed(change.resolution, at)


def _closed(resolution: str, at: datetime) -> Fields:
    return {
        "status": Status.CLOSED,
        "resolution": resolution,
        "closed_at": at,
        "waiting_since": None,
        "snoozed_until": None,
    }


@_new.register
def _(change: Reopened, case: Case, at: datetime) -> Fields:
    return {
        "status": _in_hand(case),
        "waiting_since": case.waiting_since or at,
        "resolution": None,
        "closed_at": None,
    }


@_new.register
def _(change: Watched, case: Case, at: datetime) -> Fields:
    return {"watched": True}


# --- tickets -----------------------------------------------------------------------------


@_new.register
def _(change: TicketWanted, case: Case, at: datetime) -> Fields:
    return {"helpdesk": change.desk, "ticket": None}


@_new.register
def _(change: TicketOpened, case: Case, at: datetime) -> Fields:
    ticket = TicketLink(desk=change.desk, id=change.ticket, url=change.url, priority=case.priority)
    return {"helpdesk": change.desk, "ticket": ticket}


@_new.register
def _(change: TicketMoved, case: Case, at: datetime) -> Fields:
    if case.ticket is None:
        return {}
    if change.follow_up:
        ticket = TicketLink(desk=change.desk, id=change.into, url=change.url)
    else:
        ticket = replace(case.ticket, id=change.into, url=change.url)
    return {"ticket": ticket}


@_new.register
def _(change: TicketDeleted, case: Case, at: datetime) -> Fields:
    return {"helpdesk": None, "ticket": None}


@_new.register
def _(change: TicketFailed, case: Case, at: datetime) -> Fields:
    gone = change.opening and not change.held
    return {"helpdesk": None} if gone else {}


@_new.register
def _(change: TicketUpdated, case: Case, at: datetime) -> Fields:
    return {} if case.ticket is None else {"ticket": _with_state(case.ticket, change)}


def _with_state(ticket: TicketLink, change: TicketUpdated | HelpdeskChanged) -> TicketLink:
    """What is newer than what is known; None says nothing of it."""
    values: Fields = {}
    for name in ("status", "priority", "assignee"):
        value, since = getattr(change, name), f"{name}_as_of"
        if value is not None and not is_older(change.as_of, getattr(ticket, since)):
            values |= {name: value, since: change.as_of}
    return replace(ticket, **values)


@_new.register
def _(change: HelpdeskChanged, case: Case, at: datetime) -> Fields:
    if case.ticket is None:
        return {}
    fields: Fields = {"ticket": _with_state(case.ticket, change)}
    if not change.followed:
        return fields
    if change.priority is not None:
        fields["priority"] = change.priority
    if change.owner is not None:
        fields |= {"owner": change.owner, "claimed_at": at}
    return fields | _as_the_ticket(case, change, at)


def _as_the_ticket(case: Case, change: HelpdeskChanged, at: datetime) -> Fields:
    """A solved ticket closes its case by a change of its own; taken up again, it reopens it.

    Where the ticket was not solved yet, our word that the case is closed is on its way there.
    """
    owner = change.owner or case.owner
    solved = case.ticket is not None and case.ticket.status in DONE
    follows = case.status is not Status.CLOSED or solved
    again: Fields = {"resolution": None, "closed_at": None}
    match change.status:
        case TicketStatus.PENDING if follows:
            return again | {"status": Status.PENDING, "waiting_since": None}
        case TicketStatus.ON_HOLD if follows:
            return again | {"status": Status.ON_HOLD}
        case TicketStatus.NEW | TicketStatus.OPEN:
            status = Status.OPEN if owner else Status.NEW
            return _turn_to_us(case, at) | {"status": status}
        case _:
            return {}


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
