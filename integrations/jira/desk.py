"""What is written to Jira's issues: internal comments, and states by the transitions there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from inbox.errors import Rejected, Retryable
from inbox.ports import (
    Keep,
    Ticket,
    TicketDraft,
    TicketEntry,
    TicketStatus,
    TicketUpdate,
    kept_beginning,
)
from integrations.jira import convert
from integrations.jira.api import Jira
from integrations.jira.convert import Form
from integrations.jira.wire import Issue
from integrations.ticket_words import INSTEAD
from integrations.tickets import told

SETTLED = timedelta(minutes=5)
"""After so long the search knows what was made ("a few seconds to minutes")."""
_AGAIN = timedelta(minutes=1)


class Desk:
    """Implements inbox.ports.TicketDesk. A closed issue is opened again where a transition can."""

    def __init__(self, jira: Jira, form: Form, clock: Callable[[], datetime], keep: Keep) -> None:
        self._jira = jira
        self._form = form
        self._clock = clock
        self._keep = keep

    def create(self, draft: TicketDraft) -> Ticket:
        self._jira.me()
        self._keep.set(kept_beginning(draft.key), self._clock().isoformat())
        key = self._jira.create(convert.opening(draft, self._form))
        return self._seen(key, TicketStatus.OPEN)

    def find(self, key: str) -> Ticket | None:
        """Raises Retryable while the search may not know yet what was made under this key."""
        jql = f'project = "{self._form.project}" AND labels = "{convert.label(key)}"'
        for issue in self._jira.search(jql):
            if convert.label(key) in issue.fields.labels:
                return self._known(issue)
        begun = self._keep.get(kept_beginning(key))
        if begun and self._clock() - datetime.fromisoformat(begun) < SETTLED:
            raise Retryable("Jira's search may not show a new ticket yet.", after=_AGAIN)
        return None

    def add(self, ticket: str, entry: TicketEntry) -> Ticket:
        there = self._jira.issue(ticket)
        waits = self._form.status(there.fields.status.name) is not TicketStatus.OPEN
        if entry.from_customer and waits:
            self._move(there, TicketStatus.OPEN)
            there = self._jira.issue(ticket)
        self._jira.note(there.key, convert.note(told(entry), entry.key))
        return self._known(there)

    def holds(self, ticket: str, entry: TicketEntry) -> bool:
        return any(convert.key_of(one) == entry.key for one in self._jira.comments(ticket))

    def update(self, ticket: str, update: TicketUpdate) -> None:
        there = self._jira.issue(ticket)
        if update.assignee is not None:
            account = self._jira.agent(there.key, update.assignee)
            if there.fields.assignee is None or there.fields.assignee.account_id != account:
                self._jira.assign(there.key, account)
        if update.priority is not None:
            self._jira.edit(
                there.key, {"fields": {"priority": self._form.priority(update.priority)}}
            )
        if missing := set(map(convert.tag, update.tags or ())) - set(there.fields.labels):
            labels = [{"add": tag} for tag in sorted(missing)]
            self._jira.edit(there.key, {"update": {"labels": labels}})
        if update.status is not None:
            self._move(there, update.status)

    def _move(self, issue: Issue, status: TicketStatus) -> None:
        """Nothing where it stands there already. Raises Rejected where no transition goes there."""
        wanted = (status, *INSTEAD[status])
        if self._form.status(issue.fields.status.name) is status:
            return
        ways = self._jira.transitions(issue.key)
        for each in wanted:
            for way in ways:
                if self._form.statuses.ours(way.to.name) is each:
                    self._jira.move(issue.key, way.id)
                    return
        raise Rejected(f'Jira has no transition to "{status.value}" from where the ticket stands.')

    def _known(self, issue: Issue) -> Ticket:
        return self._seen(issue.key, self._form.status(issue.fields.status.name))

    def _seen(self, key: str, status: TicketStatus) -> Ticket:
        return Ticket(id=key, url=f"{self._jira.base_url}/browse/{key}", status=status)
