"""Every configured account as a connection; only networks that are configured are imported."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime

from inbox.message import Account
from inbox.ports import Connection
from store.database import Database
from store.writer import Writer
from tierdesk.hosting import host
from tierdesk.settings import Settings
from tierdesk.settings_accounts import integration


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
