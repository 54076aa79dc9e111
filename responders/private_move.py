"""Tier 2 by rule: invite the customer by direct message, with a harmless word in public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inbox.case import Case
from inbox.changes import Change
from inbox.decision import Decision
from inbox.message import Message, Visibility
from inbox.outbox import NewItem, only_after
from inbox.ports import Plan
from responders.public_reply import Automatic


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateMove:
    """Plans the invitation and the note. Moving the case is the reception's work.

    Where no private message is possible, the case goes to the private channel and nothing is
    sent, not even the note: an agent decides. Who wrote in private or was invited needs no
    invitation.
    """

    automatic: Automatic

    def plan(self, case: Case, message: Message, decision: Decision, *, at: datetime) -> Plan:
        connection = self.automatic.answering.connection(case.account)
        invited = case.dm is not None
        if connection.private is None or message.visibility is Visibility.PRIVATE or invited:
            return Plan()
        changes: list[Change] = []
        items: list[NewItem] = []
        for template, visibility in (
            (decision.response.template, Visibility.PRIVATE),
            (decision.response.note, Visibility.PUBLIC),
        ):
            if template is None:
                continue
            change, item = self.automatic.write(
                case, message, template, visibility, decision.rule, at=at
            )
            changes.append(change)
            if item is None and visibility is Visibility.PRIVATE:
                return Plan(changes=tuple(changes))  # no word in public of what was not sent
            items += [only_after(items[0], item) if items else item] if item else []
        dm = connection.private.conversation_with(message.author)
        return Plan(changes=tuple(changes), items=tuple(items), dm=dm)
