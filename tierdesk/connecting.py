"""Every configured account and helpdesk as a connection; only what is configured is imported."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime

from inbox.message import Account
from inbox.ports import Connection, HelpdeskConnection, desk_account
from store.database import Database
from store.writer import Writer
from tierdesk.hosting import host
from tierdesk.settings import Settings
from tierdesk.settings_accounts import integration
from tierdesk.settings_helpdesks import helpdesk


def now() -> datetime:
    return datetime.now(UTC)


def connect(
    settings: Settings, database: Database, writer: Writer, resources: ExitStack
) -> dict[Account, Connection]:
    """No network is asked. `resources` closes what the accounts open."""
    connections: dict[Account, Connection] = {}
    for entry in settings.accounts.values():
        connection = integration(entry.account.network).connect(
            entry.account.name,
            entry.data,
            entry.secrets,
            host=host(entry.account, database, writer, now),
        )
        resources.callback(connection.close)
        connections[connection.account] = connection
    return connections


def connect_helpdesks(
    settings: Settings, database: Database, writer: Writer, resources: ExitStack
) -> dict[str, HelpdeskConnection]:
    """By name. No helpdesk is asked. `resources` closes what they open."""
    connections: dict[str, HelpdeskConnection] = {}
    for entry in settings.helpdesks.values():
        connection = helpdesk(entry.kind).connect(
            entry.name,
            entry.data,
            entry.secrets,
            host=host(desk_account(entry.name), database, writer, now),
        )
        resources.callback(connection.close)
        connections[entry.name] = connection
    return connections
