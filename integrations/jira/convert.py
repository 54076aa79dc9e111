"""Our drafts and entries to Jira's JSON, its issues and comments to our events. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from inbox.decision import Priority
from inbox.message import MAX_TEXT, clean
from inbox.ports import Commented, TicketChanged, TicketDraft, TicketStatus
from integrations.jira.document import to_document, to_text
from integrations.jira.wire import Comment, Fields, Issue
from integrations.ticket_words import Words, nearest
from integrations.tickets import story

Json = dict[str, Any]

OURS = "tierdesk"
"""The label of our issues, the beginning of the one with the key, and a comment's property."""
_LONGEST_SUMMARY = 250
_LONGEST_TEXT = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How this project is set up; see the settings."""

    project: str
    issue_type: str
    statuses: Words[TicketStatus]
    priorities: Words[Priority]

    def status(self, theirs: str) -> TicketStatus:
        """A state that the table does not name is open: somebody there has to look."""
        return self.statuses.ours(theirs) or TicketStatus.OPEN

    def priority(self, ours: Priority) -> Json:
        return {"name": self.priorities.theirs(ours, *nearest(ours))}


# --- out ---------------------------------------------------------------------------------


def label(key: str) -> str:
    return f"{OURS}:{key}"


def tag(text: str) -> str:
    """As a label, which has no spaces."""
    return "_".join(text.split())


def opening(draft: TicketDraft, form: Form) -> Json:
    """The reporter is our own user, so no customer sees the issue or is mailed anything."""
    who = draft.requester
    labels = [OURS, label(draft.key), *map(tag, draft.tags)]
    customer = f"Customer: {who.name} ({who.key})"
    return {
        "project": {"key": form.project},
        "issuetype": {"name": form.issue_type},
        "summary": " ".join(draft.subject.split())[:_LONGEST_SUMMARY],
        "description": to_document(_cut(f"{customer}\n\n{story(draft)}")),
        "priority": form.priority(draft.priority),
        "labels": list(dict.fromkeys(labels)),
    }


def note(text: str, key: str) -> Json:
    """Internal: Jira's default is a reply to the customer."""
    return {
        "body": to_document(_cut(text)),
        "properties": [
            {"key": "sd.public.comment", "value": {"internal": True}},
            {"key": OURS, "value": {"key": key}},
        ],
    }


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}\n[…]"


# --- back --------------------------------------------------------------------------------


def key_of(comment: Comment) -> str | None:
    values = [one.value for one in comment.properties if one.key == OURS]
    value = values[0].get("key") if values and isinstance(values[0], dict) else None
    return value if isinstance(value, str) else None


def fingerprint(fields: Fields) -> str:
    """What a state is told by: a look does not show who changed what."""
    assignee = fields.assignee.account_id if fields.assignee else ""
    return f"{fields.status.name}|{fields.priority.name if fields.priority else ''}|{assignee}"


def state(issue: Issue, form: Form) -> TicketChanged:
    fields = issue.fields
    return TicketChanged(
        ticket=issue.key,
        status=form.status(fields.status.name),
        at=fields.updated,
        priority=form.priorities.ours(fields.priority.name) if fields.priority else None,
        assignee=(fields.assignee.known_as or None) if fields.assignee else None,
    )


def comment(ticket: str, one: Comment) -> Commented:
    """What a customer wrote there by themselves is no answer to them: it is told as a note."""
    return Commented(
        ticket=ticket,
        id=str(one.id),
        author=one.author.name or "Somebody",
        text=clean(to_text(one.body), most=MAX_TEXT),
        public=one.public and one.author.kind != "customer",
        at=one.created,
    )
