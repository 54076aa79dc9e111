"""What a card, a history line or a window needs to know of a case, in one look at the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from inbox.called import as_called
from inbox.case import ActorKind, Afterwards, Case, Status
from inbox.changes import (
    Answered,
    AnswerQueued,
    CaseEvent,
    Closed,
    Held,
    Hidden,
    Liked,
    Moved,
    NotSent,
    Received,
)
from inbox.contacts import contacts
from inbox.decision import Decision
from inbox.desk import Desk
from inbox.excerpt import MOST_MESSAGES, excerpt
from inbox.message import Account, Ref, Visibility
from inbox.ports import Card, Connection, Contact, Stored, Unit
from inbox.ticket_deliveries import tickets_wait
from inbox.waiting import Wait, answer_waits


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case with its surroundings. `messages` and `history` are oldest first, ours included.

    Of a long case they are an excerpt (see inbox.excerpt): where it is not `whole`, older messages
    are left out, and so are events before `unbroken`.

    `waits` is why its ticket does not get to the helpdesk at present, `answer_waits` why its
    answer does not get to the network.
    """

    case: Case
    desk: Desk
    messages: tuple[Stored, ...]
    history: tuple[CaseEvent, ...]
    contact: Contact | None
    cards: tuple[Card, ...]
    connection: Connection | None
    whole: bool = True
    unbroken: int = 1
    waits: str | None = None
    answer_waits: Wait | None = None

    @property
    def zone(self) -> ZoneInfo:
        return self.desk.hours.zone

    @property
    def handle(self) -> str:
        """How the brand is called on the case's network."""
        return self.connection.handle if self.connection else self.case.account.name

    def card_in(self, channel: str) -> Card | None:
        return next((card for card in self.cards if card.channel == channel), None)

    def theirs(self) -> tuple[Stored, ...]:
        """What the customer wrote."""
        return tuple(stored for stored in self.messages if not stored.mine)

    def find(self, ref: Ref) -> Stored | None:
        return next((stored for stored in self.messages if stored.message.ref == ref), None)

    def unanswered(self) -> tuple[Stored, ...]:
        """What the customer wrote since our last answer, or else the newest message."""
        since = 0
        for position, stored in enumerate(self.messages):
            since = position + 1 if stored.mine else since
        return tuple(s for s in self.messages[since:] if not s.mine) or self.theirs()[-1:]

    def more_unanswered(self) -> bool:
        """Whether the customer wrote more since our last answer than `unanswered` holds."""
        return not self.whole and len(self.unanswered()) > MOST_MESSAGES

    def decision(self, *, public: bool = False) -> Stored | None:
        """The newest message that was decided on (of those in public)."""
        decided = (s for s in reversed(self.messages) if s.decision is not None)
        return next((s for s in decided if not public or is_public(s)), None)

    def placed_by(self) -> Stored | None:
        """The newest message whose decision is for the case's tier, else the newest decided on.

        A later message that asks for less leaves a case where it is: it does not say why.
        """
        decided = (s for s in reversed(self.messages) if s.decision is not None)
        for stored in decided:
            if stored.decision is not None and stored.decision.tier == self.case.tier:
                return stored
        return self.decision()

    def moved_by_hand(self) -> CaseEvent | None:
        """The move that brought the case to its tier, where a person made it."""
        move = self.last_move()
        return move if move is not None and move.actor.kind is ActorKind.AGENT else None

    def answered(self, ref: Ref) -> CaseEvent | None:
        """The event that told that this answer of ours stands on its network."""
        for event in self.history:
            match event.change:
                case Answered(message=message) if message == ref:
                    return event
        return None

    def received(self, ref: Ref) -> CaseEvent | None:
        """The event by which this message of the customer joined the case."""
        for event in self.history:
            match event.change:
                case Received(message=message) if message == ref:
                    return event
        return None

    def event(self, seq: int) -> CaseEvent | None:
        return next((event for event in self.history if event.seq == seq), None)

    def last_move(self) -> CaseEvent | None:
        return next((e for e in reversed(self.history) if isinstance(e.change, Moved)), None)

    def left(self, channel: str, *, before: int) -> CaseEvent | None:
        """The last move before an event that took the case out of this channel."""
        for event in reversed(self.history):
            match event.change:
                case Moved(before_channel=old, channel=new) if old == channel != new:
                    if event.seq < before:
                        return event
        return None

    def closed_by(self) -> CaseEvent | None:
        """Who closed it, where it is closed: an answer may have arrived since."""
        if self.case.status is not Status.CLOSED:
            return None
        for event in reversed(self.history):
            match event.change:
                case Closed() | Answered(afterwards=Afterwards.CLOSE):
                    return event
        return None

    def is_hidden(self, ref: Ref) -> bool:
        """Whether the network hides it, as far as we asked it to."""
        for event in reversed(self.history):
            match event.change:
                case Hidden(message=message, hidden=hidden, reason=None) if message == ref:
                    return hidden
        return False

    def is_liked(self, ref: Ref) -> bool:
        for event in reversed(self.history):
            match event.change:
                case Liked(message=message, liked=liked, reason=None) if message == ref:
                    return liked
        return False


def answer_to_tell(history: Sequence[CaseEvent]) -> AnswerQueued | Held | Answered | NotSent | None:
    """One that a person has to decide on, else one on its way, else how the newest ended."""
    under_way: dict[str, AnswerQueued | Held] = {}
    ended: Answered | NotSent | None = None
    for event in history:
        match event.change:
            case AnswerQueued(key=key) | Held(key=key) as change:
                under_way[key] = change
            case Answered(key=key) | NotSent(key=key) as change:
                under_way.pop(key, None)
                ended = change
    held = (change for change in under_way.values() if isinstance(change, Held))
    return next(held, None) or next(iter(under_way.values()), ended)


def is_public(stored: Stored) -> bool:
    return stored.message.visibility is Visibility.PUBLIC


def decision_of(stored: Stored | None) -> Decision | None:
    return stored.decision if stored else None


def view_case(
    unit: Unit,
    desk: Desk,
    connections: Mapping[Account, Connection],
    number: int,
    *,
    upto: int | None = None,
) -> CaseView | None:
    """None where there is no such case. `upto`: an event that is told with what led to it."""
    case = unit.cases.get(number)
    if case is None:
        return None
    read = excerpt(unit, case, upto=upto)
    answer = answer_to_tell(read.history)
    return CaseView(
        case=as_called(case, read.messages),
        desk=desk,
        messages=read.messages,
        history=read.history,
        whole=read.whole,
        unbroken=read.unbroken,
        contact=contacts(unit, {case.author.ref}).get(case.author.ref),
        cards=tuple(unit.cards.of_case(number)),
        connection=connections.get(case.account),
        waits=tickets_wait(unit, case.helpdesk) if case.helpdesk and not case.ticket else None,
        answer_waits=answer_waits(unit, case, answer) if isinstance(answer, AnswerQueued) else None,
    )
