"""A second look at a message: it may raise its case later, in one transaction. It never lowers
one and never answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from inbox.case import ActorKind, Afterwards, Case
from inbox.changes import Answered, AnswerQueued, CaseEvent, Closed, Moved, Received
from inbox.excerpt import MOST_EVENTS
from inbox.facts import Topic
from inbox.message import Ref
from inbox.outbox import Alert, NewItem, slack_lane
from inbox.ports import Stored, Unit
from inbox.reception import Reception
from inbox.undecided import in_public


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """What is looked at once more, and what becomes of what was seen."""

    reception: Reception

    def undecided(self, unit: Unit, message: Ref) -> Stored | None:
        """The message, where a look at it may still change something; only reads."""
        opinion = self.reception.opinion
        stored = unit.messages.find({message}).get(message)
        if opinion is None or stored is None or not opinion.wants(stored.findings):
            return None
        return stored if self._case(unit, stored) is not None else None

    def saw(self, unit: Unit, looked_at: Stored, topic: Topic, *, now: datetime) -> bool:
        """Keep the topic and let the rules decide anew; True where that raised the case.

        A text that was edited meanwhile gets a look of its own.
        """
        unit.lock("reception")
        stored = self.undecided(unit, looked_at.message.ref)
        case = self._case(unit, stored) if stored else None
        if stored is None or case is None or stored.message.text != looked_at.message.text:
            return False
        topics = (*stored.findings.topics, topic)
        found = replace(stored, findings=replace(stored.findings, topics=topics, leaning=None))
        unit.messages.replace(found)
        raised = self.reception.route_again(unit, case, found, now=now)
        if raised.tier == case.tier:
            return False
        self._tell(unit, raised, stored.message.ref, topic)
        return True

    def _case(self, unit: Unit, stored: Stored) -> Case | None:
        """The case, unless it is private already or a person has placed or closed it since."""
        case = unit.cases.get(stored.case) if stored.case is not None else None
        if case is None or stored.deleted_at is not None:
            return None
        if not in_public(self.reception.desk, case):
            return None
        settled = any(map(_by_hand, _since(unit, case, stored.message.ref)))
        return None if settled else case

    def _tell(self, unit: Unit, case: Case, message: Ref, topic: Topic) -> None:
        """A machine answered it: a person has to know."""
        since = _since(unit, case, message)
        if any(isinstance(each.change, AnswerQueued) and each.change.automatic for each in since):
            unit.outbox.add([_answered_already(case, topic)])


def _answered_already(case: Case, topic: Topic) -> NewItem:
    text = (
        f"Case {case.number} had an automatic answer before a second look found that it may be a"
        f" private matter ({topic.name}). Look whether what was said is right."
    )
    return NewItem(
        effect=Alert(channel=case.channel, case=case.number, text=text),
        lane=slack_lane(case.channel),
        key=f"second-look:{case.number}:{case.version}",
    )


def _since(unit: Unit, case: Case, message: Ref) -> Sequence[CaseEvent]:
    """What happened in the case from this message on, as far as it is read."""
    history = unit.cases.history(case.number, newest=MOST_EVENTS)
    came = (
        at
        for at, event in enumerate(history)
        if isinstance(event.change, Received) and event.change.message == message
    )
    return history[next(came, 0) :]


def _by_hand(event: CaseEvent) -> bool:
    """Whether a person placed or closed the case: that stands."""
    if event.actor.kind is not ActorKind.AGENT:
        return False
    if isinstance(event.change, Answered):
        return event.change.afterwards is Afterwards.CLOSE
    return isinstance(event.change, Moved | Closed)
