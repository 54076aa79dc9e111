"""Request Tracker 5: tickets with comments that nobody is mailed, replies and states back.

Spoken with httpx over REST2. The library `rt` (3.8) depends on `httpx2`, a second HTTP stack beside
the one that is here, with time-outs, proxies and errors of its own to keep in step, and it has no
way to say If-Match; what is needed of REST2 are eight requests.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from inbox.decision import Priority
from inbox.message import Account
from inbox.ports import HelpdeskConnection, Host, TicketStatus
from integrations.settings import HTTP_URL, AccountSettings, Described, Secret

STATUSES = {
    "new": TicketStatus.NEW,
    "open": TicketStatus.OPEN,
    "stalled": TicketStatus.PENDING,
    "resolved": TicketStatus.SOLVED,
    "rejected": TicketStatus.CLOSED,
}
"""The lifecycle `default` of Request Tracker."""

PRIORITIES = {0: Priority.LOW, 50: Priority.MEDIUM, 100: Priority.HIGH, 150: Priority.CRITICAL}
"""Low, Medium and High of Request Tracker's own settings; what is above High is shown as High."""


class RequestTrackerSettings(AccountSettings):
    """A queue of a Request Tracker."""

    base_url: str = Field(
        pattern=HTTP_URL, description="The address of its first page, as https://rt.example"
    )
    token_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the token"
    )
    queue: str = Field(min_length=1, description="The name of the queue that tickets are made in")
    other_queues: tuple[str, ...] = Field(
        default=(), description="Queues that its people move tickets to: [Returns, Billing]"
    )
    key_field: str = Field(
        default="Tierdesk key",
        min_length=1,
        description="The name of the custom field that holds the key of a ticket",
    )
    customer_field: str | None = Field(
        default=None, min_length=1, description="The name of a custom field for the customer"
    )
    tags_field: str | None = Field(
        default=None, min_length=1, description="The name of a custom field for tags, many values"
    )
    statuses: Mapping[str, TicketStatus] = Field(
        default=STATUSES,
        description="Its states and ours: new, open, pending, on hold, solved, closed",
    )
    priorities: Mapping[int, Priority] = Field(
        default=PRIORITIES,
        min_length=1,
        description="The number from which on a priority is ours: low, medium, high, critical",
    )


def connect(
    account: Account, settings: RequestTrackerSettings, secrets: Mapping[str, str], host: Host
) -> HelpdeskConnection:
    """No request is made before the first work."""
    from integrations.request_tracker.adapter import connection

    return connection(account.name, settings, secrets["TOKEN"], host.clock)


helpdesk = Described(
    name="request_tracker",
    settings=RequestTrackerSettings,
    secrets=(Secret(name="TOKEN", key="token_env"),),
    open=connect,
)
