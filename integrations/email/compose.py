"""Our drafts and entries as mails. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from inbox.decision import Priority
from inbox.message import clean
from inbox.ports import TicketDraft, TicketEntry
from integrations.email.naming import Names
from integrations.email.quoting import ABOVE
from integrations.tickets import story, told

POLICY = SMTP.clone(cte_type="7bit")
_LONGEST_SUBJECT = 150
_URGENT = {Priority.HIGH: "high", Priority.CRITICAL: "high", Priority.LOW: "low"}
"""Importance as RFC 2156 has it."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """From whom and to whom all mails are."""

    ours: str
    helpdesk: str
    names: Names

    def opening(self, draft: TicketDraft, at: datetime) -> EmailMessage:
        ticket = self.names.ticket(draft.key)
        mail = self._mail(ticket, draft.subject, story(draft), at, who=draft.requester.name)
        mail["Message-ID"] = self.names.opening(ticket)
        if urgent := _URGENT.get(draft.priority):
            mail["Importance"] = urgent
        if draft.tags:
            mail["Keywords"] = _line(", ".join(draft.tags))
        return mail

    def entry(self, ticket: str, entry: TicketEntry) -> EmailMessage:
        """In the thread of the ticket's first mail."""
        mail = self._mail(ticket, "Re:", told(entry), entry.at, who=entry.author)
        mail["Message-ID"] = self.names.entry(ticket, entry.key)
        mail["In-Reply-To"] = mail["References"] = self.names.opening(ticket)
        return mail

    def _mail(
        self, ticket: str, subject: str, text: str, at: datetime, *, who: str
    ) -> EmailMessage:
        """Marked as written by a machine (RFC 3834): no other machine should answer it."""
        mail = EmailMessage(policy=POLICY)
        mail["From"] = Address(f"{_line(who)} via Tierdesk", addr_spec=self.ours)
        mail["To"] = Address(addr_spec=self.helpdesk)
        mail["Subject"] = f"{_line(subject)} {self.names.tag(ticket)}"
        mail["Date"] = at
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(f"{ABOVE}\n\n{clean(text)}\n")
        return mail


def _line(text: str) -> str:
    """For a header: one line, without control characters."""
    words = " ".join(clean(text).split())
    return "".join(c for c in words if c.isprintable())[:_LONGEST_SUBJECT]
