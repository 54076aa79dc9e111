"""Tier 0: when an article answers by itself, what is sent, and what comes after."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox.answering import Answering
from inbox.case import SYSTEM, Case, Status
from inbox.changes import Answered, AnswerQueued, CaseEvent, Moved
from inbox.clearance import DataClass, Span
from inbox.decision import Answer, Articles, Decision, Response
from inbox.desk import Tier
from inbox.facts import Facts, Findings, Topic
from inbox.knowledge import Article, Certainty, Hit
from inbox.message import Author, Draft, Edited, Event, Posted, Ref, Sent, Visibility
from inbox.outbox import SendAnswer
from inbox.ports import Knowledge
from inbox.reception import Reception
from inbox.record import record
from responders.article_answer import ArticleAnswer
from responders.knowledge.index import KnowledgeIndex
from responders.menu_offer import MenuOffer
from responders.menus import Choice, Menu, MenuBook
from responders.public_reply import Automatic, PublicReply
from responders.templates import Template, TemplateBook, Use
from tests.articles import HOURS, RETURNS, an_index
from tests.builders import ACCOUNT, a_decision, a_message, a_ref, an_author, minutes
from tests.house import FakeDetector, FakeRouter, House, Plain, a_connection, a_desk
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
        detector = FakeDetector(lambda text: Findings(language="en"))
        answering = Answering(desk=desk, connections={ACCOUNT: connection}, detector=detector)
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


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    tiers = dict(a_desk().tiers) | {0: Tier(number=0, name="Self-service")}
    with House(tmp_path, FakeRouter(decide), a_desk(tiers=tiers)) as house:
        yield Door(house)


def test_a_certain_article_answers_a_first_message_and_the_case_is_self_service(door: Door) -> None:
    case = door.hear()

    [effect] = door.sent()
    assert effect.draft.text == f"{HOURS.body} | {HOURS.url} | automatic"
    assert effect.automatic
    assert (case.tier, case.channel) == (0, "care")
    with door.house.database.read() as unit:
        [stored] = unit.messages.of_case(case.number)
    assert stored.decision is not None
    assert (stored.decision.article, stored.decision.tier) == ("hours", 1)
    assert stored.decision.explanation.because[-1] == "article hours answers it (“open”)"


def test_the_answer_is_in_the_customer_s_language(door: Door) -> None:
    door.findings = Findings(language="ro")
    door.hear("La ce oră deschideți?")
    [effect] = door.sent()
    assert effect.draft.text.startswith(f"RO {HOURS.answers['ro']}")


def test_a_long_article_is_shortened_to_what_the_network_takes(door: Door) -> None:
    door.short = True
    door.hear("How do I return something?")
    [effect] = door.sent()
    assert effect.draft.text == f"Send it back within 30 days. | {RETURNS.url} | automatic"


def rule_suggests(door: Door) -> str:
    return f"suggest {ASKED}"


def account_does_not_agree(door: Door) -> str:
    door.allowed = Articles.SUGGEST
    return ASKED


def no_text_in_the_language(door: Door) -> str:
    door.findings = Findings(language="ja")
    return "営業時間を教えてください"


def unknown_language(door: Door) -> str:
    door.findings = Findings(language=None)
    return ASKED


def nothing_certain(door: Door) -> str:
    return "Do you rent submarines?"


def best_is_internal(door: Door) -> str:
    return "My table has a scratch"


def a_story(door: Door) -> str:
    return ASKED + " I was there." * 40


@pytest.mark.parametrize(
    "case",
    [
        rule_suggests,
        account_does_not_agree,
        no_text_in_the_language,
        unknown_language,
        nothing_certain,
        best_is_internal,
        a_story,
    ],
)
def test_otherwise_nothing_is_sent_and_people_have_it(
    door: Door, case: Callable[[Door], str]
) -> None:
    assert door.hear(case(door)).tier == 1
    assert door.sent() == []


def test_a_bot_gets_no_article(door: Door) -> None:
    door.hear(author=an_author(bot=True))
    assert door.sent() == []


def test_without_a_tier_of_self_service_nothing_is_sent(tmp_path: Path) -> None:
    with House(tmp_path, FakeRouter(decide)) as house:
        alone = Door(house)
        assert alone.hear().tier == 1
        assert alone.sent() == []


# --- when it is searched -----------------------------------------------------------------


@dataclass
class Searched:
    """A knowledge base that notes in which thread each search ran."""

    index: KnowledgeIndex = field(default_factory=an_index)
    threads: list[int] = field(default_factory=list)

    @property
    def certainty(self) -> Certainty:
        return self.index.certainty

    def search(
        self, text: str, *, language: str | None, limit: int = 5, internal: bool = False
    ) -> Sequence[Hit]:
        self.threads.append(threading.get_ident())
        return self.index.search(text, language=language, limit=limit, internal=internal)

    def article(self, key: str) -> Article | None:
        return self.index.article(key)


class Broken(Searched):
    def search(
        self, text: str, *, language: str | None, limit: int = 5, internal: bool = False
    ) -> Sequence[Hit]:
        raise ZeroDivisionError


@pytest.fixture
def searched(door: Door) -> Searched:
    door.knowledge = searched = Searched()
    return searched


def test_the_search_is_over_before_the_writing_thread_has_the_message(
    door: Door, searched: Searched
) -> None:
    door.hear()

    assert len(door.sent()) == 1
    assert searched.threads == [threading.get_ident()]


def test_an_article_that_was_found_beforehand_answers_no_case_that_is_there(door: Door) -> None:
    door.hear("Do you rent submarines?")
    assert door.hear().tier == 1
    assert door.sent() == []


def personal(door: Door) -> str:
    door.findings = replace(ENGLISH, spans=(Span(start=0, end=3, cls=DataClass.CARD),))
    return ASKED


def doubted(door: Door) -> str:
    door.findings = replace(ENGLISH, doubt=True)
    return ASKED


def unread(door: Door) -> str:
    door.findings = replace(ENGLISH, failed=("personal data",))
    return ASKED


@pytest.mark.parametrize(
    "case", [account_does_not_agree, unknown_language, a_story, personal, doubted, unread]
)
def test_nothing_is_searched_where_no_article_may_answer(
    door: Door, searched: Searched, case: Callable[[Door], str]
) -> None:
    door.hear(case(door))

    assert (searched.threads, door.sent()) == ([], [])


def test_nothing_is_searched_for_an_edit_or_for_our_own_words(
    door: Door, searched: Searched
) -> None:
    door.take(Posted(message=a_message("mine", text=ASKED)), me=an_author().ref)
    door.hear("suggest it")
    searched.threads.clear()

    edited = a_message("1", text=ASKED, conversation=a_ref("1"))
    door.take(Edited(message=edited, at=minutes(2)))

    assert (searched.threads, door.sent()) == ([], [])


def test_a_search_that_fails_costs_no_message_and_people_have_it(door: Door) -> None:
    door.knowledge = Broken()

    assert door.hear().tier == 1
    assert door.sent() == []


# --- what comes after --------------------------------------------------------------------


def test_whoever_answers_gets_a_person_and_no_second_article(door: Door) -> None:
    door.hear()
    door.deliver()
    door.minute += 600

    case = door.hear("And how do I return something?")

    assert (case.tier, case.status) == (1, Status.NEW)
    assert len(door.sent()) == 1
    assert any(isinstance(e.change, Moved) for e in door.history())


def test_a_rule_of_self_service_takes_nobody_back_after_an_article(door: Door) -> None:
    door.hear()
    door.deliver()
    door.minute += 600

    assert door.hear("template please").tier == 1
    assert len(door.sent()) == 1


def test_thanks_leave_the_case_in_self_service(door: Door) -> None:
    door.hear()
    door.deliver()
    door.findings = Findings(language="en", topics=(Topic(name="thanks", words=("thanks",)),))

    case = door.hear("Thanks!")

    assert (case.tier, case.status) == (0, Status.PENDING)


def test_thanks_with_personal_data_go_where_the_rule_says(door: Door) -> None:
    door.hear()
    door.deliver()
    span = Span(start=0, end=3, cls=DataClass.CARD)
    thanks = (Topic(name="thanks", words=("thanks",)),)
    door.findings = Findings(language="en", topics=thanks, spans=(span,))

    assert door.hear("411 private, thanks").tier == 2


# --- menus -------------------------------------------------------------------------------


def greet(door: Door, **more: object) -> Case:
    return door.hear("hello", visibility=Visibility.PRIVATE, **more)


def test_a_menu_is_offered_in_private_with_numbers_and_as_choices(door: Door) -> None:
    greet(door)
    [effect] = door.sent()
    assert effect.draft.text == "What is it about?\n1. My order\n2. A payment"
    assert effect.draft.choices == ("My order", "A payment")


@pytest.mark.parametrize("said", ["2", " 2. ", "２", "#2", "a PAYMENT", "O plată!"])
def test_a_number_or_the_words_choose(door: Door, said: str) -> None:
    greet(door)
    case = door.hear(said, visibility=Visibility.PRIVATE)
    assert (case.rule, case.tier) == ("money", 2)


@pytest.mark.parametrize("said", ["3", "0", "22", "yes", ""])
def test_what_is_no_choice_is_a_message_like_any_other(door: Door, said: str) -> None:
    greet(door)
    case = door.hear(said, visibility=Visibility.PRIVATE)
    assert (case.rule, case.tier) == ("everything", 1)


def test_an_offer_holds_for_the_next_message_alone(door: Door) -> None:
    greet(door)
    door.hear("what?", visibility=Visibility.PRIVATE)
    assert door.hear("2", visibility=Visibility.PRIVATE).rule == "everything"


def test_a_choice_never_lowers_a_case(door: Door) -> None:
    greet(door)
    door.hear("private", visibility=Visibility.PUBLIC)
    case = door.hear("1", visibility=Visibility.PRIVATE)
    assert (case.rule, case.tier) == ("order", 2)


def test_a_certain_article_comes_before_the_menu(door: Door) -> None:
    door.hear(f"hello! {ASKED}", visibility=Visibility.PRIVATE)
    [effect] = door.sent()
    assert effect.draft.text.startswith(HOURS.body)


def test_nobody_is_offered_a_menu_in_public_or_twice(door: Door) -> None:
    door.hear("hello")
    assert door.sent() == []
    greet(door)
    assert door.sent() == []
