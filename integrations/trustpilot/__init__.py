"""Reviews of a business on Trustpilot (docs/trustpilot.md)."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.reviews import ReviewSettings
from integrations.settings import HTTP_URL, Described, Secret


class TrustpilotSettings(ReviewSettings):
    """One business unit: a domain with its reviews."""

    business_unit_id: str = Field(
        pattern=r"^[0-9a-f]{24}$", description="The business unit's id, 24 digits and letters a-f"
    )
    business_user_id: str = Field(
        pattern=r"^[0-9a-f]{24}$", description="The id of the user who signs the answers"
    )
    client_id: str = Field(min_length=1, description="The API key of the application; no secret")
    api_secret_env: str | None = Field(
        default=None, description="Name of the environment variable with the application's secret"
    )
    max_length: int = Field(default=4000, ge=1, description="Longest answer")
    requests_per_hour: int = Field(
        default=10_000, ge=1, description="How many requests Trustpilot wants at most in an hour"
    )
    kept_requests: int = Field(
        default=100, ge=0, description="How many of them polls leave to answers"
    )
    base_url: str = Field(
        default="https://api.trustpilot.com", pattern=HTTP_URL, description="The API's address"
    )
    web_url: str = Field(
        default="https://www.trustpilot.com",
        pattern=HTTP_URL,
        description="Where links to reviews lead",
    )


def connect(
    account: Account, settings: TrustpilotSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first work."""
    from integrations.trustpilot.adapter import open_connection  # httpx is imported only here

    return open_connection(account, settings, secrets["API_SECRET"], host)


integration = Described(
    name="trustpilot",
    settings=TrustpilotSettings,
    secrets=(Secret(name="API_SECRET", key="api_secret_env"),),
    open=connect,
)
