"""Our drafts and entries to REST2's JSON, its transactions to our events. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inbox.decision import Priority
from inbox.errors import Rejected
from inbox.message import MAX_TEXT, clean
from inbox.ports import (
    Commented,
    TicketChanged,
    TicketDraft,
    TicketEntry,
    TicketGone,
    TicketStatus,
    TicketUpdate,
)
from integrations.html import to_text
from integrations.request_tracker.wire import Part, Ticket, Transaction
from integrations.ticket_words import INSTEAD, Words
from integrations.tickets import story, told

Json = dict[str, Any]

NOBODY = "Nobody"
DELETED = "deleted"
_SAID = {"Correspond": True, "Comment": False}
"""Types of transactions with a text; whether it is meant for the customer."""
_STATE = frozenset({"Status", "Priority", "Owner"})
_LONGEST_SUBJECT = 200  # its column holds this many
_LONGEST_VALUE = 255
_WAITING = frozenset({TicketStatus.PENDING, TicketStatus.ON_HOLD, TicketStatus.SOLVED})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Request Tracker's states and numbers, and ours; `customer` and `tags` are custom fields."""

    key: str
    customer: str | None
    tags: str | None
    statuses: Words[TicketStatus]
    priorities: Mapping[int, Priority]

    def status(self, theirs: str) -> TicketStatus:
        """A state that the table does not name is open: somebody there has to look."""
        return self.statuses.ours(theirs) or TicketStatus.OPEN

    def their_status(self, ours: TicketStatus) -> str:
        """The nearest where it has none of its own. Raises Rejected where there is none."""
        return self.statuses.theirs(ours, *INSTEAD[ours])

    def priority(self, theirs: int) -> Priority:
        """That of the highest number which is not above it."""
        reached = [number for number in self.priorities if number <= theirs]
        return self.priorities[max(reached) if reached else min(self.priorities)]

    def their_priority(self, ours: Priority) -> int:
        """Raises Rejected where the table does not name it."""
        for number, meant in self.priorities.items():
            if meant is ours:
                return number
        raise Rejected(f'The helpdesk has no number for "{ours.value}" in its settings.')


# --- out ---------------------------------------------------------------------------------


def opening(draft: TicketDraft, queue: str, words: Vocabulary) -> Json:
    """A ticket without a requestor: whom Request Tracker does not know, it cannot mail.

    The first text of a ticket counts as what the requestor wrote; with none it is only read there.
    """
    fields: Json = {words.key: draft.key}
    if words.customer:
        fields[words.customer] = draft.requester.name[:_LONGEST_VALUE]
    if words.tags:
        fields[words.tags] = [tag[:_LONGEST_VALUE] for tag in draft.tags]
    return {
        "Queue": queue,
        "Subject": " ".join(draft.subject.split())[:_LONGEST_SUBJECT],
        "Content": story(draft),
        "ContentType": "text/plain",
        "Priority": words.their_priority(draft.priority),
        "CustomFields": fields,
    }


def comment(entry: TicketEntry, there: Ticket, words: Vocabulary) -> Json:
    """An internal comment; what the customer wrote opens a ticket again that waited or was solved.

    The key is the comment's subject, which is searched for by `Subject = '…'`.
    """
    body: Json = {"Subject": entry.key, "Content": told(entry), "ContentType": "text/plain"}
    if entry.from_customer and words.status(there.status) in _WAITING:
        body["Status"] = words.their_status(TicketStatus.OPEN)
    return body


def wanted(update: TicketUpdate, there: Ticket, words: Vocabulary) -> Json:
    """What of an update is not yet so."""
    body: Json = {}
    if update.status and words.status(there.status) is not update.status:
        status = words.their_status(update.status)
        if status != there.status:
            body["Status"] = status
    if update.priority and words.priority(there.priority) is not update.priority:
        body["Priority"] = words.their_priority(update.priority)
    if update.assignee is not None and update.assignee != there.owner:
        body["Owner"] = update.assignee
    if update.tags is not None and words.tags and set(update.tags) != there.values(words.tags):
        body["CustomFields"] = {words.tags: [tag[:_LONGEST_VALUE] for tag in update.tags]}
    return body


def quoted(text: str) -> str:
    """A value in TicketSQL."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def in_queues(field: str, queues: Sequence[str]) -> str:
    """A condition of TicketSQL."""
    return f"({' OR '.join(f'{field} = {quoted(queue)}' for queue in queues)})"


# --- back --------------------------------------------------------------------------------


def says(transaction: Transaction) -> bool:
    return transaction.type in _SAID


def changes_state(transaction: Transaction) -> bool:
    return transaction.field in _STATE and transaction.type in ("Status", "Set")


def commented(transaction: Transaction, text: str) -> Commented:
    return Commented(
        ticket=str(transaction.ticket),
        id=str(transaction.id),
        author=clean(transaction.creator.name or transaction.creator.id),
        text=text,
        public=_SAID[transaction.type],
        at=transaction.created,
    )


def text_part(parts: list[Part]) -> Part | None:
    """The one that says what was written: plain text, else HTML. Files are none."""
    texts = [part for part in parts if part.type.startswith("text/") and not part.file]
    plain = [part for part in texts if part.type == "text/plain"]
    return min(plain or texts, key=lambda part: part.id, default=None)


def read(part: Part | None, files: list[str]) -> str:
    """Its text, and the names of the files that hang on it: they can be opened there."""
    text = part.content if part else ""
    if part and part.type == "text/html":
        text = to_text(text)
    named = "\n".join(f"[file: {name}]" for name in files)
    return clean("\n".join(filter(None, (text, named))), most=MAX_TEXT)


def gone(transaction: Transaction) -> TicketGone | None:
    """Where it tells of a deletion or a merge. A merge is told to both tickets."""
    ticket, at = str(transaction.ticket), transaction.created
    if transaction.field == "Status" and transaction.new == DELETED:
        return TicketGone(ticket=ticket, at=at)
    into = transaction.new.rpartition("/")[2]
    if transaction.type == "AddLink" and transaction.field == "MergedInto" and into != ticket:
        return TicketGone(ticket=ticket, at=at, into=into)
    return None


def state(ticket: Ticket, at: datetime, words: Vocabulary) -> TicketChanged:
    return TicketChanged(
        ticket=str(ticket.id),
        status=words.status(ticket.status),
        at=at,
        priority=words.priority(ticket.priority),
        assignee=None if ticket.owner == NOBODY else ticket.owner,
    )
