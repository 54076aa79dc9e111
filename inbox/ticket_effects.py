"""What a change of a case means for its ticket: the effects that go to the helpdesk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from inbox.case import Actor, ActorKind, Case, Status
from inbox.changes import (
    Answered,
    AnsweredElsewhere,
    CaseEvent,
    Change,
    MessageEdited,
    NotedForHelpdesk,
    Received,
    TicketMoved,
    TicketOpened,
    TicketWanted,
)
from inbox.desk import Desk
from inbox.outbox import AddToTicket, NewItem, OpenTicket, UpdateTicket, What, helpdesk_lane
from inbox.ticket import WORKED, TicketStatus

ADDED = (Answered, AnsweredElsewhere, MessageEdited, NotedForHelpdesk, Received)
"""Changes that are told in the ticket."""

KEY = "ticket:"
"""How the names begin that we give to tickets."""

STATUS = {
    Status.NEW: TicketStatus.OPEN,
    Status.OPEN: TicketStatus.OPEN,
    Status.PENDING: TicketStatus.PENDING,
    Status.ON_HOLD: TicketStatus.ON_HOLD,
    Status.CLOSED: TicketStatus.SOLVED,
}
"""What a ticket is while its case is so."""


def ticket_items(
    desk: Desk,
    before: Case,
    after: Case,
    actor: Actor,
    change: Change,
    *,
    history: Iterable[CaseEvent],
) -> Iterator[NewItem]:
    """`history` is only looked at where a ticket was opened: since it was wanted, or longer."""
    match change:
        case TicketWanted(desk=name):
            effect = OpenTicket(case=after.number, desk=name, upto=after.version)
            key = ticket_key(after.number, after.version)
            yield NewItem(effect=effect, lane=helpdesk_lane(name), key=key)
        case TicketOpened(desk=name):
            for event in _since_wanted([*history], name):
                yield _add(after, name, event.seq)
        case TicketMoved(follow_up=True):
            yield from _brought_up(desk, after)
        case _ if after.ticket is not None and actor.kind is not ActorKind.HELPDESK:
            if isinstance(change, ADDED):
                yield _add(after, after.ticket.desk, after.version)
            for what in _to_update(desk, before, after, change):
                yield update_ticket(after, what)
        case _:
            return


def _brought_up(desk: Desk, case: Case) -> Iterator[NewItem]:
    """A follow-up begins with the state that the first ticket had at its beginning."""
    policy = desk.helpdesks.get(case.helpdesk or "")
    if policy is not None and policy.mirror:
        yield from (update_ticket(case, what) for what in What)


def update_ticket(case: Case, what: What) -> NewItem:
    """One waiting order for each kind is enough: it is drawn when it is delivered."""
    if case.ticket is None:
        raise ValueError(f"case {case.number} has no ticket")
    name = case.ticket.desk
    return NewItem(
        effect=UpdateTicket(case=case.number, desk=name, what=what),
        lane=helpdesk_lane(name),
        coalesce=f"update:{case.number}:{what}",
    )


def _add(case: Case, name: str, seq: int) -> NewItem:
    effect = AddToTicket(case=case.number, desk=name, seq=seq)
    lane = helpdesk_lane(name)
    return NewItem(effect=effect, lane=lane, key=entry_key(case.number, seq))


def ticket_key(case: int, wanted: int) -> str:
    """The name that a case's ticket has for ever; `wanted` is the event that asked for it."""
    return f"{KEY}{case}:{wanted}"


def entry_key(case: int, seq: int) -> str:
    """The name of a case's event in its ticket."""
    return f"entry:{case}:{seq}"


def wanted_at(history: Sequence[CaseEvent], name: str) -> int:
    """The event that asked this helpdesk for a ticket last, 0 where none did."""
    return max(
        (e.seq for e in history if isinstance(e.change, TicketWanted) and e.change.desk == name),
        default=0,
    )


def _since_wanted(history: Sequence[CaseEvent], name: str) -> Iterator[CaseEvent]:
    """What happened while the ticket was on its way."""
    wanted = wanted_at(history, name)
    for event in history:
        told = isinstance(event.change, ADDED) and event.actor.kind is not ActorKind.HELPDESK
        if event.seq > wanted and told:
            yield event


def _to_update(desk: Desk, before: Case, after: Case, change: Change) -> Iterator[What]:
    policy = desk.helpdesks.get(after.ticket.desk) if after.ticket else None
    mirrored = policy is not None and policy.mirror
    if _wakes(after, change) or (mirrored and after.status is not before.status):
        yield What.STATUS
    if mirrored and after.priority is not before.priority:
        yield What.PRIORITY
    if mirrored and after.owner != before.owner:
        yield What.OWNER


def _wakes(case: Case, change: Change) -> bool:
    """The customer wrote, and the ticket is in nobody's hands: whatever is mirrored, it opens."""
    news = isinstance(change, Received) and change.reopens
    return news and case.ticket is not None and case.ticket.status not in WORKED
