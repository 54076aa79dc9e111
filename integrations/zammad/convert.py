"""Our drafts and entries to Zammad's JSON, its tickets and articles to our events. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from inbox.decision import Priority
from inbox.message import MAX_TEXT, Attachment, clean
from inbox.ports import (
    Commented,
    Requester,
    TicketChanged,
    TicketDraft,
    TicketEntry,
    TicketStatus,
    TicketUpdate,
)
from integrations.html import to_text
from integrations.ticket_words import INSTEAD, Words, nearest
from integrations.tickets import story, told
from integrations.zammad.wire import Article, Ticket

Json = dict[str, Any]

MERGED = "merged"
"""The state of a ticket that goes on in another one."""
NOBODY = "-"
"""The owner of a ticket that nobody owns."""
_LONGEST_TITLE = 250
_ADDRESS = re.compile(r"\s*<[^<>]*>\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How this Zammad is set up; see the settings."""

    group: str
    key_field: str
    pending_for: timedelta
    statuses: Words[TicketStatus]
    priorities: Words[Priority]

    def status(self, theirs: str) -> TicketStatus:
        """A state that the table does not name is open: somebody there has to look."""
        return self.statuses.ours(theirs) or TicketStatus.OPEN


# --- out ---------------------------------------------------------------------------------


def login(requester: Requester) -> str:
    """The customer's login: one word, so that it is found by any kind of search."""
    return f"tierdesk-{hashlib.sha256(requester.key.encode()).hexdigest()[:20]}"


def customer(requester: Requester) -> Json:
    """Without an address, so Zammad has none that it could mail anything to."""
    first, _, last = (requester.name or requester.key).strip().partition(" ")
    return {
        "login": login(requester),
        "firstname": first,
        "lastname": last,
        "note": f"{requester.key} {requester.url or ''}".strip(),
        "roles": ["Customer"],
    }


def opening(draft: TicketDraft, customer_id: int, form: Form) -> Json:
    tags = ",".join(tag.replace(",", " ") for tag in ("tierdesk", *draft.tags))
    return {
        "title": draft.subject[:_LONGEST_TITLE],
        "group": form.group,
        "customer_id": customer_id,
        "priority": form.priorities.theirs(draft.priority, *nearest(draft.priority)),
        "tags": tags,
        form.key_field: draft.key,
        "article": _note(story(draft), draft.key),
    }


def addition(entry: TicketEntry, there: Ticket, form: Form) -> Json:
    """A note; what the customer wrote opens a ticket again that waited or was closed."""
    changes: Json = {"article": _note(told(entry), entry.key)}
    waits = form.status(there.state) not in (TicketStatus.NEW, TicketStatus.OPEN)
    if entry.from_customer and waits:
        changes["state"] = form.statuses.theirs(TicketStatus.OPEN)
    return changes


def changing(update: TicketUpdate, there: Ticket, form: Form, now: datetime) -> Json:
    """What is not there already, but for the tags."""
    wanted: Json = {}
    if update.status is not None:
        wanted["state"] = form.statuses.theirs(update.status, *INSTEAD[update.status])
    if update.priority is not None:
        wanted["priority"] = form.priorities.theirs(update.priority, *nearest(update.priority))
    if update.assignee is not None:
        wanted["owner"] = update.assignee
    new = {k: v for k, v in wanted.items() if getattr(there, k).casefold() != v.casefold()}
    if new.get("state", "").startswith("pending"):  # such a state needs its end
        until = (now + form.pending_for).astimezone(UTC)
        new["pending_time"] = until.isoformat(timespec="seconds").replace("+00:00", "Z")
    return new


def _note(text: str, key: str) -> Json:
    """Of the type `note`, which is no way to reach the customer: `internal` alone does not keep
    an e-mail back. The key is its subject.
    """
    return {
        "subject": key,
        "body": text,
        "content_type": "text/plain",
        "type": "note",
        "internal": True,
        "sender": "Agent",
    }


# --- back --------------------------------------------------------------------------------


def is_ours(ticket: Ticket, form: Form, adopted: Collection[str]) -> bool:
    return ticket.own(form.key_field) is not None or str(ticket.id) in adopted


def state(ticket: Ticket, form: Form) -> TicketChanged:
    return TicketChanged(
        ticket=str(ticket.id),
        status=form.status(ticket.state),
        at=ticket.updated_at,
        priority=form.priorities.ours(ticket.priority),
        assignee=None if ticket.owner in ("", NOBODY) else ticket.owner,
    )


def comment(article: Article, base_url: str) -> Commented:
    """What a customer wrote there by themselves is no answer to them: it is told as a note."""
    where = f"{base_url}/api/v1/ticket_attachment/{article.ticket_id}/{article.id}"
    return Commented(
        ticket=str(article.ticket_id),
        id=str(article.id),
        author=_ADDRESS.sub("", article.author) or article.created_by or "Somebody",
        text=clean(_plain(article), most=MAX_TEXT),
        public=not article.internal and article.sender == "Agent",
        at=article.created_at,
        attachments=tuple(
            Attachment(kind="file", url=f"{where}/{file.id}", alt=file.filename or None)
            for file in article.attachments
        ),
    )


def _plain(article: Article) -> str:
    return to_text(article.body) if article.content_type == "text/html" else article.body
