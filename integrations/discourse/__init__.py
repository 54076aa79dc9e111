"""Discourse: a community forum as a channel, with its topics and personal messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pydantic import Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.durations import Within
from integrations.settings import HTTP_URL, Described, PolledSettings, Secret


class DiscourseSettings(PolledSettings):
    """An account of the brand on a Discourse forum."""

    base_url: str = Field(
        pattern=HTTP_URL, description="The forum's address, such as https://forum.example"
    )
    username: str = Field(
        min_length=1,
        max_length=60,
        pattern=r"^[^@\s]\S*$",
        description="The account's name on the forum, without @",
    )
    api_key_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the API key"
    )
    webhook: bool = Field(default=False, description="true where the forum calls us, too")
    webhook_secret_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the webhook's secret"
    )
    wait_for_community: Within = Field(
        default=timedelta(minutes=30),
        description="How long the community may answer first: 30 min; 0s takes each post at once",
    )
    trusted_from: int = Field(
        default=3, ge=1, le=5, description="Trust level whose answers count, 1 to 4; 5 is nobody's"
    )
    trusted_users: tuple[str, ...] = Field(
        default=(), description="Usernames whose answers count whatever their trust level"
    )
    team: tuple[str, ...] = Field(
        default=(), description="Usernames of colleagues who are not staff on the forum"
    )
    categories: tuple[int, ...] = Field(
        default=(), description="Ids of the categories that are read; all when left out"
    )
    from_others: bool = Field(
        default=False,
        description="true: what others write in somebody's topic is taken as well as its starter's",
    )
    private_title: str = Field(
        default="Your post in our forum",
        min_length=2,
        max_length=200,
        description="The title of a new personal message where the topic has none",
    )
    min_length: int = Field(default=20, ge=1, description="The forum's min_post_length")
    max_length: int = Field(default=32_000, ge=1, description="The forum's max_post_length")
    requests_per_minute: int = Field(
        default=60, ge=6, description="The forum's max_admin_api_reqs_per_minute"
    )
    like_action: int = Field(default=2, ge=1, description="The number of a like in post_actions")


def connect(
    account: Account, settings: DiscourseSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first poll."""
    from integrations.discourse.adapter import connection  # httpx takes long to import

    return connection(account, settings, secrets, host.clock)


def _calls_us(data: Mapping[str, object]) -> bool:
    return data.get("webhook") is True


integration = Described(
    name="discourse",
    settings=DiscourseSettings,
    secrets=(
        Secret(name="API_KEY", key="api_key_env"),
        Secret(name="WEBHOOK_SECRET", key="webhook_secret_env", needed=_calls_us),
    ),
    open=connect,
)
