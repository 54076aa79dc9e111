"""A Threads profile: replies to its posts. Threads has no private messages for programs."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import AwareDatetime, Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.meta import NUMBER, SECRETS, MetaSettings, keys
from integrations.settings import HTTP_URL, Described


class ThreadsSettings(MetaSettings):
    """A profile. The app secret is that of the Threads app."""

    graph_base: str = Field(
        default="https://graph.threads.net",
        pattern=HTTP_URL,
        description="Where Threads' API is, without the version",
    )
    api_version: str = Field(
        default="v1.0", pattern=r"^v\d{1,3}\.\d$", description="The API's version, such as v1.0"
    )
    user_id: str = Field(pattern=NUMBER, description="The profile's number, `id` of GET /me")
    username: str = Field(min_length=1, description="The profile's name, without @")
    max_length: int = Field(default=500, ge=1, description="Longest reply, in characters")
    polled_posts: int = Field(
        default=10, ge=1, le=100, description="How many of the newest posts a poll looks at"
    )
    import_since: AwareDatetime | None = Field(
        default=None,
        description="The first poll imports replies since this time, such as 2026-11-01T00:00:00Z",
    )


def connect(
    account: Account, settings: ThreadsSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first poll or answer."""
    from integrations.threads.adapter import connection

    return connection(account, settings, keys(secrets), host)


integration = Described(name="threads", settings=ThreadsSettings, secrets=SECRETS, open=connect)
