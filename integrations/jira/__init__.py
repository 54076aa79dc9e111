"""Jira Service Management in the cloud: issues with internal comments, answers and states back.

Spoken with httpx: the library `jira` speaks version 2 of the API, whose texts are markup, so what a
customer writes would be formatted; version 3 takes a document.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from inbox.decision import Priority
from inbox.message import Account
from inbox.ports import HelpdeskConnection, Host, TicketStatus
from integrations.settings import HTTP_URL, AccountSettings, Described, Secret

STATUSES = {
    "Waiting for support": TicketStatus.OPEN,
    "Open": TicketStatus.OPEN,
    "In progress": TicketStatus.OPEN,
    "Waiting for customer": TicketStatus.PENDING,
    "Pending": TicketStatus.ON_HOLD,
    "Escalated": TicketStatus.ON_HOLD,
    "Resolved": TicketStatus.SOLVED,
    "Done": TicketStatus.SOLVED,
    "Closed": TicketStatus.CLOSED,
    "Canceled": TicketStatus.CLOSED,
}
PRIORITIES = {
    "Low": Priority.LOW,
    "Lowest": Priority.LOW,
    "Medium": Priority.MEDIUM,
    "High": Priority.HIGH,
    "Highest": Priority.CRITICAL,
}


class JiraSettings(AccountSettings):
    """A service project in Jira's cloud."""

    base_url: str = Field(
        pattern=HTTP_URL, description="Jira's address, such as https://brand.atlassian.net"
    )
    email: str = Field(description="The address of the token's user")
    project: str = Field(
        pattern=r"^[A-Z][A-Z0-9_]+$", description="The key of the service project, such as SUP"
    )
    issue_type: str = Field(
        default="[System] Service request", description="The type of the issues that are made"
    )
    token_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the API token"
    )
    webhooks: bool = Field(
        default=False, description="true where a webhook of Jira tells of changes"
    )
    webhook_secret_env: str | None = Field(
        default=None, description="Name of the environment variable with the webhook's secret"
    )
    statuses: Mapping[str, TicketStatus] = Field(
        default=STATUSES,
        description="Jira's states and ours: new, open, pending, on hold, solved, closed",
    )
    priorities: Mapping[str, Priority] = Field(
        default=PRIORITIES,
        description="Jira's priorities and ours: low, medium, high, critical",
    )


def connect(
    account: Account, settings: JiraSettings, secrets: Mapping[str, str], host: Host
) -> HelpdeskConnection:
    """No request is made before the first work."""
    from integrations.jira.adapter import connection

    return connection(account.name, settings, secrets, host)


helpdesk = Described(
    name="jira",
    settings=JiraSettings,
    secrets=(
        Secret(name="TOKEN", key="token_env"),
        Secret(
            name="WEBHOOK_SECRET",
            key="webhook_secret_env",
            needed=lambda data: data.get("webhooks") is True,
        ),
    ),
    open=connect,
)
