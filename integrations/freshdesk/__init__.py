"""Freshdesk: tickets with private notes for its agents, their answers and states back.

Spoken with httpx: python-freshdesk refuses every address but freshdesk.com and is not kept up.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from inbox.decision import Priority
from inbox.message import Account
from inbox.ports import HelpdeskConnection, Host, TicketStatus
from integrations.settings import HTTP_URL, AccountSettings, Described, Secret

STATUSES = {
    2: TicketStatus.OPEN,
    3: TicketStatus.PENDING,
    7: TicketStatus.ON_HOLD,
    6: TicketStatus.PENDING,
    4: TicketStatus.SOLVED,
    5: TicketStatus.CLOSED,
}
"""7 waits for a third party, 6 for the customer."""
PRIORITIES = {1: Priority.LOW, 2: Priority.MEDIUM, 3: Priority.HIGH, 4: Priority.CRITICAL}


class FreshdeskSettings(AccountSettings):
    """A Freshdesk account."""

    base_url: str = Field(
        pattern=HTTP_URL, description="Freshdesk's address, such as https://brand.freshdesk.com"
    )
    key_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the API key"
    )
    key_field: str = Field(
        default="cf_tierdesk_key",
        pattern=r"^cf_[a-z0-9_]{1,60}$",
        description="The API name of the ticket field that holds our key",
    )
    group_id: int | None = Field(
        default=None, description="The number of the group that new tickets go to"
    )
    statuses: Mapping[int, TicketStatus] = Field(
        default=STATUSES,
        description="Freshdesk's states by number and ours: open, pending, on hold, solved, closed",
    )
    priorities: Mapping[int, Priority] = Field(
        default=PRIORITIES,
        description="Freshdesk's priorities by number and ours: low, medium, high, critical",
    )


def connect(
    account: Account, settings: FreshdeskSettings, secrets: Mapping[str, str], host: Host
) -> HelpdeskConnection:
    """No request is made before the first work."""
    from integrations.freshdesk.adapter import connection

    return connection(account.name, settings, secrets["KEY"], host)


helpdesk = Described(
    name="freshdesk",
    settings=FreshdeskSettings,
    secrets=(Secret(name="KEY", key="key_env"),),
    open=connect,
)
