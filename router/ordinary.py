"""What a message that is tried out is like where nobody said: the ordinary case that fits the rest.

No network sends a direct message that everybody reads, or stars that are no review's. Rules that
were tried on one would be blamed for what never happens.
"""

from __future__ import annotations

from inbox.message import Kind, Visibility


def ordinary(
    visibility: Visibility | None, kind: Kind | None, rating: int | None
) -> tuple[Visibility, Kind]:
    """Both as given, else as they follow. Raises ValueError, in words, for what cannot be."""
    if kind is None:
        kind = _kind(visibility, rating)
    if visibility is None:
        visibility = Visibility.PRIVATE if kind is Kind.DM else Visibility.PUBLIC
    if kind is Kind.DM and visibility is Visibility.PUBLIC:
        raise ValueError("a direct message is private")
    if rating is not None and kind is not Kind.REVIEW:
        raise ValueError("only a review has a rating")
    return visibility, kind


def _kind(visibility: Visibility | None, rating: int | None) -> Kind:
    if rating is not None:
        return Kind.REVIEW
    return Kind.DM if visibility is Visibility.PRIVATE else Kind.MENTION
