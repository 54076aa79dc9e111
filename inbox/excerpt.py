"""What is read of a case, however long it is: its newest part, and what has to be told of the rest.

Who writes five thousand messages would else have all of them read for each card and each line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from inbox.case import Case
from inbox.changes import (
    DONE,
    Answered,
    AnsweredElsewhere,
    CaseEvent,
    Change,
    MessageDeleted,
    MessageEdited,
    Moved,
    Received,
    Routed,
)
from inbox.message import Ref, Visibility
from inbox.ports import Stored, Unit

MOST_MESSAGES = 100
MOST_EVENTS = 200
"""The newest of all kinds, and as many of what was done with the case."""


class Excerpt(Struct, frozen=True, kw_only=True):
    """Messages and history of a case, oldest first, ours included.

    `whole`: no message is left out. From event `unbroken` on, no event is.
    """

    messages: tuple[Stored, ...]
    history: tuple[CaseEvent, ...]
    whole: bool = True
    unbroken: int = 1


def excerpt(
    unit: Unit,
    case: Case,
    *,
    upto: int | None = None,
    most: int = MOST_MESSAGES,
    events: int = MOST_EVENTS,
) -> Excerpt:
    """Of a short case all of it. `upto`: an event, where what happened later does not matter."""
    number = case.number
    recent = unit.cases.history(number, upto=upto, newest=events)
    unbroken = recent[0].seq if recent else 1
    older = _older(unit, number, recent, unbroken) if unbroken > 1 else ()
    history = (*older, *recent)
    newest = unit.messages.of_case(number, newest=most + 1)
    if len(newest) <= most:
        return Excerpt(messages=tuple(newest), history=history, unbroken=unbroken)
    there = {stored.message.ref for stored in newest}
    missing = {*_named(unit, case, history)} - there
    rest = [s for s in unit.messages.find(missing).values() if s.case == number]
    messages = tuple(sorted((*rest, *newest), key=_when)) if rest else tuple(newest)
    return Excerpt(messages=messages, history=history, whole=False, unbroken=unbroken)


def _older(
    unit: Unit, number: int, recent: Sequence[CaseEvent], unbroken: int
) -> Iterable[CaseEvent]:
    """How the case began, and what was done with it before its newest part."""
    before = unbroken - 1
    first = unit.cases.history(number, kinds=(Received,), upto=before, oldest=1)
    most = max(1, MOST_EVENTS - sum(type(event.change) in DONE for event in recent))
    done = unit.cases.history(number, kinds=DONE, upto=before, newest=most)
    return sorted((*first, *done), key=lambda event: event.seq)


def _named(unit: Unit, case: Case, history: Sequence[CaseEvent]) -> Iterator[Ref]:
    """The messages that have to be told however old they are."""
    for ref in (case.last, case.last_public):
        if ref is not None:
            yield ref
    for event in history:
        match event.change:
            case Received(message=ref) | MessageEdited(message=ref) | MessageDeleted(message=ref):
                yield ref
    yield from _our_newest(history)
    yield from _that_moved_it(unit, case, history)
    yield from _first_unanswered(unit, case, history)


def _our_newest(history: Sequence[CaseEvent]) -> Iterator[Ref]:
    """Our newest answer in public, and in private."""
    seen: set[Visibility] = set()
    for event in reversed(history):
        match event.change:
            case (
                Answered(message=ref, visibility=visibility)
                | AnsweredElsewhere(message=ref, visibility=visibility)
            ) if visibility not in seen:
                seen.add(visibility)
                yield ref


def _that_moved_it(unit: Unit, case: Case, history: Sequence[CaseEvent]) -> Iterator[Ref]:
    """The message for which the rules brought it to its tier: it says why it is there."""
    move = _newest(history, Moved)
    for event in _next(unit, case, Routed, move):
        if isinstance(event.change, Routed):
            yield event.change.message


def _first_unanswered(unit: Unit, case: Case, history: Sequence[CaseEvent]) -> Iterator[Ref]:
    for event in _next(unit, case, Received, _newest(history, Answered, AnsweredElsewhere)):
        if isinstance(event.change, Received):
            yield event.change.message


def _newest(history: Sequence[CaseEvent], *kinds: type[Change]) -> int:
    """The newest event of these kinds, 0 where there is none."""
    return next((e.seq for e in reversed(history) if isinstance(e.change, kinds)), 0)


def _next(unit: Unit, case: Case, kind: type[Change], after: int) -> Sequence[CaseEvent]:
    return unit.cases.history(case.number, kinds=(kind,), after=after, oldest=1)


def _when(stored: Stored) -> tuple[object, ...]:
    message = stored.message
    return (message.created_at, str(message.ref))
