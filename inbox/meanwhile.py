"""What happened in a case while an answer waited for its turn, and what that means for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from inbox.case import ActorKind
from inbox.changes import (
    DONE,
    AnsweredElsewhere,
    AnswerQueued,
    Assigned,
    CaseEvent,
    Change,
    Claimed,
    Closed,
    HelpdeskChanged,
    MessageDeleted,
    MessageEdited,
    Moved,
    Received,
)
from inbox.excerpt import MOST_EVENTS
from inbox.message import Visibility
from inbox.outbox import SendAnswer
from inbox.ports import Unit

SAID: frozenset[type[Change]] = frozenset({MessageDeleted, MessageEdited, Received})
"""What the customer may do meanwhile."""


def why_unwanted(unit: Unit, effect: SendAnswer, key: str) -> str | None:
    """Why an automatic answer shall not go out any more, None where it shall.

    An article, a menu, a rule's reply answer one message as it was said: any more from the
    customer, or a person who has the case, makes them beside the point or worse. An invitation and
    the public word for it say nothing of the matter and only open the private way, which who
    writes or edits more in public, or is raised higher, needs all the more; who has the case then
    goes on there. It is unwanted once the customer came that way by themselves, or took back what
    they wrote.
    """
    happened = [
        *_since(unit, effect.case, key, SAID),
        *_since(unit, effect.case, key, DONE),
    ]
    invites = effect.draft.about is not None or effect.only_after is not None
    against = _against_invitation if invites else _against_answer
    told = [*map(_by_people, happened), *(against(effect, event.change) for event in happened)]
    return next(filter(None, told), None)


def said_more(unit: Unit, effect: SendAnswer, key: str) -> bool:
    """Whether an edit of the customer's came after an answer was queued, or, after an automatic
    one, what raised the case: that it does not answer.

    An agent who escalates after an answer knows what they told the customer.
    """
    return any(
        isinstance(event.change, MessageEdited) or (effect.automatic and _raises(event.change))
        for event in _since(unit, effect.case, key, {MessageEdited, Moved})
    )


def _since(
    unit: Unit, number: int, key: str, kinds: Collection[type[Change]]
) -> Sequence[CaseEvent]:
    """What came after an answer; queued so long ago that it is not read, all that is read did."""
    history = unit.cases.history(number, kinds={AnswerQueued, *kinds}, newest=MOST_EVENTS)
    queued = (at for at, event in enumerate(history, 1) if _queues(event.change, key))
    return history[next(queued, 0) :]


def _queues(change: Change, key: str) -> bool:
    return isinstance(change, AnswerQueued) and change.key == key


def _raises(change: Change) -> bool:
    return isinstance(change, Moved) and change.tier > change.before


def _by_people(event: CaseEvent) -> str | None:
    """Somebody answered, here or on the network itself, or closed the case."""
    by_hand = event.actor.kind in (ActorKind.AGENT, ActorKind.HELPDESK)
    match event.change:
        case AnsweredElsewhere(older=older):
            did = not older
        case AnswerQueued() | Closed():
            did = by_hand
        case _:
            did = False
    return "Somebody answered or closed the case meanwhile." if did else None


def _against_answer(effect: SendAnswer, change: Change) -> str | None:
    match change:
        case MessageEdited(message=ref) if ref == effect.answers:
            return "The customer edited the message meanwhile. Answer what it says now."
        case MessageDeleted(message=ref) if ref == effect.answers:
            return "The customer deleted the message meanwhile."
        case Received(message=ref) if ref != effect.answers:
            return "The customer wrote more meanwhile. Answer all of it."
        case Moved() if _raises(change):
            return "The case was raised meanwhile. Its people answer."
        case Claimed() | Assigned() | HelpdeskChanged(followed=True, owner=str()):
            return "Somebody took the case meanwhile."
    return None


def _against_invitation(effect: SendAnswer, change: Change) -> str | None:
    match change:
        case MessageDeleted(message=ref) if ref == effect.answers:
            return "The customer deleted the message meanwhile. Invite them, or close the case."
        case Received(visibility=Visibility.PRIVATE):
            return "The customer wrote in private meanwhile. Answer there."
    return None
