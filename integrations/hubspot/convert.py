"""Our drafts and entries to HubSpot's properties, its tickets and notes to our events. Pure."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from inbox.decision import Priority
from inbox.message import MAX_TEXT, clean
from inbox.ports import Commented, TicketChanged, TicketDraft, TicketStatus, TicketUpdate
from integrations.html import to_text
from integrations.hubspot.wire import BODY, OWNER, PIPELINE, PRIORITY, STAGE, Owner, Record
from integrations.ticket_words import INSTEAD, Words, nearest

Json = dict[str, Any]

_LONGEST_SUBJECT = 250
_LONGEST_NOTE = 65_000
"""HubSpot takes 65,536 signs of HTML."""
_NOTE_TO_TICKET = 228
_OURS = re.compile(r"\[tierdesk \S{1,300}\]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How this account is set up; see the settings."""

    key_field: str
    pipeline: str
    stages: Words[TicketStatus]
    priorities: Words[Priority]
    public_mark: str | None
    tickets_url: str | None

    def status(self, ticket: Record) -> TicketStatus:
        """A stage that the table does not name is open: somebody there has to look."""
        return self.stages.ours(ticket.value(STAGE)) or TicketStatus.OPEN

    def stage(self, status: TicketStatus) -> str:
        return self.stages.theirs(status, *INSTEAD[status])

    def priority(self, ours: Priority) -> str:
        return self.priorities.theirs(ours, *nearest(ours))


# --- out ---------------------------------------------------------------------------------


def opening(draft: TicketDraft, form: Form) -> dict[str, str]:
    """No contact belongs to it, so nothing can be mailed; what was said stands in the notes."""
    who = draft.requester
    about = [f"Customer: {who.name} ({who.key})", *([", ".join(draft.tags)] if draft.tags else [])]
    return {
        "subject": " ".join(draft.subject.split())[:_LONGEST_SUBJECT],
        "content": "\n".join((*about, "The conversation stands in the notes.")),
        PIPELINE: form.pipeline,
        STAGE: form.stage(TicketStatus.NEW),
        PRIORITY: form.priority(draft.priority),
        form.key_field: draft.key,
    }


def note(ticket: str, text: str, key: str, at: datetime) -> Json:
    """A note has no property for our key but its text."""
    return {
        "properties": {
            "hs_timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds"),
            BODY: f"{_html(text)}<br><br>{html.escape(marker(key))}",
        },
        "associations": [
            {
                "to": {"id": ticket},
                "types": [
                    {
                        "associationCategory": "HUBSPOT_DEFINED",
                        "associationTypeId": _NOTE_TO_TICKET,
                    }
                ],
            }
        ],
    }


def marker(key: str) -> str:
    return f"[tierdesk {key}]"


def _html(text: str) -> str:
    """Cut between two signs, never within one."""
    pieces, size = list[str](), 0
    for sign in text:
        pieces.append("<br>" if sign == "\n" else html.escape(sign))
        size += len(pieces[-1])
        if size > _LONGEST_NOTE:
            return "".join((*pieces[:-1], "<br>[…]"))
    return "".join(pieces)


def changing(update: TicketUpdate, owner: str | None, there: Record, form: Form) -> dict[str, str]:
    """What is not there already. HubSpot's tickets have no tags."""
    wanted: dict[str, str] = {}
    if update.status is not None:
        wanted[STAGE] = form.stage(update.status)
    if update.priority is not None:
        wanted[PRIORITY] = form.priority(update.priority)
    if owner is not None:
        wanted[OWNER] = owner
    return {name: value for name, value in wanted.items() if there.value(name) != value}


# --- back --------------------------------------------------------------------------------


def text_of(note: Record) -> str:
    """Whole, since our key stands at its end; HubSpot bounds it."""
    return to_text(note.value(BODY))


def is_ours(text: str, key: str | None = None) -> bool:
    """Only at the end, where we write it: somebody may quote one. Without a key: any of ours."""
    ending = text.rstrip()
    return bool(_OURS.search(ending)) if key is None else ending.endswith(marker(key))


def fingerprint(ticket: Record) -> str:
    """What a state is told by: a look does not show who changed what."""
    return " ".join(ticket.value(name) for name in (STAGE, PRIORITY, OWNER))


def state(ticket: Record, owner: Owner | None, form: Form) -> TicketChanged:
    return TicketChanged(
        ticket=ticket.id,
        status=form.status(ticket),
        at=ticket.updated,
        priority=form.priorities.ours(ticket.value(PRIORITY)),
        assignee=(owner.email or None) if owner else None,
    )


def comment(ticket: str, note: Record, text: str, author: Owner | None, form: Form) -> Commented:
    """HubSpot's notes are internal: one is for the customer where a person marked it so."""
    mark = form.public_mark
    beginning = text[: len(mark)] if mark else ""
    public = author is not None and mark is not None and beginning.casefold() == mark.casefold()
    return Commented(
        ticket=ticket,
        id=note.id,
        author=(author.name if author else "") or "Somebody",
        text=clean(text[len(beginning) :].lstrip() if public else text, most=MAX_TEXT),
        public=public,
        at=note.created,
    )
