"""Our drafts and entries to Freshdesk's JSON, its tickets and conversations to our events. Pure."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from inbox.decision import Priority
from inbox.message import Attachment
from inbox.ports import Commented, TicketChanged, TicketDraft, TicketStatus, TicketUpdate
from integrations.freshdesk.wire import Agent, Conversation, Ticket
from integrations.ticket_words import INSTEAD, Words, nearest

Json = dict[str, Any]

OPEN = 2
_LONGEST_SUBJECT = 250
_LONGEST_TAG = 32
_MANUAL = 2
"""The source of a ticket that an agent writes down ("portal")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How this Freshdesk is set up; see the settings."""

    key_field: str
    group: int | None
    statuses: Words[TicketStatus]
    priorities: Words[Priority]

    def status(self, theirs: int) -> TicketStatus:
        """A state that the table does not name is open: somebody there has to look."""
        return self.statuses.ours(str(theirs)) or TicketStatus.OPEN


# --- out ---------------------------------------------------------------------------------


def opening(draft: TicketDraft, form: Form) -> Json:
    """The description is the one text that a customer might see one day, so it says nothing.

    The contact is known by who they are on their network, without an address to mail to.
    """
    ticket: Json = {
        "subject": draft.subject[:_LONGEST_SUBJECT],
        "description": "The conversation stands in the notes.",
        "unique_external_id": draft.requester.key,
        "name": draft.requester.name or draft.requester.key,
        "status": OPEN,
        "priority": _priority(draft.priority, form),
        "source": _MANUAL,
        "tags": sorted({tag[:_LONGEST_TAG] for tag in ("tierdesk", *draft.tags)}),
        "custom_fields": {form.key_field: draft.key},
    }
    return ticket if form.group is None else {**ticket, "group_id": form.group}


def note(text: str, key: str) -> Json:
    """Private is the default; said all the same. A note has no field for our key but its text."""
    lines = html.escape(f"{text}\n\n{marker(key)}").replace("\n", "<br>")
    return {"body": lines, "private": True}


def marker(key: str) -> str:
    return f"[{key}]"


def changing(update: TicketUpdate, responder: int | None, there: Ticket, form: Form) -> Json:
    """What is not there already; tags are added, never taken away."""
    wanted: Json = {}
    if update.status is not None:
        wanted["status"] = int(form.statuses.theirs(update.status, *INSTEAD[update.status]))
    if update.priority is not None:
        wanted["priority"] = _priority(update.priority, form)
    if responder is not None:
        wanted["responder_id"] = responder
    new = {name: value for name, value in wanted.items() if getattr(there, name) != value}
    tags = [tag[:_LONGEST_TAG] for tag in update.tags or ()]
    if missing := [tag for tag in tags if tag not in there.tags]:
        new["tags"] = [*there.tags, *missing]
    return new


def _priority(priority: Priority, form: Form) -> int:
    return int(form.priorities.theirs(priority, *nearest(priority)))


# --- back --------------------------------------------------------------------------------


def fingerprint(ticket: Ticket) -> str:
    """What a state is told by: Freshdesk does not say what was changed in a ticket."""
    return f"{ticket.status} {ticket.priority} {ticket.responder_id}"


def state(ticket: Ticket, responder: Agent | None, form: Form) -> TicketChanged:
    return TicketChanged(
        ticket=str(ticket.id),
        status=form.status(ticket.status),
        at=ticket.updated_at,
        priority=form.priorities.ours(str(ticket.priority)),
        assignee=responder.contact.email or None if responder else None,
    )


def comment(ticket: int, one: Conversation, author: Agent | None) -> Commented:
    """What a customer wrote there by themselves is no answer to them: it is told as a note."""
    return Commented(
        ticket=str(ticket),
        id=str(one.id),
        author=author.contact.name or "Somebody" if author else "Somebody",
        text=one.body_text,
        public=not one.private and not one.incoming and author is not None,
        at=one.created_at,
        attachments=tuple(
            Attachment(
                kind=file.content_type.partition("/")[0] or "file",
                url=file.attachment_url,
                alt=file.name or None,
            )
            for file in one.attachments
            if file.attachment_url
        ),
    )
