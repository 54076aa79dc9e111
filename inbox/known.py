"""What the store knew before a batch of arrivals, kept true while the batch is worked."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from hashlib import sha256

from msgspec.structs import replace

from inbox.case import Case
from inbox.message import Deleted, Echoed, Event, Message, Ref, Undelivered
from inbox.ports import Contact, Key, Stored, Unit

ANY_FORGOTTEN = "forgotten"
"""Remembered with the last forgotten message: hardly a desk has any, and every batch asks."""


@dataclass(slots=True)
class Known:
    """One look for the whole batch instead of one for each arrival.

    `forgotten` are messages of cases that were deleted by a person's word.
    """

    messages: dict[Ref, Stored]
    numbers: dict[Key, int]
    contacts: dict[Ref, Contact]
    states: dict[int, Case]
    forgotten: frozenset[Ref]

    def case(self, key: Key) -> Case | None:
        number = self.numbers.get(key)
        return None if number is None else self.states[number]

    def newest(self, author: Ref) -> Case | None:
        contact = self.contacts.get(author)
        return self.states[contact.newest.number] if contact and contact.newest else None

    def answered_by(self, unit: Unit, message: Message) -> Case | None:
        """The author's own case that the message speaks of, since it answers one of its posts."""
        parent = self.messages.get(message.in_reply_to) if message.in_reply_to else None
        if parent is None or parent.case is None:
            return None
        case = self.states.get(parent.case) or unit.cases.get(parent.case)
        return case if case is not None and case.author.ref == message.author.ref else None

    def learn(self, stored: Stored, key: Key, case: Case | None, *, opened: bool) -> None:
        """Take in what an arrival of this batch became."""
        self.messages[stored.message.ref] = stored
        if case is None:
            return
        self.states[case.number] = case
        self.numbers[key] = case.number
        if opened:
            old = self.contacts.get(case.author.ref, Contact(cases=0, closed=0, newest=None))
            newer = replace(old, cases=old.cases + 1, newest=case)
            self.contacts[case.author.ref] = newer


def mark(ref: Ref) -> str:
    """The name under which it is remembered that a message was forgotten."""
    name = "/".join((ref.network, ref.account, ref.id))
    return f"{ANY_FORGOTTEN}:{sha256(name.encode()).hexdigest()}"


def look_up(unit: Unit, events: Sequence[Event]) -> Known:
    """Load everything that a batch of events can touch."""
    messages = [e.message for e in events if not isinstance(e, Deleted | Echoed | Undelivered)]
    echoes = [event for event in events if isinstance(event, Echoed)]
    answered = {(e.message.conversation, e.to.ref) for e in echoes if e.to}
    written = [*messages, *(echo.message for echo in echoes)]
    parents = {message.in_reply_to for message in written if message.in_reply_to}
    cases = unit.cases.by_key({(m.conversation, m.author.ref) for m in messages} | answered)
    contacts = unit.cases.contacts({m.author.ref for m in messages})
    newest = [contact.newest for contact in contacts.values() if contact.newest]
    stored = unit.messages.find({event.ref for event in events} | parents)
    return Known(
        messages=dict(stored),
        numbers={key: case.number for key, case in cases.items()},
        contacts=dict(contacts),
        states={case.number: case for case in (*newest, *cases.values())},
        forgotten=_forgotten(unit, {event.ref for event in events} - stored.keys()),
    )


def _forgotten(unit: Unit, refs: Set[Ref]) -> frozenset[Ref]:
    if not refs or not unit.memory.knows(ANY_FORGOTTEN):
        return frozenset()
    marks = {mark(ref): ref for ref in refs}
    return frozenset(marks[name] for name in unit.memory.known(marks))
