"""Mastodon and servers that speak its API: mentions and direct messages in, replies out."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.settings import HTTP_URL, Described, PolledSettings, Secret


class MastodonSettings(PolledSettings):
    """An account on a Mastodon server."""

    base_url: str = Field(
        pattern=HTTP_URL, description="The server's address, such as https://mastodon.example"
    )
    token_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the access token"
    )
    max_length: int | None = Field(
        default=None, ge=1, description="Longest reply, where the server does not say it rightly"
    )


def connect(
    account: Account, settings: MastodonSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first poll."""
    from integrations.mastodon.adapter import connection  # Mastodon.py takes long to import

    return connection(account, settings, secrets["TOKEN"], host.clock)


integration = Described(
    name="mastodon",
    settings=MastodonSettings,
    secrets=(Secret(name="TOKEN", key="token_env"),),
    open=connect,
)
