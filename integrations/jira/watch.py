"""Looks for what happened to our issues with Jira's search, which may be some minutes behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from inbox.ports import TicketEvent, TicketPage
from integrations.jira import convert
from integrations.jira.api import Jira
from integrations.jira.convert import OURS, Form
from integrations.jira.wire import Issue
from integrations.ticket_looks import Known, Looked, Place

OVERLAP = timedelta(minutes=10)


class Watch:
    """Implements inbox.ports.TicketWatch.

    A look does not show who changed a state, so one that we set is told like any other.
    """

    def __init__(self, jira: Jira, form: Form, clock: Callable[[], datetime]) -> None:
        self._jira = jira
        self._form = form
        self._clock = clock

    def changes(self, cursor: str | None) -> TicketPage:
        if cursor is None:
            self._jira.asked_me()
            return TicketPage(events=(), cursor=Place.beginning(self._clock()).written())
        place = Place.read(cursor)
        issues = [
            issue
            for issue in self._jira.search(self._query(place))
            if issue.fields.updated >= place.since(OVERLAP)
        ]
        return place.page([self._looked(issue, place) for issue in issues])

    def _query(self, place: Place) -> str:
        """Backwards from now: a time of day would be read in the zone of the token's user."""
        ago = ceil((self._clock() - place.since(OVERLAP)) / timedelta(minutes=1)) + 1
        mine = f'project = "{self._form.project}" AND labels = "{OURS}"'
        return f'{mine} AND updated >= "-{ago}m" ORDER BY updated ASC'

    def _looked(self, issue: Issue, place: Place) -> Looked:
        before, changed = place.of(issue.key), issue.fields.updated.isoformat()
        state, last = convert.fingerprint(issue.fields), before.last
        events: list[TicketEvent] = []
        if before.changed != changed:
            comments, me = self._jira.comments(issue.key), self._jira.me()
            events += [
                convert.comment(issue.key, one)
                for one in comments
                if one.id > last
                and one.created >= place.since(OVERLAP)
                and one.author.account_id != me
                and convert.key_of(one) is None
            ]
            last = max((one.id for one in comments), default=last)
        if before.state != state:
            events.append(convert.state(issue, self._form))
        known = Known(changed=changed, last=last, state=state)
        return Looked(ticket=issue.key, changed=issue.fields.updated, known=known, events=events)
