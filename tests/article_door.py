"""A reception with articles: its door, and messages that no article may answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec.structs import replace

from inbox.answering import Answering
from inbox.case import SYSTEM, Case
from inbox.changes import Answered, AnswerQueued, CaseEvent
from inbox.decision import Answer, Articles, Decision, Response
from inbox.facts import Facts, Findings
from inbox.message import Author, Draft, Event, Posted, Ref, Sent
from inbox.outbox import SendAnswer
from inbox.ports import Detector, Knowledge
from inbox.reception import Reception
from inbox.record import record
from responders.article_answer import ArticleAnswer
from responders.menu_offer import MenuOffer
from responders.menus import Choice, Menu, MenuBook
from responders.public_reply import Automatic, PublicReply
from responders.templates import Template, TemplateBook, Use
from tests.articles import an_index
from tests.builders import ACCOUNT, a_decision, a_message, a_ref, an_author, minutes
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


class Sender:
    """A network with both ways; nothing is sent here."""

    def reply(self, draft: Draft, *, key: str) -> Sent:
        return Sent(ref=a_ref(f"sent-{key}"))

    def message(self, draft: Draft, *, key: str) -> Sent:
        return Sent(ref=a_ref(f"sent-{key}"))

    def conversation_with(self, author: Author) -> Ref:
        return a_ref(f"dm-{author.handle}")


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
    if "template" in facts.text:
        answer = Response(kind=Answer.PUBLIC_REPLY, template="hours")
        return a_decision("hours", tier=0, response=answer)
    mode = Articles.SUGGEST if "suggest" in facts.text else Articles.AUTO
    return a_decision("everything", articles=mode)


def a_template(key: str, text: str) -> Template:
    return Template(key=key, title=key, use=Use.BOTH, variants={"en": text, "ro": f"RO {text}"})


BOOK = TemplateBook(
    fallback="en",
    templates={
        "article_answer": a_template("article_answer", "{answer} | {article_url} | automatic"),
        "hours": a_template("hours", "At nine."),
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

    @property
    def arrivals(self) -> Arrivals:
        return Arrivals(
            writer=self.house.writer,
            reception=self.reception,
            detector=FakeDetector(lambda text: self.findings),
            now=lambda: minutes(self.minute),
        )

    @property
    def reception(self) -> Reception:
        desk = replace(self.house.desk, articles={ACCOUNT: self.allowed})
        connection = a_connection(
            public=Sender(), private=Sender(), measure=Short() if self.short else Plain()
        )
        answering = Answering(
            desk=desk, connections={ACCOUNT: connection}, detector=self.seen_in_answers
        )
        automatic = Automatic(answering=answering, templates=BOOK)
        return Reception(
            desk=desk,
            router=self.house.router,
            planners={
                Answer.PUBLIC_REPLY: PublicReply(automatic=automatic),
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
        """What was queued stands on the network: it is the customer's turn."""
        queued = [e.change for e in self.history() if isinstance(e.change, AnswerQueued)][-1]
        case = self.case()
        answered = Answered(
            key=queued.key,
            text=queued.text,
            spans=(),
            visibility=queued.visibility,
            afterwards=queued.afterwards,
            automatic=True,
            answers=case.last,
            message=a_ref(f"sent-{queued.key}"),
            url=None,
        )
        self.house.writer.run(
            lambda u: record(
                u, self.house.desk, case, [answered], actor=SYSTEM, at=minutes(self.minute)
            )
        )


def account_does_not_agree(door: Door) -> str:
    door.allowed = Articles.SUGGEST
    return ASKED


def unknown_language(door: Door) -> str:
    door.findings = Findings(language=None)
    return ASKED


def a_story(door: Door) -> str:
    return ASKED + " I was there." * 40
