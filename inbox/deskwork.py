"""What an agent does with a case besides answering: own it, move it, set it, close it.

Every function is one transaction's work: it looks at the case as it is now, refuses in words what
no longer fits, and records the change. `seen_in` is the channel where the button was pressed: a
case that has left it is not worked from there.
"""

from __future__ import annotations

from datetime import datetime

from inbox.case import Actor, ActorKind, Case, Status
from inbox.changes import (
    Assigned,
    Change,
    Claimed,
    Closed,
    Corrected,
    Moved,
    NotedForHelpdesk,
    Prioritised,
    Released,
    Reopened,
    Snoozed,
    Swarmed,
    Tagged,
    Woken,
)
from inbox.decision import Priority
from inbox.desk import Desk
from inbox.errors import Refusal
from inbox.message import Ref
from inbox.outbox import Alert, NewItem, Whisper, slack_lane
from inbox.ports import Card, Unit
from inbox.record import record, show_card
from inbox.ticketing import ticket_wanted

MOST_TAGS = 10
MOST_WOKEN = 50
"""Cases in one transaction: a Monday morning's would keep everything else waiting."""


def agent(user: str) -> Actor:
    """A Slack user as the one who acts."""
    return Actor(kind=ActorKind.AGENT, id=user)


def no_such_case(number: int) -> str:
    return (
        f"There is no case {number}. It may have been deleted, as old ones are where"
        " `retention.cases` says so. Check the number, or look in `/tierdesk mine`."
    )


def no_such_tier(tier: int) -> str:
    return f"Nothing was noted: there is no tier {tier} any more. Choose another one."


def case_here(unit: Unit, number: int, seen_in: str | None) -> Case:
    """The case, locked. Refuses where it is gone or is worked in another channel now."""
    case = unit.cases.get(number)
    if case is None:
        raise Refusal(no_such_case(number))
    if seen_in is not None and seen_in != case.channel:
        raise Refusal(f"Case {number} has moved to another channel. Work it from its card there.")
    return case


def claim(
    unit: Unit, desk: Desk, number: int, user: str, *, seen_in: str | None, at: datetime
) -> Case:
    """Own a case. Of two agents who press at once, one gets it and the other is told who has it."""
    case = case_here(unit, number, seen_in)
    if case.owner == user:
        raise Refusal(f"You already have case {number}.")
    if case.owner is not None:
        raise Refusal(
            f"Case {number} is not yours: <@{case.owner}> has it. Ask them, or assign it."
        )
    not_closed(case)
    return record(unit, desk, case, [Claimed(owner=user)], actor=agent(user), at=at)


def release(
    unit: Unit, desk: Desk, number: int, user: str, *, seen_in: str | None, at: datetime
) -> Case:
    case = case_here(unit, number, seen_in)
    if case.owner is None:
        raise Refusal(f"Nobody has case {number} any more; there is nothing to release.")
    return record(unit, desk, case, [Released()], actor=agent(user), at=at)


def assign(
    unit: Unit, desk: Desk, number: int, user: str, owner: str, *, seen_in: str | None, at: datetime
) -> Case:
    case = case_here(unit, number, seen_in)
    not_closed(case)
    case = record(unit, desk, case, [Assigned(owner=owner)], actor=agent(user), at=at)
    if owner != user:
        _whisper(unit, case, owner, f"<@{user}> gave you case {number}.")
    return case


def set_priority(
    unit: Unit,
    desk: Desk,
    number: int,
    user: str,
    priority: Priority,
    *,
    seen_in: str | None,
    at: datetime,
) -> Case:
    case = case_here(unit, number, seen_in)
    return record(unit, desk, case, [Prioritised(priority=priority)], actor=agent(user), at=at)


def set_tags(
    unit: Unit,
    desk: Desk,
    number: int,
    user: str,
    tags: tuple[str, ...],
    *,
    seen_in: str | None,
    at: datetime,
) -> Case:
    case = case_here(unit, number, seen_in)
    clean = tuple(dict.fromkeys(tag.strip().lstrip("#").lower() for tag in tags if tag.strip()))
    if len(clean) > MOST_TAGS:
        raise Refusal(f"A case has at most {MOST_TAGS} tags; these are {len(clean)}.")
    return record(unit, desk, case, [Tagged(tags=clean)], actor=agent(user), at=at)


def snooze(
    unit: Unit,
    desk: Desk,
    number: int,
    user: str,
    until: datetime,
    *,
    seen_in: str | None,
    at: datetime,
) -> Case:
    """Put a case on hold until a date. A new message of the customer wakes it earlier."""
    case = case_here(unit, number, seen_in)
    not_closed(case)
    if until <= at:
        raise Refusal("That time is over. Choose a later one.")
    return record(unit, desk, case, [Snoozed(until=until)], actor=agent(user), at=at)


def close(
    unit: Unit,
    desk: Desk,
    number: int,
    user: str,
    resolution: str,
    *,
    seen_in: str | None,
    at: datetime,
) -> Case:
    case = case_here(unit, number, seen_in)
    if case.status is Status.CLOSED:
        raise Refusal(f"Case {number} is closed already, as {case.resolution}.")
    return record(unit, desk, case, [Closed(resolution=resolution)], actor=agent(user), at=at)


def reopen(
    unit: Unit, desk: Desk, number: int, user: str, *, seen_in: str | None, at: datetime
) -> Case:
    case = case_here(unit, number, seen_in)
    if case.status is not Status.CLOSED:
        raise Refusal(f"Case {number} is open already.")
    return record(unit, desk, case, [Reopened()], actor=agent(user), at=at)


def swarm(
    unit: Unit,
    desk: Desk,
    number: int,
    user: str,
    experts: tuple[str, ...],
    question: str,
    *,
    seen_in: str | None,
    at: datetime,
) -> Case:
    """Ask named experts into the thread; owner and tier stay.

    Naming somebody who is not in the channel calls nobody: each is told, too, wherever they are.
    """
    case = case_here(unit, number, seen_in)
    if not experts:
        raise Refusal("Nobody was asked. Choose at least one person.")
    change = Swarmed(experts=experts, question=question)
    case = record(unit, desk, case, [change], actor=agent(user), at=at)
    for expert in experts:
        _whisper(unit, case, expert, _asked_in(user, number))
    return case


def escalate(
    unit: Unit,
    desk: Desk,
    number: int,
    user: str,
    tier: int,
    reason: str,
    *,
    helpdesk: str | None = None,
    seen_in: str | None,
    at: datetime,
) -> Case:
    """Move a case to another tier, up or down, with the agent's reason. Its owner lets go.

    `helpdesk` gets a ticket for it; with one, the tier may be the case's own.
    """
    case = case_here(unit, number, seen_in)
    not_closed(case)
    wanted = ticket_wanted(desk, case, helpdesk) if helpdesk else None
    if tier == case.tier and wanted is None:
        there = f" and has its ticket in {helpdesk}" if helpdesk else ""
        raise Refusal(f"Case {number} is in tier {tier} already{there}.")
    if not reason.strip():
        raise Refusal("Say why: the next person reads it first.")
    changes = [*_moved(desk, case, tier, reason.strip()), *([wanted] if wanted else [])]
    return record(unit, desk, case, changes, actor=agent(user), at=at)


def _moved(desk: Desk, case: Case, tier: int, reason: str) -> list[Change]:
    """To another tier; or a word for the helpdesk where it stays in its own."""
    if tier == case.tier:
        return [NotedForHelpdesk(text=reason)]
    channel = desk.channel_of(tier)
    moved = Moved(
        tier=tier,
        channel=channel,
        before=case.tier,
        before_channel=case.channel,
        reason=reason,
    )
    lets_go = case.owner is not None and channel != case.channel
    return [moved, *([Released()] if lets_go else [])]


def note_for_helpdesk(
    unit: Unit,
    desk: Desk,
    number: int,
    user: str,
    text: str,
    *,
    seen_in: str | None,
    at: datetime,
) -> Case:
    """Tell the people of the helpdesk something; the customer never sees it."""
    case = case_here(unit, number, seen_in)
    if case.helpdesk is None:
        raise Refusal(f"Case {number} has no ticket. Press Escalate to open one.")
    if not text.strip():
        raise Refusal("The note is empty. Write something first.")
    change = NotedForHelpdesk(text=text.strip())
    return record(unit, desk, case, [change], actor=agent(user), at=at)


def correct(
    unit: Unit,
    desk: Desk,
    number: int,
    user: str,
    message: Ref,
    tier: int | None,
    *,
    seen_in: str | None,
    at: datetime,
) -> Case:
    """Note where a message should have gone, None for not to us. The case itself stays."""
    case = case_here(unit, number, seen_in)
    if tier is not None and tier not in desk.tiers:
        raise Refusal(no_such_tier(tier))
    change = Corrected(message=message, tier=tier)
    return record(unit, desk, case, [change], actor=agent(user), at=at)


def draw_anew(unit: Unit, card: Card) -> None:
    """What stands in Slack is not what would be drawn now; the case itself stays."""
    case = case_here(unit, card.case, None)
    unit.outbox.add([show_card(case, card.channel)])


def wake(unit: Unit, desk: Desk, *, at: datetime) -> int:
    """Wake the snoozed cases whose time has come, a few at once; returns how many."""
    cases = unit.cases.asleep_until(at, limit=MOST_WOKEN)
    system = Actor(kind=ActorKind.SYSTEM, id="clock")
    for asleep in cases:
        case = record(unit, desk, asleep, [Woken()], actor=system, at=at)
        if case.owner:
            _whisper(unit, case, case.owner, f"Case {case.number} is due again.")
    return len(cases)


def _asked_in(user: str, number: int) -> str:
    return (
        f"<@{user}> asks for your help with case {number}. The question is in the thread of its"
        " card; if you cannot see that channel, ask them to invite you."
    )


def not_closed(case: Case) -> None:
    """Raises Refusal: what is done with a closed case is done where nobody looks."""
    if case.status is Status.CLOSED:
        raise Refusal(f"Case {case.number} is closed. Reopen it first.")


def _whisper(unit: Unit, case: Case, user: str, text: str) -> None:
    unit.outbox.add(
        [
            NewItem(
                effect=Whisper(user=user, channel=case.channel, text=text, case=case.number),
                lane=slack_lane(case.channel),
            )
        ]
    )


def alert(channel: str, text: str, *, key: str, case: int | None = None) -> NewItem:
    """A sentence for a channel, said once for its key."""
    return NewItem(
        effect=Alert(channel=channel, text=text, case=case), lane=slack_lane(channel), key=key
    )
