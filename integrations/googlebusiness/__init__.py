"""Reviews of places on Google, by Google Business Profile (docs/reviews.md)."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.reviews import ReviewSettings
from integrations.settings import HTTP_URL, Described, Secret


class GoogleBusinessSettings(ReviewSettings):
    """One or more places of one Business Profile account."""

    account_id: str = Field(
        pattern=r"^\d{5,30}$", description="The account's number (accounts/<number>)"
    )
    locations: tuple[str, ...] = Field(
        min_length=1, description="The numbers of the places (locations/<number>)"
    )
    client_id: str = Field(min_length=1, description="The id of the OAuth client")
    client_secret_env: str | None = Field(
        default=None, description="Name of the environment variable with the client's secret"
    )
    refresh_token_env: str | None = Field(
        default=None, description="Name of the environment variable with the refresh token"
    )
    max_bytes: int = Field(default=4096, ge=1, description="Longest answer, in bytes of UTF-8")
    base_url: str = Field(
        default="https://mybusiness.googleapis.com",
        pattern=HTTP_URL,
        description="The address of the API",
    )
    token_url: str = Field(
        default="https://oauth2.googleapis.com/token",
        pattern=HTTP_URL,
        description="Where access tokens are asked for",
    )
    web_url: str = Field(
        default="https://business.google.com/reviews",
        pattern=HTTP_URL,
        description="Where agents find the reviews",
    )


def connect(
    account: Account, settings: GoogleBusinessSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first work."""
    from integrations.googlebusiness.adapter import open_connection  # httpx is imported only here

    return open_connection(
        account, settings, secrets["CLIENT_SECRET"], secrets["REFRESH_TOKEN"], host
    )


integration = Described(
    name="googlebusiness",
    settings=GoogleBusinessSettings,
    secrets=(
        Secret(name="CLIENT_SECRET", key="client_secret_env"),
        Secret(name="REFRESH_TOKEN", key="refresh_token_env"),
    ),
    open=connect,
)
