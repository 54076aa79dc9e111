"""Bluesky and other services of the AT Protocol: mentions, replies, quotes and direct messages."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.settings import HTTP_URL, Described, PolledSettings, Secret


class BlueskySettings(PolledSettings):
    """An account on Bluesky, or on a server of one's own that speaks the AT Protocol."""

    identifier: str = Field(
        min_length=3,
        pattern=r"^[^@\s]\S*$",
        description="The account's handle without @, such as brightleaf.example, or its DID",
    )
    base_url: str = Field(
        default="https://bsky.social",
        pattern=HTTP_URL,
        description="Where the account logs in: https://bsky.social, or the address of its own PDS",
    )
    app_url: str = Field(
        default="https://bsky.app",
        pattern=HTTP_URL,
        description="The website that links to posts and people lead to",
    )
    chat_service: str = Field(
        default="did:web:api.bsky.chat#bsky_chat",
        pattern=r"^did:[a-z]+:\S+#\S+$",
        description="The service of direct messages, as the header atproto-proxy names it",
    )
    direct_messages: bool = Field(
        default=True,
        description="false where the app password does not allow direct messages",
    )
    password_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the app password"
    )


def connect(
    account: Account, settings: BlueskySettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first poll."""
    from integrations.bluesky.adapter import connection  # atproto takes long to import

    return connection(account, settings, secrets["PASSWORD"], host)


integration = Described(
    name="bluesky",
    settings=BlueskySettings,
    secrets=(Secret(name="PASSWORD", key="password_env"),),
    open=connect,
    library="atproto",
)
