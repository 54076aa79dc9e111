"""Tier 2 by rule: a ticket in a helpdesk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inbox.case import Case
from inbox.decision import Decision
from inbox.desk import Desk
from inbox.message import Message
from inbox.ports import Plan
from inbox.ticketing import helpdesk_for, ticket_wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketByRule:
    """Plans the ticket that a rule asks for; a case that has one gets no second."""

    desk: Desk

    def plan(self, case: Case, message: Message, decision: Decision, *, at: datetime) -> Plan:
        name = helpdesk_for(self.desk, decision.tier, decision.response.helpdesk)
        if name is None or name not in self.desk.helpdesks:
            return Plan()
        wanted = ticket_wanted(self.desk, case, name)
        return Plan(changes=(wanted,) if wanted else ())
