"""Our drafts and entries to Zendesk's JSON, its tickets and comments to our events. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inbox.decision import Priority
from inbox.message import Attachment
from inbox.ports import (
    Commented,
    TicketChanged,
    TicketDraft,
    TicketEntry,
    TicketStatus,
    TicketUpdate,
)
from integrations import ticket_words
from integrations.tickets import story, told
from integrations.zendesk.wire import AuditEvent, Detail, File, Ticket

Json = dict[str, Any]

KEY = "tierdesk_key"
"""In an audit's own metadata: the key of what we wrote."""
OURS = "tierdesk:"
"""Before the key in a ticket's external_id: what tells our tickets from all others."""
MERGED = "closed_by_merge"
"""The tag that Zendesk gives to a ticket that was merged away."""
_LONGEST_TEXT = 60_000
_LONGEST_SUBJECT = 150
_REOPENED = frozenset({"pending", "hold", "solved"})
_NUMBER = re.compile(r"#(\d{1,18})\b")
_UNTAGGABLE = re.compile(r"[^\w/-]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Zendesk's words and ours."""

    statuses: ticket_words.Words[TicketStatus]
    priorities: ticket_words.Words[Priority]

    def status(self, theirs: str) -> TicketStatus:
        """A state that the table does not name is open: somebody there has to look."""
        return self.statuses.ours(theirs) or TicketStatus.OPEN


# --- out ---------------------------------------------------------------------------------


def opening(draft: TicketDraft, requester: int, words: Vocabulary, group: int | None) -> Json:
    """A private ticket: its first comment is a note for agents, which nobody is mailed."""
    ticket: Json = {
        "subject": draft.subject[:_LONGEST_SUBJECT],
        "comment": _note(story(draft)),
        "external_id": OURS + draft.key,
        "requester_id": requester,
        "priority": words.priorities.theirs(draft.priority),
        "tags": list(_tags(draft)),
        "metadata": {KEY: draft.key},
    }
    return ticket if group is None else {**ticket, "group_id": group}


def addition(entry: TicketEntry, there: Ticket) -> Json:
    """A note; what the customer wrote opens a ticket again that waited or was solved."""
    ticket: Json = {
        "comment": _note(told(entry)),
        "metadata": {KEY: entry.key},
        **only_if_unchanged(there),
    }
    if entry.from_customer and there.status in _REOPENED:
        ticket["status"] = "open"
    return ticket


def following(entry: TicketEntry, closed: Ticket) -> Json:
    """A ticket that continues one that is closed for good."""
    return {
        "subject": closed.subject[:_LONGEST_SUBJECT],
        "comment": _note(told(entry)),
        "external_id": follow_up_id(closed.id),
        "requester_id": closed.requester_id,
        "metadata": {KEY: entry.key},
        "via_followup_source_id": closed.id,
    }


def follow_up_id(closed: int) -> str:
    """The external_id of the one ticket of ours that continues a closed one."""
    return f"{OURS}follow-up:{closed}"


def changing(update: TicketUpdate, assignee: int | None, there: Ticket, words: Vocabulary) -> Json:
    """What is not there already; {} where all of it is. Tags are added, never taken away."""
    wanted: Json = {}
    if update.status is not None:
        wanted["status"] = words.statuses.theirs(update.status)
    if update.priority is not None:
        wanted["priority"] = words.priorities.theirs(update.priority)
    if assignee is not None:
        wanted["assignee_id"] = assignee
    new = {name: value for name, value in wanted.items() if getattr(there, name) != value}
    if missing := [tag for tag in map(_tag, update.tags or ()) if tag not in there.tags]:
        new["tags"] = [*there.tags, *missing]
    return {**new, **only_if_unchanged(there)} if new else {}


def only_if_unchanged(there: Ticket) -> Json:
    """Refused with 409 where somebody changed it since it was read ("Protecting against ticket
    update collisions").
    """
    return {"safe_update": True, "updated_stamp": there.stamp}


def _note(text: str) -> Json:
    cut = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}\n[…]"
    return {"body": cut, "public": False}  # public is the default, also under a private ticket


def _tags(draft: TicketDraft) -> Sequence[str]:
    language = (f"language_{draft.language}",) if draft.language else ()
    return tuple(dict.fromkeys(map(_tag, ("tierdesk", *draft.tags, *language))))


def _tag(tag: str) -> str:
    return _UNTAGGABLE.sub("_", tag.lower())


# --- back --------------------------------------------------------------------------------


def state(ticket: Ticket, assignee: str | None, words: Vocabulary) -> TicketChanged:
    return TicketChanged(
        ticket=str(ticket.id),
        status=words.status(ticket.status),
        at=ticket.updated_at,
        priority=words.priorities.ours(ticket.priority),
        assignee=assignee,
    )


def comment(ticket: int, event: AuditEvent, author: str, at: datetime, *, staff: bool) -> Commented:
    """What a customer wrote there by themselves is no answer to them: it is told as a note."""
    return Commented(
        ticket=str(ticket),
        id=str(event.id),
        author=author,
        text=event.body,
        public=bool(event.public) and staff,
        at=at,
        attachments=tuple(attachment(file) for file in event.attachments if file.content_url),
    )


def attachment(file: File) -> Attachment:
    kind = file.content_type.partition("/")[0] or "file"
    return Attachment(kind=kind, url=file.content_url, alt=file.file_name or None)


def merged_into(texts: Sequence[str]) -> str | None:
    """The ticket that goes on, by the newest note of a merged one: Zendesk names it there as
    #number in every language.
    """
    for text in reversed(texts):
        if found := _NUMBER.search(text):
            return found[1]
    return None


def is_ours(ticket: Ticket | Detail, adopted: Collection[str]) -> bool:
    return (ticket.external_id or "").startswith(OURS) or str(ticket.id) in adopted


def key_of(custom: Mapping[str, Any]) -> str | None:
    value = custom.get(KEY)
    return value if isinstance(value, str) else None
