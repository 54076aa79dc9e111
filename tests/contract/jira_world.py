"""A service project in Jira with Rita at work in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette

from inbox.decision import Priority
from inbox.ports import HelpdeskConnection, Request, TicketEvent, TicketStatus
from integrations.jira import PRIORITIES, STATUSES
from integrations.jira import helpdesk as jira
from integrations.jira.document import to_text
from tests.contract.helpdesk_worlds import Drained, Seen, World, now
from tests.contract.worlds import NOBODY
from tests.helpdesks.jira import EMAIL, RITA, TOKEN, WEBHOOK_SECRET, FakeJira
from tests.helpdesks.next_write import WriteFaults
from tests.hosts import a_host
from tests.servers import Loopback

WRITES = ("POST /issue", "POST /issue/{key}/comment", "PUT /issue/{key}")


@dataclass
class JiraWorld:
    desk: FakeJira
    faults: WriteFaults
    opened: ExitStack
    base_url: str
    secret: str = TOKEN
    knows = frozenset(
        {"search", "status", "priority", "assignee", "tags", "notes", "agent", "delivered"}
    )
    agent = "rita@brand.example"

    def __post_init__(self) -> None:
        self.connection = self.with_secret(self.secret)
        assert self.connection.watch
        self._drained = Drained(self.connection.watch)

    def with_secret(self, secret: str) -> HelpdeskConnection:
        return self._at(self.base_url, secret)

    def unreachable(self) -> HelpdeskConnection:
        return self._at(NOBODY, self.secret)

    def _at(self, base_url: str, secret: str) -> HelpdeskConnection:
        data = {"base_url": base_url, "email": EMAIL, "project": "SUP", "webhooks": True}
        signing = WEBHOOK_SECRET if secret == TOKEN else secret
        secrets = {"JIRA_SUPPORT_TOKEN": secret, "JIRA_SUPPORT_WEBHOOK_SECRET": signing}
        connection = jira.connect("support", data, secrets, host=a_host(now))
        self.opened.callback(connection.close)
        return connection

    def tickets(self) -> Sequence[Seen]:
        return [self._seen(one["key"], one["fields"]) for one in self.desk.issues.values()]

    def _seen(self, key: str, fields: dict[str, Any]) -> Seen:
        """The customer's name stands at the beginning of the description."""
        story, comments = to_text(fields["description"]), self.desk.comments[key]
        texts = [to_text(comment["body"]) for comment in comments]
        return Seen(
            id=key,
            subject=fields["summary"],
            requester=story.partition("\n")[0].removeprefix("Customer: ").partition(" (")[0],
            entries=(story, *texts),
            public=tuple(to_text(one["body"]) for one in comments if one["jsdPublic"]),
            status=STATUSES[fields["status"]["name"]],
            priority=PRIORITIES[fields["priority"]["name"]],
            assignee=fields["assignee"]["emailAddress"] if fields["assignee"] else None,
            tags=frozenset(fields["labels"]),
        )

    def changes(self) -> list[TicketEvent]:
        return self._drained()

    def comment(self, ticket: str, text: str, *, public: bool = True) -> None:
        self.desk.write(ticket, text, public=public)

    def set(
        self,
        ticket: str,
        *,
        status: TicketStatus | None = None,
        priority: Priority | None = None,
        assignee: str | None = None,
    ) -> None:
        state = next((word for word, ours in STATUSES.items() if ours is status), None)
        urgency = next((word for word, ours in PRIORITIES.items() if ours is priority), None)
        chosen = {
            "status": {"name": state} if state else None,
            "priority": {"name": urgency} if urgency else None,
            "assignee": RITA if assignee else None,
        }
        self.desk.set(ticket, **{name: value for name, value in chosen.items() if value})

    def merge(self, ticket: str, into: str) -> None:
        raise AssertionError("Jira merges no issues")

    def delete(self, ticket: str) -> None:
        self.desk.delete(ticket)

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        self.faults.next_write(kind, retry_after=retry_after)

    def delivery(self) -> Request:
        headers, body = self.desk.delivered[-1]
        return Request(method="POST", query={}, headers=headers, body=body, received_at=now())


@contextmanager
def a_jira_world() -> Iterator[World]:
    faults = WriteFaults(WRITES)
    desk = FakeJira(faults, now)
    with Loopback(Starlette(routes=desk.routes)) as server, ExitStack() as opened:
        yield JiraWorld(desk, faults, opened, server.url)
