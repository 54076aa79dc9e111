"""Reviews of an app on Google Play (docs/reviews.md)."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.reviews import ReviewSettings
from integrations.settings import HTTP_URL, Described, Secret


class GooglePlaySettings(ReviewSettings):
    """An app, with the service account that may answer its reviews."""

    package: str = Field(
        pattern=r"^[A-Za-z][\w]*(\.[A-Za-z][\w]*)+$",
        description="The app's package name, such as com.example.app",
    )
    client_email: str = Field(
        pattern=r"^\S+@\S+$",
        description="The service account's address (client_email in its key file)",
    )
    private_key_env: str | None = Field(
        default=None,
        description="Name of the environment variable with the service account's private key",
    )
    max_length: int = Field(default=350, ge=1, description="Longest answer")
    reads_per_hour: int = Field(default=200, ge=1, description="Google's limit of reads an hour")
    kept_reads: int = Field(default=40, ge=0, description="How many of them polls leave to answers")
    base_url: str = Field(
        default="https://androidpublisher.googleapis.com",
        pattern=HTTP_URL,
        description="The address of the API",
    )
    token_url: str = Field(
        default="https://oauth2.googleapis.com/token",
        pattern=HTTP_URL,
        description="Where access tokens are asked for",
    )
    web_url: str = Field(
        default="https://play.google.com/store/apps/details",
        pattern=HTTP_URL,
        description="Where links to reviews lead",
    )


def connect(
    account: Account, settings: GooglePlaySettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first work."""
    from integrations.googleplay.adapter import open_connection  # PyJWT is imported only here

    return open_connection(account, settings, secrets["PRIVATE_KEY"], host)


integration = Described(
    name="googleplay",
    settings=GooglePlaySettings,
    secrets=(Secret(name="PRIVATE_KEY", key="private_key_env"),),
    open=connect,
    library="jwt",
)
