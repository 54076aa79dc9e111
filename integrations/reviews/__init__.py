"""What the shops of reviews have in common: stars, one answer to each, nothing private.

Three thin integrations stand on it: googleplay, appstore, googlebusiness (docs/reviews.md).
"""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from integrations.settings import AccountSettings


class ReviewSettings(AccountSettings):
    """The keys that all of them have."""

    handle: str | None = Field(
        default=None, description="How agents see this account; the account's key when left out"
    )
    import_since: AwareDatetime | None = Field(
        default=None, description="The first poll takes reviews since this time"
    )
    watched: int = Field(
        default=200,
        ge=1,
        le=500,
        description="How many of the newest reviews are watched for changes and for answers that"
        " somebody gives elsewhere",
    )
