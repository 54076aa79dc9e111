"""Constructs: from settings to a product that can be started. Nothing is constructed elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property

from inbox.outbox import State
from router.detector import LexiconDetector
from store.database import Database
from store.writer import Writer
from tierdesk.channel_health import ChannelHealth, DailyCheckup
from tierdesk.connecting import now
from tierdesk.current_knowledge import KnowledgeReloading
from tierdesk.current_rules import Reloading
from tierdesk.dispatcher import Dispatcher
from tierdesk.gate import Gate
from tierdesk.helpdesk_edge import HelpdeskEdge
from tierdesk.helpdesk_news import HelpdeskPoll
from tierdesk.homes import Homes
from tierdesk.housekeeping import Clockwork
from tierdesk.inspection import Inspection
from tierdesk.knowledge_use import KnowledgeReport
from tierdesk.parts import Parts
from tierdesk.polling import AccountPoll
from tierdesk.rules_report import RulesReport
from tierdesk.settings import Settings
from tierdesk.web import WebhookEdge
from workspace.app import Workspace


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
    parts = _Whole(settings, resources)
    return Product(
        settings=settings,
        database=parts.database,
        writer=parts.writer,
        dispatcher=parts.dispatcher,
        gate=parts.gate,
        clockwork=parts.clockwork,
        edge=parts.edge,
        helpdesk_edge=parts.helpdesk_edge,
        detector=parts.detector,
        workspace=parts.workspace,
        reloading=parts.reloading,
        articles=parts.articles,
    )


class _Whole(Parts):
    """The parts, and what happens by the clock."""

    @cached_property
    def clockwork(self) -> Clockwork:
        settings = self._settings
        return Clockwork(
            polls=self._polls(),
            inspections=self._inspections(),
            every={name: account.poll_every for name, account in settings.accounts.items()},
            look_again=settings.look_again,
            writer=self.writer,
            desk=self._desk,
            reports=self._reports(),
            articles=self.articles.turn,
            pulse=self.pulse,
            health=self._health(),
            checkups=self._checkups(),
            remembered=settings.retention.remembered,
            delivered=settings.retention.delivered,
            cases=settings.retention.cases,
            now=now,
            helpdesks=self._helpdesk_polls,
            at_start=(self._homes().turn, self.articles.at_start),
            sole=self.sole,
        )

    def _polls(self) -> list[AccountPoll]:
        return [
            AccountPoll(
                connection=connection,
                poller=connection.poller,
                store=self.database,
                arrivals=self.arrivals,
                desk=self._desk,
                now=now,
                pulse=self.pulse,
            )
            for connection in self.connections.values()
            if connection.poller is not None
        ]

    def _inspections(self) -> list[Inspection]:
        return [
            Inspection(
                connection=connection,
                inspector=connection.inspector,
                store=self.database,
                arrivals=self.arrivals,
                now=now,
            )
            for connection in self.connections.values()
            if connection.inspector is not None
        ]

    @cached_property
    def _helpdesk_polls(self) -> list[HelpdeskPoll]:
        return [
            HelpdeskPoll(
                connection=connection,
                watch=connection.watch,
                every=self._settings.helpdesks[name].poll_every,
                store=self.database,
                news=self.news,
                desk=self._desk,
                now=now,
                pulse=self.pulse,
            )
            for name, connection in self.helpdesks.items()
            if connection.watch is not None
        ]

    def _reports(self) -> tuple[Callable[[], object], ...]:
        store, writer, desk = self.database, self.writer, self._desk
        rules = RulesReport(store=store, writer=writer, current=self.router, desk=desk, now=now)
        told = KnowledgeReport(
            store=store, writer=writer, current=self.knowledge, desk=desk, now=now
        )
        return rules.turn, told.turn

    def _homes(self) -> Homes:
        return Homes(store=self.database, writer=self.writer, desk=self._desk, now=now)

    def _health(self) -> ChannelHealth:
        return ChannelHealth(
            connections=self.connections,
            helpdesks=[poll.connection for poll in self._helpdesk_polls],
            store=self.database,
            writer=self.writer,
            desk=self._desk,
            now=now,
        )

    def _checkups(self) -> list[DailyCheckup]:
        networks = {each.account: each.examiner for each in self.connections.values()}
        tools = {each.account: each.examiner for each in self.helpdesks.values()}
        return [
            DailyCheckup(account=account, examiner=examiner, writer=self.writer, desk=self._desk)
            for account, examiner in (networks | tools).items()
            if examiner is not None
        ]
