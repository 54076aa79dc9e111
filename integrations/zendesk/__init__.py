"""Zendesk Support: tickets with notes for its agents, their answers and states back.

Spoken with httpx: zenpy has no header for one call, so its Idempotency-Key would have to be set
on the session that all threads share; it sleeps through rate limits by itself and may answer from
its cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pydantic import Field

from inbox.decision import Priority
from inbox.message import Account
from inbox.ports import HelpdeskConnection, Host, TicketStatus
from integrations.settings import HTTP_URL, AccountSettings, Described, Secret

REPEATABLE = timedelta(hours=2)
"""How long Zendesk keeps an Idempotency-Key of POST /tickets."""

STATUSES = {
    "new": TicketStatus.NEW,
    "open": TicketStatus.OPEN,
    "pending": TicketStatus.PENDING,
    "hold": TicketStatus.ON_HOLD,
    "solved": TicketStatus.SOLVED,
    "closed": TicketStatus.CLOSED,
}
PRIORITIES = {
    "low": Priority.LOW,
    "normal": Priority.MEDIUM,
    "high": Priority.HIGH,
    "urgent": Priority.CRITICAL,
}


class ZendeskSettings(AccountSettings):
    """A Zendesk Support account."""

    base_url: str = Field(
        pattern=HTTP_URL, description="Zendesk's address, such as https://brand.zendesk.com"
    )
    email: str | None = Field(
        default=None,
        description="The address of the token's user; leave it out for an OAuth access token",
    )
    token_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the API token"
    )
    webhooks: bool = Field(
        default=False, description="true where a webhook of Zendesk tells of changes"
    )
    signing_secret_env: str | None = Field(
        default=None, description="Name of the environment variable with the webhook's secret"
    )
    polls: bool = Field(
        default=True, description="false where the token's user is no administrator"
    )
    group_id: int | None = Field(
        default=None, description="The number of the group that new tickets go to"
    )
    statuses: Mapping[str, TicketStatus] = Field(
        default=STATUSES,
        description="Zendesk's states and ours: new, open, pending, on hold, solved, closed",
    )
    priorities: Mapping[str, Priority] = Field(
        default=PRIORITIES,
        description="Zendesk's priorities and ours: low, medium, high, critical",
    )


def connect(
    account: Account, settings: ZendeskSettings, secrets: Mapping[str, str], host: Host
) -> HelpdeskConnection:
    """No request is made before the first work."""
    from integrations.zendesk.adapter import connection

    return connection(account.name, settings, secrets, host)


helpdesk = Described(
    name="zendesk",
    settings=ZendeskSettings,
    secrets=(
        Secret(name="TOKEN", key="token_env"),
        Secret(
            name="SIGNING_SECRET",
            key="signing_secret_env",
            needed=lambda data: data.get("webhooks") is True,
        ),
    ),
    open=connect,
)
