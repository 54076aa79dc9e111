"""Telegram bots: chats, groups and the comments of channels, by the Bot API (docs/telegram.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import AwareDatetime, Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.settings import HTTP_URL, AccountSettings, Described, Secret


class TelegramSettings(AccountSettings):
    """A bot, in its private chats and in the groups that it was added to."""

    username: str = Field(
        pattern=r"^[A-Za-z0-9_]{3,32}$",
        description="The bot's username without @, such as BrightleafCareBot",
    )
    token_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the bot's token"
    )
    secret_env: str | None = Field(
        default=None,
        description="Name of the environment variable that holds the webhook's secret token",
    )
    handle: str | None = Field(
        default=None, description="How agents see this account; the bot's username when left out"
    )
    receive: Literal["poll", "webhook"] = Field(
        default="poll", description="poll, or webhook where Tierdesk has a public address"
    )
    long_poll: int = Field(
        default=5,
        ge=0,
        le=15,
        description="Seconds, 0 to 15, for which a poll waits for something new",
    )
    import_since: AwareDatetime | None = Field(
        default=None,
        description="The first poll takes what Telegram kept since this time; it keeps a day",
    )
    chats: tuple[int, ...] = Field(
        default=(),
        description="Ids of the groups whose messages are taken, such as -1001234567890; all when"
        " left out. Private chats are always taken",
    )
    listen: Literal["all", "addressed"] = Field(
        default="all",
        description="all that is written in groups, or only what is addressed to the bot: mentions,"
        " answers to it, comments under the channel's posts",
    )
    own: tuple[int, ...] = Field(
        default=(),
        description="Ids of people and channels that speak for the brand in groups: what they"
        " answer is recorded as an answer",
    )
    take_start: bool = Field(
        default=False, description="true: a bare /start is a message, such as for a menu by rule"
    )
    like_with: str = Field(default="👍", description="The reaction that the button Like sets")
    max_length: int = Field(default=4096, ge=1, description="Longest answer")
    base_url: str = Field(
        default="https://api.telegram.org",
        pattern=HTTP_URL,
        description="The address of the Bot API, such as https://api.telegram.org",
    )


def connect(
    account: Account, settings: TelegramSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first work."""
    from integrations.telegram.adapter import connection  # httpx is imported only here

    return connection(account, settings, secrets["TOKEN"], secrets["SECRET"], host)


integration = Described(
    name="telegram",
    settings=TelegramSettings,
    secrets=(
        Secret(name="TOKEN", key="token_env"),
        Secret(
            name="SECRET",
            key="secret_env",
            needed=lambda data: data.get("receive") == "webhook",
        ),
    ),
    open=connect,
)
