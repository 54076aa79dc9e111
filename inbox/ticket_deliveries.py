"""What becomes of an effect for a helpdesk after it was tried: recorded on the case, and told."""

from __future__ import annotations

from datetime import datetime

from inbox.case import SYSTEM, Case
from inbox.changes import Change, TicketFailed, TicketMoved, TicketOpened, TicketUpdated
from inbox.desk import Desk
from inbox.outbox import (
    AddToTicket,
    Alert,
    Item,
    NewItem,
    OpenTicket,
    TicketEffect,
    UpdateTicket,
    slack_lane,
)
from inbox.ports import Delivered, Unit, desk_account
from inbox.record import record, show_card
from inbox.ticket import TicketLink

TROUBLE = "tierdesk: tickets wait"
"""Why tickets wait for a helpdesk, kept under its account; "" where they do not."""

_WHAT = {OpenTicket: "The ticket", AddToTicket: "What is new", UpdateTicket: "The new state"}


def tickets_wait(unit: Unit, name: str) -> str | None:
    """Why nothing gets to a helpdesk at present."""
    return unit.kept.get(desk_account(name), TROUBLE) or None


def done(unit: Unit, desk: Desk, effect: TicketEffect, result: Delivered, *, at: datetime) -> None:
    """It is there; the result has the ticket as it stands now, None where nothing was to do."""
    if tickets_wait(unit, effect.desk):
        unit.kept.set(desk_account(effect.desk), TROUBLE, "")
        _show_waiting(unit, desk, effect.desk)
    case, ticket = unit.cases.get(effect.case), result.ticket
    if case is None or ticket is None:
        return
    unit.tickets.link(effect.desk, ticket.id, case.number)
    if case.helpdesk == effect.desk and (change := _change(effect, case, ticket, result.updated)):
        record(unit, desk, case, [change], actor=SYSTEM, at=at)


def _change(
    effect: TicketEffect, case: Case, ticket: TicketLink, updated: TicketUpdated | None
) -> Change | None:
    known = case.ticket
    match effect:
        case OpenTicket():
            if known is not None:
                return None
            return TicketOpened(desk=ticket.desk, ticket=ticket.id, url=ticket.url)
        case AddToTicket():
            if known is None or known.id == ticket.id:
                return None
            return TicketMoved(
                desk=ticket.desk,
                ticket=known.id,
                into=ticket.id,
                url=ticket.url,
                follow_up=True,
            )
        case UpdateTicket():
            same = known is not None and known.id == ticket.id
            return updated if same else None


def waits(unit: Unit, desk: Desk, effect: TicketEffect, reason: str) -> None:
    """It is tried again later: the cards whose ticket is on its way say so, once."""
    if tickets_wait(unit, effect.desk) is None:
        unit.kept.set(desk_account(effect.desk), TROUBLE, reason)
        _show_waiting(unit, desk, effect.desk)


def _show_waiting(unit: Unit, desk: Desk, name: str) -> None:
    cases = [unit.cases.get(number) for number in unit.tickets.awaiting(name)]
    unit.outbox.add(show_card(case, case.channel) for case in cases if case)


def failed(unit: Unit, desk: Desk, effect: TicketEffect, reason: str, *, at: datetime) -> None:
    """It is refused for good."""
    _record(unit, desk, effect, reason, held=False, at=at)


def held(
    unit: Unit, desk: Desk, item: Item, effect: TicketEffect, reason: str, *, at: datetime
) -> None:
    """Nobody knows: a person looks in the helpdesk and decides with two buttons."""
    case = _record(unit, desk, effect, reason, held=True, at=at)
    channel = case.channel if case else desk.operations
    if channel is None:
        return
    text = (
        f"Nobody knows whether {_WHAT[type(effect)].lower()} of case {effect.case} is in"
        f" {effect.desk}: {reason} Look there, then decide."
    )
    alert = Alert(channel=channel, text=text, case=effect.case, held=item.id)
    key = f"held:{item.id}:{item.attempts}"
    unit.outbox.add([NewItem(effect=alert, lane=slack_lane(channel), key=key)])


def _record(
    unit: Unit, desk: Desk, effect: TicketEffect, reason: str, *, held: bool, at: datetime
) -> Case | None:
    case = unit.cases.get(effect.case)
    if case is None:
        return None
    change = TicketFailed(
        desk=effect.desk,
        what=_WHAT[type(effect)],
        reason=reason,
        opening=isinstance(effect, OpenTicket) and case.ticket is None,
        held=held,
    )
    return record(unit, desk, case, [change], actor=SYSTEM, at=at)


def known_by_key(item: Item, effect: TicketEffect) -> Delivered:
    """A person saw it in the helpdesk, whose own name for it we do not know.

    A ticket is called by its key until the helpdesk can be asked for it.
    """
    if not isinstance(effect, OpenTicket):
        return Delivered()
    return Delivered(ticket=TicketLink(desk=effect.desk, id=item.key))
