"""Zammad: tickets with internal notes for its agents, their answers and states back.

Spoken with httpx: of zammad_py's calls eight would be used, none with errors of the kind that is
needed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pydantic import Field

from inbox.decision import Priority
from inbox.message import Account
from inbox.ports import HelpdeskConnection, Host, TicketStatus
from integrations.settings import HTTP_URL, AccountSettings, Described, Secret

STATUSES = {
    "new": TicketStatus.NEW,
    "open": TicketStatus.OPEN,
    "pending reminder": TicketStatus.PENDING,
    "pending close": TicketStatus.PENDING,
    "closed": TicketStatus.SOLVED,
}
PRIORITIES = {"1 low": Priority.LOW, "2 normal": Priority.MEDIUM, "3 high": Priority.HIGH}


class ZammadSettings(AccountSettings):
    """A group of a Zammad."""

    base_url: str = Field(
        pattern=HTTP_URL, description="Zammad's address, such as https://zammad.example"
    )
    group: str = Field(min_length=1, description="The group that new tickets go to, such as Users")
    token_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the access token"
    )
    webhooks: bool = Field(
        default=False, description="true where a trigger of Zammad tells of changes"
    )
    signature_env: str | None = Field(
        default=None, description="Name of the variable with the webhook's HMAC token"
    )
    key_field: str = Field(
        default="tierdesk_key",
        pattern=r"^[a-z][a-z0-9_]{0,60}$",
        description="The name of the text attribute of tickets that holds our key",
    )
    pending_for: timedelta = Field(
        default=timedelta(days=1),
        gt=timedelta(0),
        description="How long a ticket waits that Tierdesk sets to a pending state, such as P1D",
    )
    statuses: Mapping[str, TicketStatus] = Field(
        default=STATUSES,
        description="Zammad's states and ours: new, open, pending, on hold, solved, closed",
    )
    priorities: Mapping[str, Priority] = Field(
        default=PRIORITIES,
        description="Zammad's priorities and ours: low, medium, high, critical",
    )


def connect(
    account: Account, settings: ZammadSettings, secrets: Mapping[str, str], host: Host
) -> HelpdeskConnection:
    """No request is made before the first work."""
    from integrations.zammad.adapter import connection

    return connection(account.name, settings, secrets, host)


helpdesk = Described(
    name="zammad",
    settings=ZammadSettings,
    secrets=(
        Secret(name="TOKEN", key="token_env"),
        Secret(
            name="SIGNATURE_TOKEN",
            key="signature_env",
            needed=lambda data: data.get("webhooks") is True,
        ),
    ),
    open=connect,
)
