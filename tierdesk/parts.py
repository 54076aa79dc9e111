"""The parts of a product and what each needs: the store, the ways in and out, the desk."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cached_property, partial

from slack_sdk import WebClient

from inbox.answering import Answering
from inbox.decision import Answer
from inbox.message import Account
from inbox.outbox import (
    AddToTicket,
    Alert,
    Effect,
    HideMessage,
    LikeMessage,
    LookAgain,
    NewItem,
    OpenTicket,
    SendAnswer,
    ShowCard,
    ShowEntry,
    UpdateTicket,
    Whisper,
    slack_lane,
)
from inbox.ports import Connection, Courier, HelpdeskConnection, SecondOpinion
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
from store.database import Database, open_database
from store.writer import Writer
from tierdesk.arrivals import Arrivals
from tierdesk.connecting import connect, connect_helpdesks, now
from tierdesk.cpu_budget import CpuBudget
from tierdesk.current_knowledge import CurrentKnowledge, KnowledgeReloading
from tierdesk.current_rules import CurrentRouter, Reloading
from tierdesk.dispatcher import Dispatcher
from tierdesk.gate import Gate
from tierdesk.helpdesk_edge import HelpdeskEdge
from tierdesk.helpdesk_news import HelpdeskNews
from tierdesk.pulse import Pulse
from tierdesk.rule_uses import rule_uses
from tierdesk.second_looks import SecondLookCourier
from tierdesk.settings import Settings
from tierdesk.sole import Sole
from tierdesk.web import WebhookEdge
from workspace import words
from workspace.app import Workspace
from workspace.client import slack_client
from workspace.notifier import Notifier
from workspace.people import People
from workspace.showing import Remembering


class Parts:
    """Each part is made once, when the first one asks for it that needs it."""

    def __init__(self, settings: Settings, resources: ExitStack) -> None:
        self._settings = settings
        self._resources = resources
        self._desk = settings.desk

    # --- the store, and what is outside ---------------------------------------------------

    @cached_property
    def database(self) -> Database:
        database, _ = self._owned
        return database

    @cached_property
    def _owned(self) -> tuple[Database, Callable[[], bool]]:
        """With what tells whether it is still ours under this name."""
        database = open_database(self._settings.database_url)
        self._resources.callback(database.close)
        still_ours = self._resources.enter_context(database.own(self._settings.instance))
        database.migrate()
        return database, still_ours

    @cached_property
    def sole(self) -> Sole:
        _, still_ours = self._owned
        return Sole(still_ours=still_ours, end=partial(os.kill, os.getpid(), signal.SIGTERM))

    @cached_property
    def writer(self) -> Writer:
        writer = Writer(self.database)
        self._resources.callback(writer.close)
        return writer

    @cached_property
    def connections(self) -> Mapping[Account, Connection]:
        return connect(self._settings, self.database, self.writer, self._resources)

    @cached_property
    def helpdesks(self) -> Mapping[str, HelpdeskConnection]:
        return connect_helpdesks(self._settings, self.database, self.writer, self._resources)

    @cached_property
    def client(self) -> WebClient:
        slack = self._settings.slack
        return slack_client(slack.api_base, slack.bot_token.get_secret_value())

    @cached_property
    def people(self) -> People:
        return People(self.client)

    # --- the way in -----------------------------------------------------------------------

    @cached_property
    def detector(self) -> LexiconDetector:
        detection = self._settings.detection
        return LexiconDetector(
            languages=detection.languages,
            order_patterns=detection.order_numbers,
            regions=detection.phone_regions,
            model=detection.model,
        )

    @cached_property
    def router(self) -> CurrentRouter:
        rules = load_rules(self._settings.rules_path, vocabulary=self._settings.vocabulary)
        return CurrentRouter(OrderedRouter(rules))

    @cached_property
    def knowledge(self) -> CurrentKnowledge:
        known = self._settings.knowledge
        return CurrentKnowledge(KnowledgeIndex(known.articles, certainty=known.certainty))

    @cached_property
    def answering(self) -> Answering:
        return Answering(desk=self._desk, connections=self.connections, detector=self.detector)

    @cached_property
    def reception(self) -> Reception:
        templates = self._settings.templates
        handles = {str(c.account): c.handle for c in self.connections.values()}
        automatic = Automatic(answering=self.answering, templates=templates.called(handles))
        return Reception(
            desk=self._desk,
            router=self.router,
            planners={
                Answer.PUBLIC_REPLY: PublicReply(automatic=automatic),
                Answer.PRIVATE_MOVE: PrivateMove(automatic=automatic),
                Answer.TICKET: TicketByRule(desk=self._desk),
                Answer.MENU: MenuOffer(automatic=automatic, menus=templates.menus),
            },
            articles=ArticleAnswer(automatic=automatic, knowledge=self.knowledge),
            menus=templates.menus,
            opinion=_second_opinion() if self._settings.detection.semantic else None,
        )

    @cached_property
    def arrivals(self) -> Arrivals:
        return Arrivals(
            writer=self.writer, reception=self.reception, detector=self.detector, now=now
        )

    @cached_property
    def news(self) -> HelpdeskNews:
        news = TicketNews(desk=self._desk, answering=self.answering)
        return HelpdeskNews(writer=self.writer, news=news, now=now)

    @cached_property
    def pulse(self) -> Pulse:
        return Pulse(self.writer, now)

    @cached_property
    def edge(self) -> WebhookEdge:
        most = self._settings.web.max_body
        took = self.pulse.well
        return WebhookEdge(self.connections, self.arrivals, most_bytes=most, now=now, took=took)

    @cached_property
    def helpdesk_edge(self) -> HelpdeskEdge:
        most = self._settings.web.max_body
        took = self.pulse.well
        return HelpdeskEdge(self.helpdesks, self.news, most_bytes=most, now=now, took=took)

    # --- the way out ----------------------------------------------------------------------

    @cached_property
    def notifier(self) -> Notifier:
        return Notifier(
            client=self.client,
            store=self.database,
            desk=self._desk,
            connections=self.connections,
            detector=self.detector,
            knowledge=self.knowledge,
            names=self.people,
        )

    @cached_property
    def gate(self) -> Gate:
        return Gate(self.notifier)

    @cached_property
    def tickets(self) -> TicketCourier:
        return TicketCourier(
            helpdesks=self.helpdesks,
            desk=self._desk,
            store=self.database,
            detector=self.detector,
            now=now,
            link=self.notifier.link,
            network=words.network,
            agent=self.people,
            brand=lambda case: self._brand(case.account),
        )

    @cached_property
    def second_looks(self) -> SecondLookCourier:
        return SecondLookCourier(
            second=SecondLook(reception=self.reception),
            store=self.database,
            writer=self.writer,
            budget=CpuBudget(self._settings.detection.semantic_cpu),
            now=now,
        )

    @cached_property
    def dispatcher(self) -> Dispatcher:
        answers = AnswerCourier(
            connections=self.connections,
            store=self.database,
            now=now,
            knowledge=self.knowledge,
        )
        couriers: dict[type[Effect], Courier] = {
            **dict.fromkeys((ShowCard, ShowEntry, Alert, Whisper), self.gate),
            **dict.fromkeys((SendAnswer, HideMessage, LikeMessage), answers),
            **dict.fromkeys((OpenTicket, AddToTicket, UpdateTicket), self.tickets),
            LookAgain: self.second_looks,
        }
        dispatcher = Dispatcher(
            writer=self.writer,
            couriers=couriers,
            desk=self._desk,
            name=self._settings.instance,
            now=now,
        )
        self.writer.after_commit(dispatcher.wake)
        return dispatcher

    # --- people, and what is read anew ------------------------------------------------------

    @cached_property
    def workspace(self) -> Workspace:
        return Workspace(
            desk=self._desk,
            store=self.database,
            run=self.writer.run,
            answering=self.answering,
            saved_replies=self._settings.templates,
            client=self.client,
            clock=now,
            rules=lambda: rule_uses(self.database, self.router, now()),
            detector=Remembering(self.detector),
            helpdesks=self.helpdesks,
            knowledge=self.knowledge,
        )

    @cached_property
    def reloading(self) -> Reloading:
        return Reloading(
            path=self._settings.rules_path,
            vocabulary=self._settings.vocabulary,
            current=self.router,
            tell=self._tell,
        )

    @cached_property
    def articles(self) -> KnowledgeReloading:
        return KnowledgeReloading(
            directory=self._settings.knowledge.directory,
            address=self._settings.knowledge.address,
            current=self.knowledge,
            tell=self._tell,
            left_out=self._settings.knowledge.faulty,
        )

    def _tell(self, sentence: str) -> None:
        """The operator hears of what was read anew."""
        operations = self._desk.operations
        if operations is not None:
            alert = Alert(channel=operations, text=sentence)
            item = NewItem(effect=alert, lane=slack_lane(operations))
            self.writer.run(lambda unit: unit.outbox.add([item]))

    def _brand(self, account: Account) -> str:
        """How our side of an account is called."""
        connection = self.connections.get(account)
        return connection.handle if connection else self._settings.brand


def _second_opinion() -> SecondOpinion:
    from router.semantic.opinion import SemanticOpinion  # numpy, which a start need not wait for

    return SemanticOpinion()
