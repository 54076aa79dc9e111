"""News of tickets: what the people of a helpdesk wrote, changed, merged or deleted there.

They come by webhook and by poll, more than once and in any order. An entry is told by its id, once
for ever; a state only where it is newer than what is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from inbox.answering import Answer, Answering, send
from inbox.case import Actor, ActorKind, Afterwards, Case, Status
from inbox.changes import (
    AnswerQueued,
    Change,
    Closed,
    HelpdeskAnswered,
    HelpdeskChanged,
    HelpdeskNoted,
    Received,
    TicketDeleted,
    TicketMoved,
)
from inbox.clearance import Span
from inbox.conversations import go_on_in
from inbox.desk import Back, Desk, HelpdeskPolicy, Solved
from inbox.deskwork import alert
from inbox.errors import Refusal
from inbox.excerpt import MOST_EVENTS
from inbox.message import Ref, Visibility
from inbox.outbox import NewItem, What, helpdesk_lane
from inbox.ports import Commented, TicketChanged, TicketEvent, TicketGone, Unit
from inbox.record import record
from inbox.ticket import DONE, WORKED, TicketLink, is_older
from inbox.ticket_effects import update_ticket
from inbox.ticketing import SOLVED

NO_CONVERSATION = (
    "there is no private conversation with the customer yet. Take the case private first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketNews:
    """The way back from the helpdesks."""

    desk: Desk
    answering: Answering

    def take(self, unit: Unit, name: str, events: Sequence[TicketEvent], *, at: datetime) -> int:
        """Take news of one helpdesk in their order; returns how many meant something new.

        What is told of a ticket that may be one of ours, on its way or just made, is kept until we
        know.
        """
        unit.lock(f"news:{name}")
        news = [*unit.tickets.take_early(name), *events]
        # Asked first: a ticket that another machine opens from here on is found as a case's.
        expected = bool(unit.outbox.undone(helpdesk_lane(name), limit=1)) or bool(
            unit.tickets.awaiting(name)
        )
        return sum(self._one(unit, name, event, at, expected=expected) for event in news)

    def _one(
        self, unit: Unit, name: str, event: TicketEvent, at: datetime, *, expected: bool
    ) -> bool:
        """`expected`: a ticket that no case has may become one's."""
        number = unit.tickets.case_of(name, event.ticket)
        case = unit.cases.get(number) if number is not None else None
        if case is None:
            if expected:
                unit.tickets.keep_early(name, event, at=at)
            return False
        policy = self.desk.helpdesks.get(name) or HelpdeskPolicy(name=name, back=Back.NONE)
        match event:
            case Commented():
                return self._commented(unit, policy, case, event, at)
            case TicketChanged():
                return self._changed(unit, policy, case, event, at)
            case TicketGone():
                return self._gone(unit, policy, case, event, at)

    # --- what was written ----------------------------------------------------------------

    def _commented(
        self, unit: Unit, policy: HelpdeskPolicy, case: Case, event: Commented, at: datetime
    ) -> bool:
        if _is_known(unit, case, policy.name, event.id):
            return False
        text = _whole_text(event)
        spans = self.answering.detector.detect(text).spans
        by = Actor(kind=ActorKind.HELPDESK, id=event.author)
        if not event.public:
            noted = HelpdeskNoted(
                desk=policy.name,
                ticket=event.ticket,
                entry=event.id,
                author=event.author,
                text=text,
                spans=spans,
            )
            record(unit, self.desk, case, [noted], actor=by, at=at)
            return True
        if policy.back is Back.NONE:
            return False
        self._answered(unit, policy, case, event, text, spans, by, at)
        return True

    def _answered(
        self,
        unit: Unit,
        policy: HelpdeskPolicy,
        case: Case,
        event: Commented,
        text: str,
        spans: tuple[Span, ...],
        by: Actor,
        at: datetime,
    ) -> None:
        """Told in Slack; sent on in private where the team wants that and it is possible."""
        queued: list[Change] = []
        items: list[NewItem] = []
        key, why_not = None, None
        if policy.back is Back.RELAY:
            key = f"relay:{policy.name}:{event.id}"
            try:
                afterwards = Afterwards.KEEP if policy.mirror else Afterwards.WAIT
                to = _had_read(unit, case, event.at)
                change, item = self._relayed(unit, case, text, key, afterwards, by, to, at)
                queued, items = [change], [item]
            except Refusal as refusal:
                key, why_not = None, str(refusal)
        told = HelpdeskAnswered(
            desk=policy.name,
            ticket=event.ticket,
            entry=event.id,
            author=event.author,
            text=text,
            spans=spans,
            relayed=key,
            why_not=why_not,
        )
        record(unit, self.desk, case, [told, *queued], actor=by, at=at)
        unit.outbox.add(items)

    def _relayed(
        self,
        unit: Unit,
        case: Case,
        text: str,
        key: str,
        afterwards: Afterwards,
        by: Actor,
        to: Ref | None,
        at: datetime,
    ) -> tuple[Change, NewItem]:
        """Only ever in private, and through every check that an answer goes through.

        Whose turn it is then, the ticket says where it is mirrored; what the customer wrote after
        `to` is not answered. Raises Refusal.
        """
        if case.dm is None:
            raise Refusal(NO_CONVERSATION)
        answer = Answer(
            text=text,
            visibility=Visibility.PRIVATE,
            afterwards=afterwards,
            key=key,
            seen=case.version,
        )
        draft = self.answering.draft(unit, case, text, Visibility.PRIVATE, at=at)
        spans = self.answering.check(draft, case.number)
        go_on_in(unit, case, draft.conversation)
        queued = AnswerQueued(
            key=key,
            text=text,
            spans=spans,
            visibility=Visibility.PRIVATE,
            afterwards=afterwards,
            automatic=False,
        )
        return queued, send(case, draft, spans, answer, by=by, to=to)

    # --- what was changed ----------------------------------------------------------------

    def _changed(
        self, unit: Unit, policy: HelpdeskPolicy, case: Case, event: TicketChanged, at: datetime
    ) -> bool:
        known = case.ticket
        if known is None or (known.desk, known.id) != (policy.name, event.ticket):
            return False
        news = _newer(known, event)
        if (news.status, news.priority, news.assignee) == (
            known.status,
            known.priority,
            known.assignee,
        ):
            return False  # old, or our own change that comes back
        late = news.status not in WORKED and event.at < _wrote_last(unit, case)
        owner = policy.user_of(news.assignee)
        solved = news.status in DONE and known.status not in DONE
        closes = solved and not late and case.status is not Status.CLOSED
        told = HelpdeskChanged(
            desk=policy.name,
            ticket=event.ticket,
            status=news.status,
            as_of=event.at,
            priority=news.priority,
            assignee=news.assignee,
            owner=owner if owner != case.owner else None,
            followed=policy.mirror and not late,
            asks=closes and policy.solved is Solved.ASK,
        )
        closing = [Closed(resolution=SOLVED)] if closes and not told.asks else []
        by = Actor(kind=ActorKind.HELPDESK, id=policy.name)
        case = record(unit, self.desk, case, [told, *closing], actor=by, at=at)
        if late:  # the customer wrote after that: the ticket has to be opened again
            unit.outbox.add([update_ticket(case, What.STATUS)])
        return True

    # --- what is gone --------------------------------------------------------------------

    def _gone(
        self, unit: Unit, policy: HelpdeskPolicy, case: Case, event: TicketGone, at: datetime
    ) -> bool:
        other = unit.tickets.case_of(policy.name, event.into) if event.into else None
        if event.into is not None and other is None:
            unit.tickets.link(policy.name, event.into, case.number)
        known = case.ticket
        if known is None or (known.desk, known.id) != (policy.name, event.ticket):
            return False
        by = Actor(kind=ActorKind.HELPDESK, id=policy.name)
        if event.into is None:
            deleted = TicketDeleted(desk=policy.name, ticket=event.ticket)
            case = record(unit, self.desk, case, [deleted], actor=by, at=at)
            _tell(unit, case, f"The ticket of case {case.number} was deleted in {policy.name}.")
            return True
        shared = other if other != case.number else None
        moved = TicketMoved(desk=policy.name, ticket=event.ticket, into=event.into, shared=shared)
        case = record(unit, self.desk, case, [moved], actor=by, at=at)
        if shared is not None:
            _tell(unit, case, _two_in_one(case.number, shared, policy.name))
        return True


def _two_in_one(case: int, other: int, name: str) -> str:
    return (
        f"The tickets of cases {case} and {other} are one now in {name}: what is answered there"
        f" goes to the customer of case {other}. Answer case {case} from here."
    )


def _tell(unit: Unit, case: Case, text: str) -> None:
    key = f"ticket-gone:{case.number}:{case.version}"
    unit.outbox.add([alert(case.channel, text, key=key, case=case.number)])


def _is_known(unit: Unit, case: Case, name: str, entry: str) -> bool:
    """Whether it was told before, however long ago."""
    return any(
        isinstance(event.change, HelpdeskAnswered | HelpdeskNoted)
        and (event.change.desk, event.change.entry) == (name, entry)
        for event in unit.cases.history(case.number, kinds=(HelpdeskAnswered, HelpdeskNoted))
    )


def _newer(known: TicketLink, event: TicketChanged) -> TicketLink:
    """The ticket with what the news tell of it, but for what is known as of a later time."""
    old = is_older
    return replace(
        known,
        status=known.status if old(event.at, known.status_as_of) else event.status,
        priority=known.priority
        if old(event.at, known.priority_as_of)
        else event.priority or known.priority,
        assignee=known.assignee
        if old(event.at, known.assignee_as_of)
        else event.assignee or known.assignee,
    )


def _wrote_last(unit: Unit, case: Case) -> datetime:
    """When the customer last wrote something that wants an answer."""
    received = unit.cases.history(case.number, kinds=(Received,), newest=MOST_EVENTS)
    wrote = [e.at for e in received if isinstance(e.change, Received) and e.change.reopens]
    return max(wrote, default=case.opened_at)


def _had_read(unit: Unit, case: Case, at: datetime) -> Ref | None:
    """The customer's newest message when the helpdesk wrote, by its clock; else the first."""
    before = unit.cases.history(case.number, kinds=(Received,), by=at, newest=1)
    first = before or unit.cases.history(case.number, kinds=(Received,), oldest=1)
    for event in first:
        if isinstance(event.change, Received):
            return event.change.message
    return case.last


def _whole_text(event: Commented) -> str:
    """With the links of what hangs on it."""
    return "\n".join((event.text, *(each.url for each in event.attachments)))
