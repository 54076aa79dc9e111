"""What Facebook, Instagram, WhatsApp and Threads have in common; no network of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import Field

from integrations.settings import HTTP_URL, AccountSettings, Secret

NUMBER = r"^\d{1,40}$"
"""How Meta writes the ids of Pages, accounts, numbers and apps."""


class MetaSettings(AccountSettings):
    """An account at one of Meta's networks."""

    graph_base: str = Field(
        default="https://graph.facebook.com",
        pattern=HTTP_URL,
        description="Where the network's API is, without the version",
    )
    api_version: str = Field(
        default="v26.0", pattern=r"^v\d{1,3}\.\d$", description="The API's version, such as v26.0"
    )
    app_id: str | None = Field(
        default=None,
        pattern=NUMBER,
        description="The app's number, in its dashboard; it tells echoes of our own answers",
    )
    token_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the access token"
    )
    app_secret_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the app secret"
    )
    verify_token_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the verify token"
    )
    handle: str | None = Field(
        default=None, description="How agents see this account; the account's key when left out"
    )


SECRETS = (
    Secret(name="TOKEN", key="token_env"),
    Secret(name="APP_SECRET", key="app_secret_env"),
    Secret(name="VERIFY_TOKEN", key="verify_token_env"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The secrets of an account; never shown."""

    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)


def keys(secrets: Mapping[str, str]) -> Keys:
    return Keys(
        token=secrets["TOKEN"],
        app_secret=secrets["APP_SECRET"],
        verify_token=secrets["VERIFY_TOKEN"],
    )
