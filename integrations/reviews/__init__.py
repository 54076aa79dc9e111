"""What the shops of reviews have in common: stars, one answer to each, nothing private.

Thin integrations stand on it: googleplay, appstore, googlebusiness (docs/reviews.md), trustpilot.
"""

from __future__ import annotations

from pydantic import Field

from integrations.settings import PolledSettings


class ReviewSettings(PolledSettings):
    """The keys that all of them have."""

    watched: int = Field(
        default=200,
        ge=1,
        le=500,
        description="How many of the newest reviews are watched for changes and for answers that"
        " somebody gives elsewhere",
    )
