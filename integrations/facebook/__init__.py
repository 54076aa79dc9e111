"""A Facebook Page: comments and visitors' posts, and Messenger, in one account."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import AwareDatetime, Field

from inbox.message import Account
from inbox.ports import Connection, Host
from integrations.meta import NUMBER, SECRETS, MetaSettings, keys
from integrations.settings import Described


class FacebookSettings(MetaSettings):
    """A Page. The token is the Page's own."""

    page_id: str = Field(pattern=NUMBER, description="The Page's number: “About”, “Page ID”")
    human_agent: bool = Field(
        default=False,
        description="true where Meta granted the Human Agent permission: people may then answer"
        " for seven days",
    )
    max_comment: int = Field(default=8000, ge=1, description="Longest comment, in characters")
    max_message: int = Field(default=2000, ge=1, description="Longest message, in characters")
    polled_posts: int = Field(
        default=25, ge=1, le=100, description="How many of the Page's newest posts a poll looks at"
    )
    import_since: AwareDatetime | None = Field(
        default=None,
        description="The first poll imports comments since this time, such as 2026-11-01T00:00:00Z",
    )


def connect(
    account: Account, settings: FacebookSettings, secrets: Mapping[str, str], host: Host
) -> Connection:
    """No request is made before the first poll or answer."""
    from integrations.facebook.adapter import connection

    return connection(account, settings, keys(secrets), host)


integration = Described(name="facebook", settings=FacebookSettings, secrets=SECRETS, open=connect)
