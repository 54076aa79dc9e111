"""Polling by time: what was written since the newest message that was taken. Pure.

A poll is the net under the webhook: what came by both is known by its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from inbox.errors import Retryable
from inbox.message import Echoed, Posted
from inbox.ports import Page

LATE = timedelta(minutes=2)
"""A comment may come to be seen so long after the time that it bears."""

_MOST_NAMED = 1_000
"""Ids in a cursor; in a flood the older ones may come twice, and are known."""

SLOWER = 10.0
"""How many times slower than usual a poll comes while the webhook works."""

TRUSTED = timedelta(hours=24)
"""How long a webhook counts as working after it told of something."""


def pace(told_at: datetime | None, now: datetime) -> float:
    """How many times slower to poll; `told_at` is when the webhook last told of anything."""
    return SLOWER if told_at is not None and now - told_at < TRUSTED else 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a poll ended: the time of the newest message, and what was taken of the last minutes
    before it. In a cursor it is that time and those ids, between spaces.
    """

    at: datetime
    taken: frozenset[str] = frozenset()

    @property
    def earliest(self) -> datetime:
        """From when on to look: a little back, where it is known what was taken there."""
        return self.at - LATE if self.taken else self.at

    def cursor(self) -> str:
        return " ".join((self.at.astimezone(UTC).isoformat(), *sorted(self.taken)))


def beginning(since: datetime | None, now: datetime) -> Page:
    """The first page: nothing yet, only where to begin."""
    return Page(events=(), cursor=Place(since or now).cursor(), more=bool(since))


def place_of(cursor: str) -> Place:
    time, *taken = cursor.split(" ")
    try:
        at = datetime.fromisoformat(time)
    except ValueError:
        raise Retryable("The place where the last poll ended cannot be read.") from None
    return Place(at if at.tzinfo else at.replace(tzinfo=UTC), frozenset(taken))


def page(found: Iterable[Posted | Echoed], place: Place) -> Page:
    """What of the found was not taken yet, oldest first, and the place behind it."""
    seen = sorted(found, key=lambda event: event.message.created_at)
    newest = max([place.at, *(event.message.created_at for event in seen[-1:])])
    lately = [e.ref.id for e in seen if e.message.created_at >= newest - LATE][-_MOST_NAMED:]
    return Page(
        events=tuple(event for event in seen if event.ref.id not in place.taken),
        cursor=Place(newest, frozenset(lately)).cursor(),
    )


def until_older(
    pages: Iterable[Sequence[dict[str, object]]],
    earliest: datetime,
    time: Callable[[dict[str, object]], datetime | None],
) -> list[dict[str, object]]:
    """All of an edge that runs from new to old, down to the first that is older."""
    kept: list[dict[str, object]] = []
    for some in pages:
        fresh = [one for one in some if (at := time(one)) is None or at >= earliest]
        kept += fresh
        if len(fresh) < len(some):
            break
    return kept
