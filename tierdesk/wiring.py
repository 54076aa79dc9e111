"""The only place that constructs things: from settings to a product that can be started."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from inbox.answering import Answering
from inbox.decision import Answer
from inbox.message import Account
from inbox.outbox import (
    AddToTicket,
    Alert,
    HideMessage,
    LikeMessage,
    LookAgain,
    NewItem,
    OpenTicket,
    SendAnswer,
    ShowCard,
    ShowEntry,
    State,
    UpdateTicket,
    Whisper,
    slack_lane,
)
from inbox.ports import Connection, Examiner, HelpdeskConnection
from inbox.reception import Reception
from inbox.second_look import SecondLook
from inbox.ticket_news import TicketNews
from responders.article_answer import ArticleAnswer
from responders.courier import AnswerCourier
from responders.knowledge.index import KnowledgeIndex
from responders.menu_offer import MenuOffer
from responders.private_move import PrivateMove
from responders.public_reply import Automatic, PublicReply
from responders.ticket import TicketByRule
from responders.tickets import TicketCourier
from router.detector import LexiconDetector
from router.engine import OrderedRouter
from router.loader import load_rules
from router.semantic.opinion import SemanticOpinion
from store.database import Database, open_database
from store.writer import Writer
from tierdesk.arrivals import Arrivals
from tierdesk.channel_health import ChannelHealth, DailyCheckup
from tierdesk.connecting import connect, connect_helpdesks, now
from tierdesk.cpu_budget import CpuBudget
from tierdesk.current_knowledge import CurrentKnowledge, KnowledgeReloading
from tierdesk.current_rules import CurrentRouter, Reloading
from tierdesk.dispatcher import Dispatcher
from tierdesk.gate import Gate
from tierdesk.helpdesk_edge import HelpdeskEdge
from tierdesk.helpdesk_news import HelpdeskNews, HelpdeskPoll
from tierdesk.housekeeping import Clockwork
from tierdesk.inspection import Inspection
from tierdesk.knowledge_use import KnowledgeReport
from tierdesk.polling import AccountPoll
from tierdesk.pulse import Pulse
from tierdesk.rule_uses import rule_uses
from tierdesk.rules_report import RulesReport
from tierdesk.second_looks import SecondLookCourier
from tierdesk.settings import Settings
from tierdesk.web import WebhookEdge
from workspace import words
from workspace.app import Workspace
from workspace.client import slack_client
from workspace.notifier import Notifier
from workspace.people import People

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Everything of a running Tierdesk, built and not yet started."""

    settings: Settings
    database: Database
    writer: Writer
    dispatcher: Dispatcher
    gate: Gate
    clockwork: Clockwork
    edge: WebhookEdge
    helpdesk_edge: HelpdeskEdge
    detector: LexiconDetector
    workspace: Workspace
    reloading: Reloading
    articles: KnowledgeReloading

    def health(self) -> Mapping[str, object]:
        with self.database.read() as unit:
            count = unit.outbox.count()
        return {"status": "ok", "outbox": {state.value: count.get(state, 0) for state in State}}


def build(settings: Settings, resources: ExitStack) -> Product:
    """Construct a product; `resources` closes what it opened, in reverse."""
    database = open_database(settings.database_url)
    resources.callback(database.close)
    resources.enter_context(database.own(settings.instance))
    database.migrate()
    writer = Writer(database)
    resources.callback(writer.close)

    connections = connect(settings, database, writer, resources)
    helpdesks = connect_helpdesks(settings, database, writer, resources)
    detector = LexiconDetector(
        languages=settings.detection.languages,
        order_patterns=settings.detection.order_numbers,
        regions=settings.detection.phone_regions,
        model=settings.detection.model,
    )
    knowledge = CurrentKnowledge(
        KnowledgeIndex(settings.knowledge.articles, certainty=settings.knowledge.certainty)
    )
    answering = Answering(desk=settings.desk, connections=connections, detector=detector)
    router = CurrentRouter(
        OrderedRouter(load_rules(settings.rules_path, vocabulary=settings.vocabulary))
    )
    opinion = SemanticOpinion() if settings.detection.semantic else None
    reception = _reception(settings, answering, router, knowledge, opinion)
    arrivals = Arrivals(writer=writer, reception=reception, detector=detector, now=now)
    client = slack_client(settings.slack.api_base, settings.slack.bot_token.get_secret_value())
    people = People(client)
    notifier = Notifier(
        client=client,
        store=database,
        desk=settings.desk,
        connections=connections,
        detector=detector,
        knowledge=knowledge,
        names=people,
    )
    gate = Gate(notifier)
    pulse = Pulse(writer, now)
    report = RulesReport(store=database, writer=writer, current=router, desk=settings.desk, now=now)
    told = KnowledgeReport(
        store=database, writer=writer, current=knowledge, desk=settings.desk, now=now
    )
    tell = _teller(settings, writer)
    articles = KnowledgeReloading(
        directory=settings.knowledge.directory,
        address=settings.knowledge.address,
        current=knowledge,
        tell=tell,
    )
    news = HelpdeskNews(
        writer=writer, news=TicketNews(desk=settings.desk, answering=answering), now=now
    )
    tickets = _tickets(settings, database, helpdesks, answering, notifier, people)
    second = SecondLookCourier(
        second=SecondLook(reception=reception),
        store=database,
        writer=writer,
        budget=CpuBudget(settings.detection.semantic_cpu),
        now=now,
    )
    dispatcher = _dispatcher(settings, database, writer, gate, connections, tickets, second)
    return Product(
        settings=settings,
        database=database,
        writer=writer,
        dispatcher=dispatcher,
        gate=gate,
        clockwork=_clockwork(
            settings,
            database,
            writer,
            arrivals,
            connections,
            pulse,
            reports=(report.turn, told.turn),
            articles=articles.turn,
            helpdesks=_helpdesk_polls(settings, database, helpdesks, news, pulse),
            examined=_examined(connections, helpdesks),
        ),
        edge=WebhookEdge(
            connections, arrivals, most_bytes=settings.web.max_body, now=now, took=pulse.well
        ),
        helpdesk_edge=HelpdeskEdge(
            helpdesks, news, most_bytes=settings.web.max_body, now=now, took=pulse.well
        ),
        detector=detector,
        workspace=Workspace(
            desk=settings.desk,
            store=database,
            run=writer.run,
            answering=answering,
            saved_replies=settings.templates,
            client=client,
            clock=now,
            rules=lambda: rule_uses(database, router, now()),
            helpdesks=helpdesks,
            knowledge=knowledge,
        ),
        reloading=Reloading(
            path=settings.rules_path, vocabulary=settings.vocabulary, current=router, tell=tell
        ),
        articles=articles,
    )


def _teller(settings: Settings, writer: Writer) -> Callable[[str], None]:
    """How the operator hears of what was read anew."""
    operations = settings.desk.operations

    def tell(sentence: str) -> None:
        if operations is not None:
            alert = Alert(channel=operations, text=sentence)
            item = NewItem(effect=alert, lane=slack_lane(operations))
            writer.run(lambda unit: unit.outbox.add([item]))

    return tell


def _reception(
    settings: Settings,
    answering: Answering,
    router: CurrentRouter,
    knowledge: CurrentKnowledge,
    opinion: SemanticOpinion | None,
) -> Reception:
    handles = {str(c.account): c.handle for c in answering.connections.values()}
    automatic = Automatic(answering=answering, templates=settings.templates.called(handles))
    return Reception(
        desk=settings.desk,
        router=router,
        planners={
            Answer.PUBLIC_REPLY: PublicReply(automatic=automatic),
            Answer.PRIVATE_MOVE: PrivateMove(automatic=automatic),
            Answer.TICKET: TicketByRule(desk=settings.desk),
            Answer.MENU: MenuOffer(automatic=automatic, menus=settings.templates.menus),
        },
        articles=ArticleAnswer(automatic=automatic, knowledge=knowledge),
        menus=settings.templates.menus,
        opinion=opinion,
    )


def _dispatcher(
    settings: Settings,
    database: Database,
    writer: Writer,
    notifier: Gate,
    connections: Mapping[Account, Connection],
    tickets: TicketCourier,
    second: SecondLookCourier,
) -> Dispatcher:
    answers = AnswerCourier(connections=connections, store=database, now=now)
    dispatcher = Dispatcher(
        writer=writer,
        couriers={
            ShowCard: notifier,
            ShowEntry: notifier,
            Alert: notifier,
            Whisper: notifier,
            SendAnswer: answers,
            HideMessage: answers,
            LikeMessage: answers,
            OpenTicket: tickets,
            AddToTicket: tickets,
            UpdateTicket: tickets,
            LookAgain: second,
        },
        desk=settings.desk,
        name=settings.instance,
        now=now,
    )
    writer.after_commit(dispatcher.wake)
    return dispatcher


def _clockwork(
    settings: Settings,
    database: Database,
    writer: Writer,
    arrivals: Arrivals,
    connections: Mapping[Account, Connection],
    pulse: Pulse,
    *,
    reports: Sequence[Callable[[], object]],
    articles: Callable[[], object],
    helpdesks: Sequence[HelpdeskPoll],
    examined: Mapping[Account, Examiner],
) -> Clockwork:
    polls = [
        AccountPoll(
            connection=connection,
            poller=connection.poller,
            store=database,
            arrivals=arrivals,
            desk=settings.desk,
            now=now,
            pulse=pulse,
        )
        for connection in connections.values()
        if connection.poller is not None
    ]
    return Clockwork(
        polls=polls,
        inspections=[
            Inspection(
                connection=connection,
                inspector=connection.inspector,
                store=database,
                arrivals=arrivals,
                now=now,
            )
            for connection in connections.values()
            if connection.inspector is not None
        ],
        every={name: account.poll_every for name, account in settings.accounts.items()},
        look_again=settings.look_again,
        writer=writer,
        desk=settings.desk,
        reports=reports,
        articles=articles,
        pulse=pulse,
        health=ChannelHealth(
            connections=connections,
            helpdesks=[poll.connection for poll in helpdesks],
            store=database,
            writer=writer,
            desk=settings.desk,
            now=now,
        ),
        checkups=[
            DailyCheckup(account=account, examiner=examiner, writer=writer, desk=settings.desk)
            for account, examiner in examined.items()
        ],
        remembered=settings.retention.remembered,
        delivered=settings.retention.delivered,
        now=now,
        helpdesks=helpdesks,
    )


def _tickets(
    settings: Settings,
    database: Database,
    helpdesks: Mapping[str, HelpdeskConnection],
    answering: Answering,
    notifier: Notifier,
    people: People,
) -> TicketCourier:
    return TicketCourier(
        helpdesks=helpdesks,
        desk=settings.desk,
        store=database,
        detector=answering.detector,
        now=now,
        link=notifier.link,
        network=words.network,
        agent=people,
        brand=lambda case: _brand(settings, answering.connections, case.account),
    )


def _helpdesk_polls(
    settings: Settings,
    database: Database,
    helpdesks: Mapping[str, HelpdeskConnection],
    news: HelpdeskNews,
    pulse: Pulse,
) -> list[HelpdeskPoll]:
    return [
        HelpdeskPoll(
            connection=connection,
            watch=connection.watch,
            every=settings.helpdesks[name].poll_every,
            store=database,
            news=news,
            desk=settings.desk,
            now=now,
            pulse=pulse,
        )
        for name, connection in helpdesks.items()
        if connection.watch is not None
    ]


def _examined(
    connections: Mapping[Account, Connection], helpdesks: Mapping[str, HelpdeskConnection]
) -> dict[Account, Examiner]:
    networks = {each.account: each.examiner for each in connections.values() if each.examiner}
    tools = {each.account: each.examiner for each in helpdesks.values() if each.examiner}
    return networks | tools


def _brand(settings: Settings, connections: Mapping[Account, Connection], account: Account) -> str:
    """How our side of an account is called."""
    connection = connections.get(account)
    return connection.handle if connection else settings.brand
