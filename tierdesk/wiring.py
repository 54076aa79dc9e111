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
    Alert,
    HideMessage,
    LikeMessage,
    NewItem,
    SendAnswer,
    ShowCard,
    ShowEntry,
    State,
    Whisper,
    slack_lane,
)
from inbox.ports import Connection
from inbox.reception import Reception
from responders.article_answer import ArticleAnswer
from responders.courier import AnswerCourier
from responders.knowledge.index import KnowledgeIndex
from responders.menu_offer import MenuOffer
from responders.private_move import PrivateMove
from responders.public_reply import Automatic, PublicReply
from router.detector import LexiconDetector
from router.engine import OrderedRouter
from router.loader import load_rules
from store.database import Database, open_database
from store.writer import Writer
from tierdesk.arrivals import Arrivals
from tierdesk.channel_health import ChannelHealth, DailyCheckup
from tierdesk.connecting import connect, now
from tierdesk.current_knowledge import CurrentKnowledge, KnowledgeReloading
from tierdesk.current_rules import CurrentRouter, Reloading
from tierdesk.dispatcher import Dispatcher
from tierdesk.gate import Gate
from tierdesk.housekeeping import Clockwork
from tierdesk.inspection import Inspection
from tierdesk.knowledge_use import KnowledgeReport
from tierdesk.polling import AccountPoll
from tierdesk.pulse import Pulse
from tierdesk.rule_uses import rule_uses
from tierdesk.rules_report import RulesReport
from tierdesk.settings import Settings
from tierdesk.web import WebhookEdge
from workspace.app import Workspace
from workspace.client import slack_client
from workspace.notifier import Notifier

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
    reception = _reception(settings, answering, router, knowledge)
    arrivals = Arrivals(writer=writer, reception=reception, detector=detector, now=now)
    client = slack_client(settings.slack.api_base, settings.slack.bot_token.get_secret_value())
    notifier = Notifier(
        client=client,
        store=database,
        desk=settings.desk,
        connections=connections,
        detector=detector,
        knowledge=knowledge,
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
    dispatcher = _dispatcher(settings, database, writer, gate, connections)
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
        ),
        edge=WebhookEdge(
            connections, arrivals, most_bytes=settings.web.max_body, now=now, took=pulse.well
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
    settings: Settings, answering: Answering, router: CurrentRouter, knowledge: CurrentKnowledge
) -> Reception:
    handles = {str(c.account): c.handle for c in answering.connections.values()}
    automatic = Automatic(answering=answering, templates=settings.templates.called(handles))
    return Reception(
        desk=settings.desk,
        router=router,
        planners={
            Answer.PUBLIC_REPLY: PublicReply(automatic=automatic),
            Answer.PRIVATE_MOVE: PrivateMove(automatic=automatic),
            Answer.MENU: MenuOffer(automatic=automatic, menus=settings.templates.menus),
        },
        articles=ArticleAnswer(automatic=automatic, knowledge=knowledge),
        menus=settings.templates.menus,
    )


def _dispatcher(
    settings: Settings,
    database: Database,
    writer: Writer,
    notifier: Gate,
    connections: Mapping[Account, Connection],
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
            connections=connections, store=database, writer=writer, desk=settings.desk, now=now
        ),
        checkups=[
            DailyCheckup(
                account=account, examiner=connection.examiner, writer=writer, desk=settings.desk
            )
            for account, connection in connections.items()
            if connection.examiner is not None
        ],
        remembered=settings.retention.remembered,
        delivered=settings.retention.delivered,
        now=now,
    )
