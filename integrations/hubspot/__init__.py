"""HubSpot: tickets with notes for its team, their notes and stages back.

Spoken with httpx: what is needed of it are a dozen requests of one form, for which HubSpot's own
library has a client, a model and an error for each interface.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from inbox.decision import Priority
from inbox.message import Account
from inbox.ports import HelpdeskConnection, Host, TicketStatus
from integrations.settings import HTTP_URL, AccountSettings, Described, Secret

STAGES = {
    "1": TicketStatus.NEW,
    "3": TicketStatus.OPEN,
    "2": TicketStatus.PENDING,
    "4": TicketStatus.SOLVED,
}
"""Of the pipeline that HubSpot begins with: new, waiting on us, waiting on contact, closed."""
PRIORITIES = {
    "LOW": Priority.LOW,
    "MEDIUM": Priority.MEDIUM,
    "HIGH": Priority.HIGH,
    "URGENT": Priority.CRITICAL,
}

Number = Annotated[str, Field(coerce_numbers_to_str=True, pattern=r"^[\w-]{1,100}$")]
"""The internal id of a pipeline or a stage, which looks like a number and need not be one."""


class HubSpotSettings(AccountSettings):
    """A HubSpot account."""

    base_url: str = Field(
        default="https://api.hubapi.com",
        pattern=HTTP_URL,
        description="The address of HubSpot's interface, https://api.hubapi.com",
    )
    token_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the access token"
    )
    key_field: str = Field(
        default="tierdesk_key",
        pattern=r"^[a-z][a-z0-9_]{0,99}$",
        description="The internal name of the ticket property that holds our key",
    )
    tickets_url: str | None = Field(
        default=None,
        pattern=HTTP_URL,
        description="What stands before the number in the address of a ticket's page, such as"
        " https://app.hubspot.com/contacts/1234567/record/0-5",
    )
    public_mark: str | None = Field(
        default=None,
        pattern=r"^\S(.{0,58}\S)?$",
        description="How a note begins that is meant for the customer, such as To customer:",
    )
    webhook_url: str | None = Field(
        default=None,
        pattern=HTTP_URL,
        description="The address of our webhook exactly as it stands in HubSpot, where one is set",
    )
    client_secret_env: str | None = Field(
        default=None, description="Name of the environment variable with the app's client secret"
    )
    pipeline: Number = Field(
        default="0", description="The internal id of the pipeline that new tickets go to"
    )
    stages: Mapping[Number, TicketStatus] = Field(
        default=STAGES,
        description="The pipeline's stages by internal id and ours: new, open, pending, on hold,"
        " solved, closed",
    )
    priorities: Mapping[str, Priority] = Field(
        default=PRIORITIES,
        description="HubSpot's priorities and ours: low, medium, high, critical",
    )


def connect(
    account: Account, settings: HubSpotSettings, secrets: Mapping[str, str], host: Host
) -> HelpdeskConnection:
    """No request is made before the first work."""
    from integrations.hubspot.adapter import connection

    return connection(account.name, settings, secrets, host)


helpdesk = Described(
    name="hubspot",
    settings=HubSpotSettings,
    secrets=(
        Secret(name="TOKEN", key="token_env"),
        Secret(
            name="CLIENT_SECRET",
            key="client_secret_env",
            needed=lambda data: bool(data.get("webhook_url")),
        ),
    ),
    open=connect,
)
