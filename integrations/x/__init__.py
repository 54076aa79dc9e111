"""X: mentions, searched words and direct messages in; replies and direct messages out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.settings import HTTP_URL, Described, PolledSettings, Secret
from integrations.x.query import fits


class Prices(BaseModel):
    """What X charges, in millionths of a dollar (docs.x.com, "Pricing", August 2026)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    post_read: int = Field(default=5_000, ge=0)
    owned_read: int = Field(default=1_000, ge=0)
    user_read: int = Field(default=10_000, ge=0)
    message_read: int = Field(default=10_000, ge=0)
    post: int = Field(default=15_000, ge=0)
    summoned_reply: int = Field(default=10_000, ge=0)
    post_with_link: int = Field(default=200_000, ge=0)
    message: int = Field(default=15_000, ge=0)
    hide: int = Field(default=5_000, ge=0)
    post_event: int = Field(default=5_000, ge=0)
    message_event: int = Field(default=10_000, ge=0)


class XSettings(PolledSettings):
    """An account on X."""

    base_url: str = Field(
        default="https://api.x.com", pattern=HTTP_URL, description="The API's address"
    )
    web_url: str = Field(
        default="https://x.com", pattern=HTTP_URL, description="Where people read posts"
    )
    auth: Literal["oauth1", "oauth2"] = Field(
        default="oauth1",
        description="oauth1: four keys that do not end; oauth2: a user token that is refreshed",
    )
    consumer_key_env: str | None = Field(
        default=None, description="Name of the variable with the app's API key"
    )
    consumer_secret_env: str | None = Field(
        default=None, description="Name of the variable with the app's API key secret"
    )
    access_token_env: str | None = Field(
        default=None, description="Name of the variable with the account's access token"
    )
    access_secret_env: str | None = Field(
        default=None, description="Name of the variable with the access token's secret"
    )
    client_id_env: str | None = Field(
        default=None, description="Name of the variable with the OAuth 2 client id"
    )
    client_secret_env: str | None = Field(
        default=None, description="Name of the variable with the OAuth 2 client secret"
    )
    refresh_token_env: str | None = Field(
        default=None, description="Name of the variable with the first refresh token"
    )
    search: tuple[str, ...] = Field(
        default=(),
        description="Words and phrases to look for beside mentions, such as [brightleaf lamp]",
    )

    @field_validator("search")
    @classmethod
    def _fits(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        if not all(word.strip() for word in words) or not fits(words):
            raise ValueError("is empty, or longer than the 512 characters that X searches for")
        return words

    direct_messages: bool = Field(default=True, description="Whether direct messages are fetched")
    look_again: bool = Field(
        default=True,
        description="Whether posts of open cases are read again for edits and deletions",
    )
    webhook: bool = Field(
        default=False, description="Whether X delivers events; polls come more rarely then"
    )
    enterprise: bool = Field(
        default=False, description="Enterprise plans may reply to anybody; others when summoned"
    )
    replies_summon: bool = Field(
        default=True, description="Whether a reply to us counts as summoning us"
    )
    automatic_replies: bool = Field(
        default=False, description="Whether answers that no person wrote may go out on X"
    )
    max_length: int = Field(
        default=280, ge=1, le=25_000, description="Longest post: 280, or 25000 with Premium"
    )
    max_message_length: int = Field(
        default=10_000, ge=1, description="Longest direct message, in characters"
    )
    per_day: Decimal | None = Field(
        default=None, gt=0, description="What the API may cost in a day (UTC), in dollars: 3.50"
    )
    per_month: Decimal | None = Field(
        default=None, gt=0, description="What the API may cost in a month, in dollars: 60"
    )
    owns_app: bool = Field(
        default=False,
        description="Whether the developer app belongs to this account: reads are cheaper then",
    )
    prices: Prices = Field(
        default=Prices(), description="What X charges, in millionths of a dollar, by kind of call"
    )


def connect(
    account: Account, settings: XSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first poll."""
    from integrations.x.adapter import connection  # tweepy takes long to import

    return connection(account, settings, secrets, host)


def _with(auth: str) -> Callable[[Mapping[str, object]], bool]:
    return lambda data: data.get("auth", "oauth1") == auth


def _signed_or_delivered(data: Mapping[str, object]) -> bool:
    """X signs what it delivers with the consumer secret, whatever the token."""
    return _with("oauth1")(data) or data.get("webhook") is True


integration = Described(
    name="x",
    settings=XSettings,
    secrets=(
        Secret(name="CONSUMER_KEY", key="consumer_key_env", needed=_with("oauth1")),
        Secret(name="CONSUMER_SECRET", key="consumer_secret_env", needed=_signed_or_delivered),
        Secret(name="ACCESS_TOKEN", key="access_token_env", needed=_with("oauth1")),
        Secret(name="ACCESS_SECRET", key="access_secret_env", needed=_with("oauth1")),
        Secret(name="CLIENT_ID", key="client_id_env", needed=_with("oauth2")),
        Secret(name="CLIENT_SECRET", key="client_secret_env", needed=lambda data: False),
        Secret(name="REFRESH_TOKEN", key="refresh_token_env", needed=_with("oauth2")),
    ),
    open=connect,
    library="tweepy",
)
