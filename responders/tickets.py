"""Carries cases to their helpdesk: looks before a second attempt, never opens a ticket twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from inbox.called import as_called
from inbox.case import Case
from inbox.changes import TicketUpdated, TicketWanted
from inbox.deliveries import Unknowable
from inbox.desk import Desk, HelpdeskPolicy
from inbox.errors import IntegrationError, Rejected, Retryable, Unsupported
from inbox.excerpt import excerpt
from inbox.masking import Masking
from inbox.outbox import AddToTicket, Item, OpenTicket, TicketEffect, UpdateTicket, What
from inbox.ports import (
    Delivered,
    Detector,
    HelpdeskConnection,
    Store,
    Ticket,
    TicketDesk,
    TicketEntry,
    TicketUpdate,
    Unit,
)
from inbox.ticket import TicketLink, agree
from inbox.ticket_effects import KEY, STATUS, ticket_key, wanted_at
from responders.ticket_story import UNCHECKED, Story, Told

MOST_TOLD = 700
"""Messages of a case that a new ticket's first text is made of: no more of them fit into it."""

LINK_ATTEMPTS = 5
"""So often a ticket waits for the link to its card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCourier:
    """Delivers OpenTicket, AddToTicket and UpdateTicket.

    `link` finds the address of a case's card, None where there is none; it may raise an
    IntegrationError. The others are as in Story.
    """

    helpdesks: Mapping[str, HelpdeskConnection]
    desk: Desk
    store: Store
    detector: Detector
    now: Callable[[], datetime]
    link: Callable[[int], str | None]
    network: Callable[[str], str]
    agent: Callable[[str], str]
    brand: Callable[[Case], str]

    def deliver(self, item: Item) -> Delivered:
        """Raises an IntegrationError; Unknowable where only a person can decide."""
        match item.effect:
            case OpenTicket() as effect:
                return self._open(item, effect)
            case AddToTicket() as effect:
                return self._add(item, effect)
            case UpdateTicket() as effect:
                return self._update(item, effect)
            case _:
                raise Rejected(f"{type(item.effect).__name__} is not for this courier.")

    # --- opening -------------------------------------------------------------------------

    def _open(self, item: Item, effect: OpenTicket) -> Delivered:
        connection, told = self._connection(effect.desk), self._opening(effect)
        ticket = self._found(connection, item) if item.maybe_done else None
        if ticket is None:
            link = self._link(item, effect)
            draft = self._story(effect).draft(told, key=item.key, upto=effect.upto, link=link)
            ticket = connection.desk.create(draft)
        return Delivered(ticket=TicketLink(desk=effect.desk, id=ticket.id, url=ticket.url))

    def _found(self, connection: HelpdeskConnection, item: Item) -> Ticket | None:
        """The ticket of an earlier attempt; None where a second attempt is safe."""
        try:
            return connection.desk.find(item.key)
        except Unsupported:
            first = item.first_tried or item.created_at
            repeatable = connection.repeatable
            if repeatable is not None and self.now() - first < repeatable:
                return None
            raise Unknowable("the helpdesk cannot be asked whether it has it.") from None

    def _link(self, item: Item, effect: OpenTicket) -> str | None:
        """The card may be posted a moment later; Slack may be down for longer than a moment."""
        try:
            link = self.link(effect.case)
        except IntegrationError:
            link = None
        if link is None and item.attempts < LINK_ATTEMPTS and not item.maybe_done:
            raise Retryable("The card that the ticket leads to is not there yet.")
        return link

    # --- adding --------------------------------------------------------------------------

    def _add(self, item: Item, effect: AddToTicket) -> Delivered:
        known, connection = self._case(effect.case).ticket, self._connection(effect.desk)
        if known is None or known.desk != effect.desk:
            return Delivered()  # deleted there, or the case went to another helpdesk
        with self.store.read() as unit:
            told = _told(unit, effect.case, upto=effect.seq)
        event = next((e for e in told.history if e.seq == effect.seq), None)
        entry = self._story(effect).entry(told, event, key=item.key) if event else None
        if entry is None:
            return Delivered()
        here = self._by_id(known, connection)
        if item.maybe_done and self._holds(connection.desk, here, entry):
            return Delivered(ticket=self._continued(connection.desk, effect.case, here))
        ticket = connection.desk.add(here.id, entry)
        if ticket.id == here.id:
            return Delivered(ticket=here)
        return Delivered(ticket=replace(here, id=ticket.id, url=ticket.url))

    def _holds(self, desk: TicketDesk, known: TicketLink, entry: TicketEntry) -> bool:
        try:
            return desk.holds(known.id, entry)
        except Unsupported:
            raise Unknowable("the helpdesk cannot be asked whether it has it.") from None

    def _continued(self, desk: TicketDesk, case: int, here: TicketLink) -> TicketLink:
        """The follow-up, where the attempt of which we did not hear the end has made one."""
        with self.store.read() as unit:
            wanted = wanted_at(unit.cases.history(case, kinds=(TicketWanted,)), here.desk)
        found = desk.find(ticket_key(case, wanted))
        if found is None or found.follows != here.id:
            return here
        return replace(here, id=found.id, url=found.url)

    # --- updating ------------------------------------------------------------------------

    def _update(self, item: Item, effect: UpdateTicket) -> Delivered:
        """After an attempt with an unknown end all is said again: what we know may be old."""
        case, policy = self._case(effect.case), self._policy(effect.desk)
        known, connection = case.ticket, self._connection(effect.desk)
        if known is None or known.desk != effect.desk:
            return Delivered()
        wanted = _wanted(case, None if item.maybe_done else known, policy, effect.what)
        if wanted == TicketUpdate():
            return Delivered()
        here, asked = self._by_id(known, connection), self.now()
        connection.desk.update(here.id, wanted)
        updated = TicketUpdated(
            desk=effect.desk,
            ticket=here.id,
            as_of=asked,
            status=wanted.status,
            priority=wanted.priority,
            assignee=wanted.assignee,
        )
        return Delivered(ticket=here, updated=updated)

    # --- what is needed ------------------------------------------------------------------

    def _by_id(self, known: TicketLink, connection: HelpdeskConnection) -> TicketLink:
        """A ticket that a person saw there is known by our key alone, until it can be asked for."""
        if not known.id.startswith(KEY):
            return known
        try:
            found = connection.desk.find(known.id)
        except Unsupported:
            return replace(known, id=connection.named(known.id))
        if found is None:
            raise Rejected("The helpdesk has no ticket for this case.")
        return replace(known, id=found.id, url=found.url)

    def _case(self, number: int) -> Case:
        with self.store.read() as unit:
            return _case_of(unit, number)

    def _opening(self, effect: OpenTicket) -> Told:
        with self.store.read() as unit:
            return _told(unit, effect.case, upto=effect.upto, most=MOST_TOLD, events=3 * MOST_TOLD)

    def _story(self, effect: TicketEffect) -> Story:
        clearance = self._policy(effect.desk).clearance
        return Story(
            masking=Masking(clearance=clearance, detector=self.detector, unchecked=UNCHECKED),
            network=self.network,
            agent=self.agent,
            brand=self.brand,
        )

    def _policy(self, name: str) -> HelpdeskPolicy:
        return self.desk.helpdesks.get(name) or HelpdeskPolicy(name=name)

    def _connection(self, name: str) -> HelpdeskConnection:
        connection = self.helpdesks.get(name)
        if connection is None:
            raise Rejected(f"The helpdesk {name} is not set up any more.")
        return connection


def _case_of(unit: Unit, number: int) -> Case:
    case = unit.cases.get(number)
    if case is None:
        raise Rejected(f"There is no case {number}.")
    return case


def _told(unit: Unit, number: int, **how: int) -> Told:
    case = _case_of(unit, number)
    read = excerpt(unit, case, **how)
    return Told(
        case=as_called(case, read.messages),
        messages=read.messages,
        history=read.history,
        unbroken=read.unbroken,
    )


def _wanted(
    case: Case, known: TicketLink | None, policy: HelpdeskPolicy, what: What
) -> TicketUpdate:
    """What the ticket lacks to agree with the case, as far as we know the ticket."""
    match what:
        case What.STATUS:
            status = STATUS[case.status]
            same = known is not None and agree(status, known.status)
            return TicketUpdate(status=None if same else status)
        case What.PRIORITY:
            same = known is not None and case.priority is known.priority
            return TicketUpdate(priority=None if same else case.priority)
        case What.OWNER:
            assignee = policy.agents.get(case.owner or "")
            same = known is not None and assignee == known.assignee
            return TicketUpdate(assignee=None if same else assignee)
