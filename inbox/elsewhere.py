"""Our side of a conversation, where it did not go through Tierdesk: answered there, not arrived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from inbox.automatic import left_unanswered
from inbox.case import SYSTEM, Case
from inbox.changes import (
    DONE,
    Answered,
    AnsweredElsewhere,
    AnswerQueued,
    Bounced,
    CaseEvent,
    Change,
    NotSent,
)
from inbox.desk import Desk
from inbox.excerpt import MOST_EVENTS
from inbox.facts import Findings
from inbox.known import Known, look_up
from inbox.message import Echoed, Message, Ref, Undelivered
from inbox.outbox import NewItem, Whisper, slack_lane
from inbox.ports import Stored, Unit
from inbox.record import record


def answered_elsewhere(
    unit: Unit, desk: Desk, known: Known, event: Echoed, findings: Findings, *, now: datetime
) -> bool:
    """Record an answer that somebody gave outside; False where it is none, or is our own.

    The network may tell of our own answer before we know its name: it has the words of one that
    is on its way.
    """
    case = _case_of(unit, known, event)
    if case is None or _on_its_way(_done(unit, case), event.message.text):
        return False
    message = event.message
    stored = Stored(message=message, findings=findings, case=case.number, mine=True)
    unit.messages.add([stored])
    known.messages[message.ref] = stored
    change = AnsweredElsewhere(
        message=message.ref,
        by=message.author.name,
        url=message.url,
        text=message.text,
        spans=findings.spans,
        visibility=message.visibility,
        older=_wrote_after(unit, case, message),
    )
    _record(unit, desk, known, case, change, now)
    return True


def not_arrived(unit: Unit, desk: Desk, known: Known, event: Undelivered, *, now: datetime) -> bool:
    """Tell of an answer that the network had taken and could not deliver; False if not ours.

    The network may tell it before we have recorded the answer: then it is noted, and told by
    `failed_early` once it is.
    """
    stored = known.messages.get(event.ref)
    if stored is None:
        unit.kept.set(
            event.ref.at(), kept_note(event.ref), f"{event.at.isoformat()} {event.reason}"
        )
        return False
    case = _state(unit, known, stored.case) if stored.mine and stored.case else None
    if case is None:
        return False
    history = _done(unit, case)
    if any(isinstance(e.change, Bounced) and e.change.message == event.ref for e in history):
        return False
    message = stored.message
    change = Bounced(
        message=event.ref,
        reason=event.reason,
        text=message.text,
        spans=stored.findings.spans,
        visibility=message.visibility,
    )
    case = left_unanswered(unit, desk, _record(unit, desk, known, case, change, now), at=now)
    known.states[case.number] = case
    _give_back(unit, case, history, change)
    return True


def failed_early(unit: Unit, desk: Desk, ref: Ref, *, now: datetime) -> None:
    """Tell of an answer, recorded just now, that the network said before it could not deliver."""
    noted = unit.kept.get(ref.at(), kept_note(ref))
    if noted is None:
        return
    at, _, reason = noted.partition(" ")
    event = Undelivered(ref=ref, reason=reason, at=datetime.fromisoformat(at))
    not_arrived(unit, desk, look_up(unit, [event]), event, now=now)


def kept_note(ref: Ref) -> str:
    """The name under which it is kept that a message of ours did not arrive."""
    return f"undelivered:{ref.id}"


def _case_of(unit: Unit, known: Known, event: Echoed) -> Case | None:
    """The case of the message that it answers, or of the conversation with its reader."""
    message = event.message
    parent = known.messages.get(message.in_reply_to) if message.in_reply_to else None
    if parent is not None and parent.case is not None:
        return _state(unit, known, parent.case)
    return known.case((message.conversation, event.to.ref)) if event.to else None


def _wrote_after(unit: Unit, case: Case, answer: Message) -> bool:
    """Networks tell of both sides by different ways, and not in their order."""
    last = unit.messages.find({case.last}).get(case.last) if case.last else None
    return last is not None and last.message.created_at > answer.created_at


def _state(unit: Unit, known: Known, number: int) -> Case | None:
    return known.states.get(number) or unit.cases.get(number)


def _done(unit: Unit, case: Case) -> Sequence[CaseEvent]:
    return unit.cases.history(case.number, kinds=DONE, newest=MOST_EVENTS)


def _on_its_way(history: Sequence[CaseEvent], text: str) -> bool:
    """Whether an answer of ours with these words has neither arrived nor failed yet."""
    waiting: dict[str, str] = {}
    for event in history:
        match event.change:
            case AnswerQueued(key=key, text=queued):
                waiting[key] = queued
            case Answered(key=key) | NotSent(key=key):
                waiting.pop(key, None)
    return any(queued.split() == text.split() for queued in waiting.values())


def _record(
    unit: Unit, desk: Desk, known: Known, case: Case, change: Change, now: datetime
) -> Case:
    case = record(unit, desk, case, [change], actor=SYSTEM, at=now)
    known.states[case.number] = case
    return case


def _give_back(unit: Unit, case: Case, history: Sequence[CaseEvent], bounced: Bounced) -> None:
    """The agent who wrote it gets the text back, alone."""
    sent = next(
        (
            event
            for event in history
            if isinstance(event.change, Answered) and event.change.message == bounced.message
        ),
        None,
    )
    if sent is None or not isinstance(sent.change, Answered) or sent.change.automatic:
        return
    whisper = Whisper(
        user=sent.actor.id,
        channel=case.channel,
        case=case.number,
        text=(
            f"Your answer to case {case.number} did not arrive: {bounced.reason} Here is your text:"
        ),
        quote=bounced.text,
    )
    unit.outbox.add([NewItem(effect=whisper, lane=slack_lane(case.channel))])
