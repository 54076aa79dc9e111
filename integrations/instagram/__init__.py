"""An Instagram professional account: comments and messages."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import AwareDatetime, Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.meta import NUMBER, SECRETS, MetaSettings, keys
from integrations.settings import HTTP_URL, Described


class InstagramSettings(MetaSettings):
    """An account, reached by Instagram's own login or, with `page_id`, by Facebook's."""

    graph_base: str = Field(
        default="https://graph.instagram.com",
        pattern=HTTP_URL,
        description="https://graph.instagram.com for Instagram's login,"
        " https://graph.facebook.com for Facebook's",
    )
    account_id: str = Field(
        pattern=NUMBER, description="The professional account's number, as webhooks name it"
    )
    username: str = Field(min_length=1, description="The account's name on Instagram, without @")
    page_id: str | None = Field(
        default=None,
        pattern=NUMBER,
        description="With Facebook's login: the linked Page's number; messages go through it",
    )
    human_agent: bool = Field(
        default=False,
        description="true where Meta granted the Human Agent permission: people may then answer"
        " for seven days",
    )
    max_comment: int = Field(
        default=300, ge=1, description="Longest comment, in characters, with the mention"
    )
    max_message: int = Field(default=1000, ge=1, description="Longest message, in UTF-8 bytes")
    polled_media: int = Field(
        default=25, ge=1, le=100, description="How many of the newest posts a poll looks at"
    )
    import_since: AwareDatetime | None = Field(
        default=None,
        description="The first poll imports comments since this time, such as 2026-11-01T00:00:00Z",
    )


def connect(
    account: Account, settings: InstagramSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first poll or answer."""
    from integrations.instagram.adapter import connection

    return connection(account, settings, keys(secrets), host)


integration = Described(name="instagram", settings=InstagramSettings, secrets=SECRETS, open=connect)
