"""A reception with articles: its door, and messages that no article may answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from inbox.answering import Answering
from inbox.case import Case
from inbox.changes import CaseEvent
from inbox.decision import Answer, Articles, Decision, Response
from inbox.errors import IntegrationError
from inbox.facts import Facts, Findings
from inbox.message import Account, Author, Draft, Event, Posted, Ref, Sent
from inbox.outbox import SendAnswer
from inbox.ports import Connection, Detector, Knowledge
from inbox.reception import Reception
from responders.article_answer import ArticleAnswer
from responders.courier import AnswerCourier
from responders.menu_offer import MenuOffer
from responders.menus import Choice, Menu, MenuBook
from responders.private_move import PrivateMove
from responders.public_reply import Automatic, PublicReply
from responders.templates import Template, TemplateBook, Use
from tests.articles import an_index
from tests.builders import ACCOUNT, a_decision, a_message, a_ref, an_author, minutes
from tests.carrying import carry
from tests.house import FakeDetector, House, Plain, a_connection
from tierdesk.arrivals import Arrivals

ASKED = "When are you open?"
MENU = Menu(
    key="help",
    variants={"en": "What is it about?", "ro": "Despre ce?"},
    choices=(
        Choice(key="order", variants={"en": "My order", "ro": "Comanda mea"}),
        Choice(key="money", variants={"en": "A payment", "ro": "O plată"}),
    ),
)


ENGLISH = Findings(language="en")


@dataclass
class Sender:
    """A network with both ways that shows what it has; `fault` is what it answers instead."""

    fault: IntegrationError | None = None
    there: dict[str, Draft] = field(default_factory=dict)

    def reply(self, draft: Draft, *, key: str) -> Sent:
        if self.fault is not None:
            raise self.fault
        assert key not in self.there, "sent twice"
        self.there[key] = draft
        return Sent(ref=a_ref(f"sent-{key}"))

    def message(self, draft: Draft, *, key: str) -> Sent:
        return self.reply(draft, key=key)

    def conversation_with(self, author: Author) -> Ref:
        return a_ref(f"dm-{author.handle}")

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        return Sent(ref=a_ref(f"sent-{key}")) if key in self.there else None

    def texts(self) -> list[str]:
        return [draft.text for draft in self.there.values()]


class Short(Plain):
    """A network that takes little."""

    most = 100


def decide(facts: Facts) -> Decision:
    """Every rule lets articles answer; some words and choices lead elsewhere."""
    if facts.menu_choice == "money" or "private" in facts.text:
        return a_decision("money", tier=2)
    if facts.menu_choice == "order":
        return a_decision("order", tags=("order",))
    if "hello" in facts.text:
        menu = Response(kind=Answer.MENU, template="help")
        return a_decision("greeting", response=menu, articles=Articles.AUTO)
    if "invite" in facts.text:
        move = Response(kind=Answer.PRIVATE_MOVE, template="invitation", note="note")
        return a_decision("invites", tier=2, response=move)
    if "opening" in facts.text:
        answer = Response(kind=Answer.PUBLIC_REPLY, template="hours")
        return a_decision("opening", response=answer)
    if "gap" in facts.text:
        answer = Response(kind=Answer.PUBLIC_REPLY, template="gap")
        return a_decision("gap", tier=0, response=answer)
    if "template" in facts.text:
        answer = Response(kind=Answer.PUBLIC_REPLY, template="hours")
        return a_decision("hours", tier=0, response=answer)
    mode = Articles.SUGGEST if "suggest" in facts.text else Articles.AUTO
    return a_decision("everything", team="lamps", articles=mode)


def a_template(key: str, text: str) -> Template:
    return Template(key=key, title=key, use=Use.BOTH, variants={"en": text, "ro": f"RO {text}"})


BOOK = TemplateBook(
    fallback="en",
    templates={
        "article_answer": a_template("article_answer", "{answer} | {article_url} | automatic"),
        "hours": a_template("hours", "At nine."),
        "gap": a_template("gap", "Here it stands: {article_url}."),
        "invitation": a_template("invitation", "Tell us more here."),
        "note": a_template("note", "We wrote to you."),
    },
    menus=MenuBook(menus={"help": MENU}),
)


@dataclass
class Door:
    """A reception with articles and its house."""

    house: House
    allowed: Articles = Articles.AUTO
    findings: Findings = ENGLISH
    minute: int = 0
    short: bool = False
    knowledge: Knowledge = field(default_factory=an_index)
    seen_in_answers: Detector = field(default_factory=FakeDetector)
    sender: Sender = field(default_factory=Sender)

    @property
    def arrivals(self) -> Arrivals:
        return Arrivals(
            writer=self.house.writer,
            reception=self.reception,
            detector=FakeDetector(lambda text: self.findings),
            now=lambda: minutes(self.minute),
        )

    @property
    def connections(self) -> Mapping[Account, Connection]:
        measure = Short() if self.short else Plain()
        ways = {"public": self.sender, "private": self.sender, "readback": self.sender}
        return {ACCOUNT: a_connection(**ways, measure=measure)}

    @property
    def courier(self) -> AnswerCourier:
        self.house.clock.time = minutes(self.minute)
        return AnswerCourier(
            connections=self.connections,
            store=self.house.database,
            now=self.house.clock,
            knowledge=self.knowledge,
        )

    @property
    def reception(self) -> Reception:
        desk = replace(self.house.desk, articles={ACCOUNT: self.allowed})
        detector = self.seen_in_answers
        answering = Answering(desk=desk, connections=self.connections, detector=detector)
        automatic = Automatic(answering=answering, templates=BOOK)
        return Reception(
            desk=desk,
            router=self.house.router,
            planners={
                Answer.PUBLIC_REPLY: PublicReply(automatic=automatic),
                Answer.PRIVATE_MOVE: PrivateMove(automatic=automatic),
                Answer.MENU: MenuOffer(automatic=automatic, menus=BOOK.menus),
            },
            articles=ArticleAnswer(automatic=automatic, knowledge=self.knowledge),
            menus=BOOK.menus,
        )

    def hear(self, text: str = ASKED, **more: object) -> Case:
        """A message of the one customer arrives; the case as it is then."""
        self.minute += 1
        named = {"conversation": a_ref("1"), "created_at": minutes(self.minute), **more}
        message = a_message(str(self.minute), text=text, **named)
        self.take(Posted(message=message))
        return self.case()

    def take(self, event: Event, me: Ref | None = None) -> None:
        arrivals = self.arrivals
        arrivals.submit(arrivals.look_at([event], me=me)).result()

    def case(self) -> Case:
        with self.house.database.read() as unit:
            [case] = unit.cases.by_key({(a_ref("1"), an_author().ref)}).values()
        return case

    def history(self) -> list[CaseEvent]:
        with self.house.database.read() as unit:
            return list(unit.cases.history(self.case().number))

    def sent(self) -> list[SendAnswer]:
        return [i.effect for i in self.house.queued() if isinstance(i.effect, SendAnswer)]

    def deliver(self) -> None:
        """What waits is carried to the network, each as far as it goes."""
        while carry(self.house, self.courier):
            pass

    def works(self, work: Callable[..., Case], *arguments: object) -> Case:
        """An agent does something with the case."""
        desk, number, at = self.house.desk, self.case().number, minutes(self.minute)
        return self.house.writer.run(
            lambda unit: work(unit, desk, number, "U1", *arguments, seen_in=None, at=at)
        )


def account_does_not_agree(door: Door) -> str:
    door.allowed = Articles.SUGGEST
    return ASKED


def unknown_language(door: Door) -> str:
    door.findings = Findings(language=None)
    return ASKED


def a_story(door: Door) -> str:
    return ASKED + " I was there." * 40
