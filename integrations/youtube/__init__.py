"""YouTube: the comments under a channel's videos (docs/youtube.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.settings import HTTP_URL, Described, PolledSettings, Secret


class YouTubeSettings(PolledSettings):
    """A channel, with the OAuth client that may act for it."""

    channel_id: str = Field(
        pattern=r"^UC[\w-]{10,40}$",
        description="The channel's id, such as UCabc...: YouTube Studio, Settings, Channel,"
        " Advanced settings",
    )
    client_id: str = Field(min_length=1, description="The id of the OAuth client")
    client_secret_env: str | None = Field(
        default=None, description="Name of the environment variable with the client's secret"
    )
    refresh_token_env: str | None = Field(
        default=None, description="Name of the environment variable with the refresh token"
    )
    watched: int = Field(
        default=100,
        ge=1,
        le=1000,
        description="How many of the newest threads are watched for new replies; each page"
        " of them costs one unit a poll",
    )
    held: tuple[Literal["heldForReview", "likelySpam"], ...] = Field(
        default=("heldForReview",),
        description="Which comments that YouTube holds back are taken too; each kind costs one"
        " unit a poll",
    )
    units_per_day: int = Field(
        default=10_000, ge=1, description="The quota of the Google Cloud project, in units a day"
    )
    reserve: float = Field(
        default=0.2, ge=0, lt=1, description="The part of the quota that polls leave to answers"
    )
    read_units: int = Field(default=1, ge=0, description="What a request that reads costs")
    write_units: int = Field(default=50, ge=0, description="What a request that writes costs")
    max_length: int = Field(default=10_000, ge=1, description="Longest answer")
    base_url: str = Field(
        default="https://youtube.googleapis.com",
        pattern=HTTP_URL,
        description="The address of the API, such as https://youtube.googleapis.com",
    )
    token_url: str = Field(
        default="https://oauth2.googleapis.com/token",
        pattern=HTTP_URL,
        description="Where access tokens are asked for",
    )
    web_url: str = Field(
        default="https://www.youtube.com",
        pattern=HTTP_URL,
        description="Where links to comments lead",
    )


def connect(
    account: Account, settings: YouTubeSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first work."""
    from integrations.youtube.adapter import connection  # httpx is imported only here

    return connection(account, settings, secrets["CLIENT_SECRET"], secrets["REFRESH_TOKEN"], host)


integration = Described(
    name="youtube",
    settings=YouTubeSettings,
    secrets=(
        Secret(name="CLIENT_SECRET", key="client_secret_env"),
        Secret(name="REFRESH_TOKEN", key="refresh_token_env"),
    ),
    open=connect,
)
