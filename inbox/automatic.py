"""When a rule may answer a customer by itself, and where a case goes that got no such answer."""

from __future__ import annotations

from datetime import datetime

from inbox.case import Actor, ActorKind, Case, Status
from inbox.changes import AnswerQueued, Change, Received
from inbox.decision import Answer
from inbox.desk import Desk
from inbox.excerpt import MOST_EVENTS
from inbox.message import Message
from inbox.placing import routed
from inbox.ports import Unit
from inbox.record import record
from inbox.self_service import had_its_answer

TO_CUSTOMERS = frozenset({Answer.PUBLIC_REPLY, Answer.PRIVATE_MOVE, Answer.MENU})
"""Answers of rules that a customer gets."""


def may_answer(
    unit: Unit, desk: Desk, case: Case, message: Message, kind: Answer, *, at: datetime
) -> bool:
    """An invitation may go out where people have the case: it opens the private way, and answers
    nothing.
    """
    if kind is Answer.TICKET:
        return True  # for colleagues: no answer to anybody
    rested = case.automatic_at is None or at - case.automatic_at >= desk.automatic_gap
    if case.owner is not None or message.author.bot or not rested:
        return False
    return kind is Answer.PRIVATE_MOVE or not _with_people(unit, desk, case)


def _with_people(unit: Unit, desk: Desk, case: Case) -> bool:
    """Whether a person owes something in the case, or its customer came back after an automatic
    answer: one more would make it the customer's turn, and hide what it does not answer.
    """
    owed = case.status not in (Status.PENDING, Status.CLOSED)
    if had_its_answer(desk, case) or (owed and case.messages > 0):
        return True
    return case.automatic_at is not None and _came_back(unit, case)


def _came_back(unit: Unit, case: Case) -> bool:
    answered = False
    kinds: set[type[Change]] = {AnswerQueued, Received}
    for event in unit.cases.history(case.number, kinds=kinds, newest=MOST_EVENTS):
        match event.change:
            case AnswerQueued(automatic=True):
                answered = True
            case Received(reopens=True) if answered:
                return True
    return False


def left_unanswered(unit: Unit, desk: Desk, case: Case, *, at: datetime) -> Case:
    """After an automatic answer came to nothing: what waits in self-service goes to the tier and
    team of its message's rule, to people in any case, since nobody need ever look there.
    """
    tier = desk.self_service()
    if tier is None or case.tier != tier.number or case.status is not Status.NEW:
        return case
    stored = unit.messages.find({case.last}).get(case.last) if case.last else None
    if stored is None or stored.decision is None:
        return case
    decision = stored.decision
    people = max(decision.tier or 0, desk.person_tier().number)
    changes = routed(desk, case, stored.message.ref, decision, people)
    rule = Actor(kind=ActorKind.RULE, id=decision.rule)
    return record(unit, desk, case, changes, actor=rule, at=at)
