"""Reviews of an app on the App Store (docs/reviews.md)."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.reviews import ReviewSettings
from integrations.settings import HTTP_URL, Described, Secret


class AppStoreSettings(ReviewSettings):
    """An app, with the key of App Store Connect that may answer its reviews."""

    app_id: str = Field(pattern=r"^\d{5,15}$", description="The app's Apple ID, a number")
    issuer_id: str = Field(
        pattern=r"^[0-9a-fA-F-]{36}$", description="The issuer id of the team's API keys"
    )
    key_id: str = Field(pattern=r"^[A-Z0-9]{8,14}$", description="The id of the API key")
    private_key_env: str | None = Field(
        default=None, description="Name of the environment variable with the key (.p8)"
    )
    max_length: int = Field(default=5970, ge=1, description="Longest answer")
    kept_requests: int = Field(
        default=300,
        ge=0,
        description="Requests of Apple's hourly limit that polls leave to answers",
    )
    base_url: str = Field(
        default="https://api.appstoreconnect.apple.com",
        pattern=HTTP_URL,
        description="The address of the API",
    )
    web_url: str = Field(
        default="https://appstoreconnect.apple.com/apps",
        pattern=HTTP_URL,
        description="Where agents find the reviews",
    )


def connect(
    account: Account, settings: AppStoreSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first work."""
    from integrations.appstore.adapter import open_connection  # PyJWT is imported only here

    return open_connection(account, settings, secrets["PRIVATE_KEY"], host)


integration = Described(
    name="appstore",
    settings=AppStoreSettings,
    secrets=(Secret(name="PRIVATE_KEY", key="private_key_env"),),
    open=connect,
    library="jwt",
)
