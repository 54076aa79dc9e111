"""How long what customers wrote is kept: a closed case ends, with everything that is only its own.

What others need stays. Somebody is known as long as a case of theirs is there; those whom links
through them hold together stay one person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from inbox import contacts
from inbox.case import Case, Status
from inbox.changes import TicketWanted
from inbox.deskwork import no_such_case
from inbox.elsewhere import kept_note
from inbox.errors import Refusal
from inbox.known import ANY_FORGOTTEN, mark
from inbox.message import Account, Author
from inbox.ports import KEPT_PERSON, Card, Unit, desk_account, kept_beginning, kept_story
from inbox.ticket_effects import ticket_key

MOST_CASES = 50
MOST_EVENTS = 500
"""Of one step: what is written meanwhile waits for no more. A longer case is a step of its own."""

LEAST_KEPT = timedelta(days=8)
"""A network repeats for up to a week what it could not bring, and that would open a new case."""


class Ending(Struct, frozen=True, kw_only=True):
    """What there is of a case: here, in Slack (`cards`), in helpdesks (`tickets`: desk and id)."""

    case: Case
    messages: int
    cards: Sequence[Card]
    tickets: Sequence[tuple[str, str]]


# --- by the clock ------------------------------------------------------------------------


def end_old(unit: Unit, *, before: datetime) -> int:
    """One step: delete some of the cases that were closed before this time; how many."""
    unit.lock("reception")
    cases = _some(unit.retention.due(before, limit=MOST_CASES))
    if cases:
        _delete(unit, cases)
    return len(cases)


def _some(cases: Sequence[Case]) -> Sequence[Case]:
    events = 0
    for at, case in enumerate(cases):
        events += case.version
        if at and events > MOST_EVENTS:
            return cases[:at]
    return cases


# --- by a person's word ------------------------------------------------------------------


def look(unit: Unit, number: int) -> Ending:
    """What there is of a case that may be deleted. Raises Refusal where it may not."""
    found = unit.retention.over([number])
    if not found:
        raise Refusal(_why_not(number, unit.cases.get(number)))
    return Ending(
        case=found[0],
        messages=len(unit.messages.of_case(number)),
        cards=unit.cards.of_case(number),
        tickets=unit.tickets.of_case(number),
    )


def _why_not(number: int, case: Case | None) -> str:
    if case is None:
        return no_such_case(number)
    if case.status is not Status.CLOSED:
        return f"Case {number} is {case.status.value}, not closed. Close it in Slack first."
    return (
        f"Something of case {number} is still to be delivered, or is worked on just now. Wait a"
        " moment; what `tierdesk outbox list` shows as held, decide on first."
    )


def forget(unit: Unit, number: int, *, at: datetime) -> Ending:
    """Delete a closed case now, and with somebody's last one what is known of them without a case.

    A network may bring the newest messages once more, so their names are remembered for a while,
    unreadable, that no case is opened again. Raises Refusal.
    """
    unit.lock("reception")
    ending = look(unit, number)
    for stored in unit.messages.of_case(number):
        unit.memory.first_time(mark(stored.message.ref), at=at)
    unit.memory.forget(ANY_FORGOTTEN)
    unit.memory.first_time(ANY_FORGOTTEN, at=at)
    for author in _delete(unit, [ending.case]):
        unit.messages.forget_caseless_of(author.ref)
    return ending


# --- what goes ---------------------------------------------------------------------------


def _delete(unit: Unit, cases: Sequence[Case]) -> Sequence[Author]:
    """Returns the authors whose last cases these were.

    The lock of links (`contacts.leave`) is asked for after rows here, unlike any other: whoever
    has it touches open cases' cards and links, nothing that is deleted before.
    """
    numbers = [case.number for case in cases]
    for account, names in _kept(unit, numbers).items():
        unit.kept.forget(account, names)
    unit.retention.delete(numbers)
    authors = {case.author.ref: case.author for case in cases}
    known = unit.cases.contacts(authors)
    gone = [author for ref, author in authors.items() if known[ref].newest is None]
    for author in gone:
        contacts.leave(unit, author.ref)
        unit.kept.forget_values(author.ref.at(), KEPT_PERSON, [author.ref.id])
    return gone


def _kept(unit: Unit, numbers: Sequence[int]) -> Mapping[Account, Sequence[str]]:
    """What accounts and helpdesks remember of these cases, by the names under which they do."""
    names: defaultdict[Account, list[str]] = defaultdict(list)
    for ref in unit.retention.sent(numbers):
        names[ref.at()].append(kept_note(ref))
    for event in unit.retention.wanted(numbers):
        if isinstance(event.change, TicketWanted):
            key = ticket_key(event.case, event.seq)
            names[desk_account(event.change.desk)] += (kept_story(key), kept_beginning(key))
    return names
