"""Reddit: the brand's subreddits, mentions, private messages and modmail (docs/reddit.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.settings import HTTP_URL, Described, PolledSettings, Secret

Subreddit = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]{1,20}$")]
Username = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{3,20}$")]


class RedditSettings(PolledSettings):
    """An account on Reddit, with the app that may act for it."""

    username: Username = Field(description="The account's name, without u/")
    client_id: str = Field(min_length=1, description="The id of the app")
    client_secret_env: str | None = Field(
        default=None, description="Name of the environment variable with the app's secret"
    )
    login: Literal["password", "refresh_token"] = Field(
        default="password",
        description="password for an app of the kind script, refresh_token for a web app",
    )
    password_env: str | None = Field(
        default=None, description="Name of the environment variable with the account's password"
    )
    refresh_token_env: str | None = Field(
        default=None, description="Name of the environment variable with the refresh token"
    )
    subreddits: tuple[Subreddit, ...] = Field(
        default=(),
        max_length=50,
        description="Those whose comments and posts are taken, without r/",
    )
    posts: bool = Field(default=True, description="Whether their new posts are taken too")
    private: bool = Field(default=True, description="Whether private messages are taken and sent")
    moderator: bool = Field(
        default=False,
        description="true where the account moderates the subreddits: modmail is taken, comments"
        " can be hidden",
    )
    hide_author: bool = Field(
        default=True, description="Whether answers in modmail show the subreddit, not the account"
    )
    own: tuple[Username, ...] = Field(
        default=(),
        description="Names of people who speak for the brand: what they answer is recorded as an"
        " answer",
    )
    subject: str = Field(
        default="About your post",
        min_length=1,
        max_length=100,
        description="The subject of a private message that grows out of a post or comment",
    )
    kept_requests: int = Field(
        default=100, ge=0, description="Requests of Reddit's limit that polls leave to answers"
    )
    max_length: int = Field(default=10_000, ge=1, description="Longest answer")
    oauth_url: str = Field(
        default="https://oauth.reddit.com", pattern=HTTP_URL, description="The address of the API"
    )
    reddit_url: str = Field(
        default="https://www.reddit.com",
        pattern=HTTP_URL,
        description="Where tokens are asked for and links lead",
    )


def connect(
    account: Account, settings: RedditSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first work."""
    from integrations.reddit.adapter import connection  # praw takes long to import

    return connection(account, settings, secrets, host)


integration = Described(
    name="reddit",
    settings=RedditSettings,
    secrets=(
        Secret(name="CLIENT_SECRET", key="client_secret_env"),
        Secret(
            name="PASSWORD",
            key="password_env",
            needed=lambda data: data.get("login", "password") == "password",
        ),
        Secret(
            name="REFRESH_TOKEN",
            key="refresh_token_env",
            needed=lambda data: data.get("login") == "refresh_token",
        ),
    ),
    open=connect,
    library="praw",
)
