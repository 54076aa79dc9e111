"""A house whose one network has preconditions, with all that answers there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from inbox.answering import Answer, Answering
from inbox.case import Afterwards, Case
from inbox.decision import Answer as Kind
from inbox.decision import Response
from inbox.errors import IntegrationError
from inbox.message import Author, Draft, Event, Message, Posted, Ref, Sent, Visibility
from inbox.outbox import SendAnswer
from inbox.ports import Approach, Delivered, Planner, Window
from inbox.reception import Arrival, Reception
from responders.courier import AnswerCourier
from responders.private_move import PrivateMove
from responders.public_reply import Automatic, PublicReply
from tests.builders import ACCOUNT, a_decision, a_message, a_ref, an_author
from tests.carrying import carry
from tests.house import FakeDetector, House, a_connection

PUBLIC, PRIVATE = Visibility.PUBLIC, Visibility.PRIVATE
A_WEEK = timedelta(days=7)


@dataclass
class CommentPage:
    """Private only under a comment, once and within a week, or a day after they wrote."""

    asked: list[Approach] = field(default_factory=list)
    sent: list[Draft] = field(default_factory=list)

    def look(self, approach: Approach, *, at: datetime) -> Window:
        self.asked.append(approach)
        if approach.visibility is PUBLIC:
            return Window()
        if approach.wrote_at and approach.target and approach.target.visibility is PRIVATE:
            return self._until(approach.wrote_at + timedelta(days=1), at)
        if approach.target is None or approach.invited:
            return Window(why_not="One private answer to a comment; it was given.")
        return self._until(approach.target.created_at + A_WEEK, at)

    def _until(self, until: datetime, at: datetime) -> Window:
        return Window(why_not="Too late." if at > until else None, until=until)

    def reply(self, draft: Draft, *, key: str) -> Sent:
        self.sent.append(draft)
        return Sent(ref=a_ref(f"sent-{len(self.sent)}"))

    def message(self, draft: Draft, *, key: str) -> Sent:
        return self.reply(draft, key=key)

    def conversation_with(self, author: Author) -> Ref:
        return a_ref(f"dm-{author.handle}")


class Texts:
    def render(
        self,
        name: str,
        *,
        language: str | None,
        case: Case,
        author: Author,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        return f"The text {name}."


class Bench:
    """A house whose one network has preconditions."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.page = CommentPage()
        self.connections = {
            ACCOUNT: a_connection(public=self.page, private=self.page, windows=self.page)
        }
        self.answering = Answering(
            desk=house.desk, connections=self.connections, detector=FakeDetector()
        )
        automatic = Automatic(answering=self.answering, templates=Texts())
        planners: dict[Kind, Planner] = {
            Kind.PUBLIC_REPLY: PublicReply(automatic=automatic),
            Kind.PRIVATE_MOVE: PrivateMove(automatic=automatic),
        }
        self.reception = Reception(desk=house.desk, router=house.router, planners=planners)
        self.courier = AnswerCourier(
            connections=self.connections, store=house.database, now=house.clock
        )

    def arrive(self, message: Message) -> None:
        event: Event = Posted(message=message)
        arrivals = [Arrival(event=event)]
        now = self.house.clock()
        self.house.writer.run(lambda unit: self.reception.receive(unit, arrivals, now=now))

    def reply(
        self,
        text: str = "Write to us here.",
        visibility: Visibility = PRIVATE,
        *,
        number: int = 1,
    ) -> None:
        answer = Answer(
            text=text, visibility=visibility, afterwards=Afterwards.WAIT, key=text, seen=99
        )
        self.house.writer.run(
            lambda unit: self.answering.reply(
                unit, number, "U1", answer, seen_in=None, at=self.house.clock()
            )
        )

    def window(self, visibility: Visibility = PRIVATE) -> Window:
        with self.house.database.read() as unit:
            case = unit.cases.get(1)
            assert case
            return self.answering.window(unit, case, visibility, at=self.house.clock())

    def deliver(self) -> list[Delivered | IntegrationError]:
        """Carry out all answers that wait."""
        return carry(self.house, self.courier)

    def drafts(self) -> list[Draft]:
        effects = (item.effect for item in self.house.queued())
        return [effect.draft for effect in effects if isinstance(effect, SendAnswer)]

    def changes(self, kind: type | tuple[type, ...]) -> list[object]:
        with self.house.database.read() as unit:
            found = [event.change for event in unit.cases.history(1)]
        return [change for change in found if isinstance(change, kind)]


def by_rule(bench: Bench, kind: Kind) -> None:
    response = Response(kind=kind, template="invite", note="note")
    bench.house.router.decide = lambda facts: a_decision(response=response)


def a_comment(id: str = "1", **fields: object) -> Message:  # noqa: A002 - the field's name
    return a_message(id, native={"comment": f"c{id}"}, **fields)


def a_dm(id: str, at: datetime) -> Message:  # noqa: A002 - the field's name
    return a_message(
        id,
        visibility=PRIVATE,
        conversation=a_ref(f"dm-{an_author().handle}"),
        created_at=at,
        native={"mid": id},
    )
