"""A desk with one helpdesk: a real store, the real courier and news, the helpdesk in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from inbox import deliveries, deskwork
from inbox.answering import Answering
from inbox.case import Case
from inbox.changes import CaseEvent
from inbox.desk import Back, Desk, HelpdeskPolicy, Solved
from inbox.errors import IntegrationError
from inbox.facts import Findings
from inbox.message import Author, Draft, Kind, Posted, Ref, Sent, Visibility
from inbox.outbox import Alert, Effect, Item, SendAnswer, State
from inbox.ports import Delivered, TicketEvent, Unit
from inbox.reception import Arrival
from inbox.ticket_news import TicketNews
from responders.tickets import TicketCourier
from tests.builders import a_message, a_ref
from tests.helpdesks.fake import FakeHelpdesk, connection_to
from tests.house import FakeDetector, House, a_connection, a_desk
from tierdesk.helpdesk_news import HelpdeskNews, HelpdeskPoll
from tierdesk.pulse import Pulse

T = TypeVar("T")
MIHAI, IOANA = "U0MIHAI", "U0IOANA"
LINK = "https://slack.example/card"
LEASE = timedelta(seconds=90)


@dataclass
class FakeSender:
    """Takes private answers, under the network's own names."""

    sent: list[Draft] = field(default_factory=list)

    def message(self, draft: Draft, *, key: str) -> Sent:
        self.sent.append(draft)
        return Sent(ref=a_ref(f"sent-{len(self.sent)}"))

    def reply(self, draft: Draft, *, key: str) -> Sent:
        return self.message(draft, key=key)

    def conversation_with(self, author: Author) -> Ref:
        return a_ref(f"dm:{author.ref.id}")


def a_policy(**fields: object) -> HelpdeskPolicy:
    plain: dict[str, object] = {
        "name": "support",
        "back": Back.SHOW,
        "solved": Solved.ASK,
        "agents": {MIHAI: "rita@brand.example"},
    }
    return HelpdeskPolicy(**plain | fields)  # type: ignore[arg-type]  # a builder takes any field


class Stage:
    """`carry` brings what waits to the helpdesk and to the network, `look` polls the helpdesk."""

    def __init__(
        self, directory: Path, policy: HelpdeskPolicy | None = None, desk: Desk | None = None
    ) -> None:
        desk = desk or replace(a_desk(), helpdesks={"support": policy or a_policy()})
        self.file = directory / "house.db"
        self.house = House(directory, desk=desk)
        self.clock = self.house.clock
        self.helpdesk = FakeHelpdesk(self.house.clock)
        self.network = FakeSender()
        self.detector = FakeDetector()
        connection = a_connection(private=self.network, public=self.network)
        answering = Answering(
            desk=desk, connections={connection.account: connection}, detector=self.detector
        )
        helpdesk = connection_to(self.helpdesk)
        self.link: str | None = LINK
        self.shown: list[Effect] = []
        self.courier = TicketCourier(
            helpdesks={"support": helpdesk},
            desk=desk,
            store=self.house.database,
            detector=self.detector,
            now=self.clock,
            link=lambda number: self.link,
            network=str.capitalize,
            agent=lambda user: user.removeprefix("U0").capitalize(),
            brand=lambda case: "@brand",
        )
        self.news = HelpdeskNews(
            writer=self.house.writer,
            news=TicketNews(desk=desk, answering=answering),
            now=self.clock,
        )
        self.pulse = Pulse(self.house.writer, self.clock)
        self.poll = HelpdeskPoll(
            connection=helpdesk,
            watch=self.helpdesk,
            every=timedelta(seconds=30),
            store=self.house.database,
            news=self.news,
            desk=desk,
            now=self.clock,
            pulse=self.pulse,
        )

    def __enter__(self) -> Stage:
        self.poll.turn()
        return self

    def __exit__(self, *error: object) -> None:
        self.house.__exit__(*error)

    # --- people --------------------------------------------------------------------------

    def write(
        self,
        id: str = "1",  # noqa: A002 - the field's own name
        text: str = "Where is my parcel?",
        *,
        private: bool = False,
        findings: Findings | None = None,
        **fields: object,
    ) -> Case:
        """The customer writes; the first message opens case 1. Returns the case."""
        place = {"conversation": a_ref("dm:@ana@example.org"), "kind": Kind.DM} if private else {}
        if id != "1" and not private:
            place = {"conversation": a_ref("1"), "in_reply_to": a_ref("1")}
        message = a_message(
            id,
            text=text,
            visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
            created_at=self.clock(),
            **place | fields,
        )
        arrival = Arrival(event=Posted(message=message), findings=findings or Findings())
        self.run(lambda unit: self.house.reception.receive(unit, [arrival], now=self.clock()))
        return self.case()

    def escalate(self, tier: int = 2, reason: str = "Please look", *, case: int = 1) -> Case:
        return self.run(
            lambda unit: deskwork.escalate(
                unit,
                self.house.desk,
                case,
                MIHAI,
                tier,
                reason,
                helpdesk="support",
                seen_in=None,
                at=self.clock(),
            )
        )

    def close(self) -> Case:
        return self.run(
            lambda unit: deskwork.close(
                unit, self.house.desk, 1, MIHAI, "answered", seen_in=None, at=self.clock()
            )
        )

    # --- the machine ---------------------------------------------------------------------

    def run(self, job: Callable[[Unit], T]) -> T:
        return self.house.writer.run(job)

    def carry(self, *, most: int = 200) -> list[Item]:
        """Deliver what is due for the helpdesk and the network; returns what was tried."""
        tried: list[Item] = []
        while len(tried) < most:
            items = self.run(lambda unit: unit.outbox.lease("stage", limit=8, lease_for=LEASE))
            if not items:
                return tried
            for item in items:
                if item.lane.startswith("slack:"):
                    self._show(item)
                else:
                    tried.append(item)
                    self._deliver(item)
        return tried

    def _show(self, item: Item) -> None:
        self.shown.append(item.effect)
        self.run(lambda unit: unit.outbox.settle(item.id, State.DELIVERED))

    def _deliver(self, item: Item) -> None:
        desk, at = self.house.desk, self.clock()
        try:
            if isinstance(item.effect, SendAnswer):
                draft = item.effect.draft
                sent = self.network.message(draft, key=item.key)
                result = Delivered(ref=sent.ref)
            else:
                result = self.courier.deliver(item)
        except IntegrationError as error:
            failure = error
            self.run(lambda unit: deliveries.not_delivered(unit, desk, item, failure, at=at))
            return
        self.run(lambda unit: deliveries.delivered(unit, desk, item, result, at=at))

    def hurry(self) -> None:
        """The time of every wait is over."""
        with closing(sqlite3.connect(self.file)) as database, database:
            database.execute("UPDATE outbox SET not_before = 0")

    def look(self) -> None:
        """Ask the helpdesk for news."""
        self.poll.turn()

    def tell(self, *events: TicketEvent) -> int:
        """News by webhook, in this order."""
        return self.news.submit("support", events).result()

    # --- what there is -------------------------------------------------------------------

    def case(self, number: int = 1) -> Case:
        with self.house.database.read() as unit:
            case = unit.cases.get(number)
        assert case
        return case

    def history(self, number: int = 1) -> Sequence[CaseEvent]:
        with self.house.database.read() as unit:
            return unit.cases.history(number)

    def changes(self, *kinds: type) -> list[object]:
        return [e.change for e in self.history() if isinstance(e.change, kinds)]

    def told(self) -> list[str]:
        """What was said in channels, beside cards."""
        return [effect.text for effect in self.shown if isinstance(effect, Alert)]

    def held(self) -> Sequence[Item]:
        with self.house.database.read() as unit:
            return unit.outbox.in_state(State.HELD)

    def lines(self, ticket: str | None = None) -> list[str]:
        """The texts of the case's ticket, or of another one."""
        name = ticket or (self.case().ticket.id if self.case().ticket else "")  # type: ignore[union-attr]
        return [line.text for line in self.helpdesk.kept[name].lines]

    def take_back(self) -> None:
        """The process died and began anew."""
        self.run(lambda unit: unit.outbox.take_back("stage"))
