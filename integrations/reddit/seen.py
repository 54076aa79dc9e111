"""What polls know of Reddit's listings, and what is new since. Pure.

Reddit's listings have no "since", and a place in one that was deleted gives empty pages. So the
newest page is compared with the names that are known; they stand in the poll's cursor.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from integrations.reddit.wire import Mail, Talk, Thing

MOST = 600
"""Names that are known of each listing."""
_SECOND = timedelta(seconds=1)
_LONG_AGO = datetime(2005, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One listing: its newest names, oldest first, and before when an unknown thing is old."""

    horizon: datetime = _LONG_AGO
    names: tuple[str, ...] = ()

    def is_new(self, thing: Thing) -> bool:
        return thing.name not in self.names and thing.created_utc >= self.horizon

    def after(self, listed: Sequence[Thing], *, complete: bool) -> Seen:
        """`listed` is newest first. What is older than all that was listed is old."""
        if not listed:
            return self
        there = {thing.name for thing in listed}
        names = (*(n for n in self.names if n not in there), *(t.name for t in reversed(listed)))
        oldest = min(thing.created_utc for thing in listed) + _SECOND
        horizon = self.horizon if complete else max(self.horizon, oldest)
        return Seen(horizon=horizon, names=names[-MOST:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Conversations of modmail: how many messages each has, and when the newest known one was.

    Of a conversation that is not known, what was written until `since` is old.
    """

    since: datetime = _LONG_AGO
    talks: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def changed(self, talk: Talk) -> bool:
        known = self.talks.get(talk.id)
        return known is None or known[0] != talk.num_messages

    def fresh(self, talk: str, mails: Iterable[Mail]) -> list[Mail]:
        known = self.talks.get(talk)
        after = known[1] if known else self.since
        return sorted((m for m in mails if m.date > after), key=lambda mail: mail.date)

    def after(self, talk: Talk, mails: Iterable[Mail]) -> Mailbox:
        known = self.talks.get(talk.id)
        newest = max((m.date for m in mails), default=known[1] if known else self.since)
        others = {id_: one for id_, one in self.talks.items() if id_ != talk.id}
        talks = {**others, talk.id: (talk.num_messages, newest)}
        return replace(self, talks=dict(list(talks.items())[-MOST:]))


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All listings by path, and modmail, None until it was looked at."""

    listings: dict[str, Seen] = field(default_factory=dict)
    mailbox: Mailbox | None = None

    def has(self, name: str) -> bool:
        """Whether any listing has it: a comment stands in the inbox and in its subreddit."""
        return any(name in seen.names for seen in self.listings.values())

    def with_listing(self, path: str, seen: Seen) -> State:
        return replace(self, listings=self.listings | {path: seen})


def dump(state: State) -> str:
    listings = {path: [_stamp(seen.horizon), *seen.names] for path, seen in state.listings.items()}
    box = state.mailbox
    mailbox = box and {
        "since": _stamp(box.since),
        "talks": {id_: [count, _stamp(newest)] for id_, (count, newest) in box.talks.items()},
    }
    return json.dumps({"listings": listings, "mailbox": mailbox}, separators=(",", ":"))


def load(cursor: str) -> State:
    data = json.loads(cursor)
    box = data["mailbox"]
    return State(
        listings={
            path: Seen(horizon=_moment(horizon), names=tuple(names))
            for path, (horizon, *names) in data["listings"].items()
        },
        mailbox=box
        and Mailbox(
            since=_moment(box["since"]),
            talks={id_: (count, _moment(at)) for id_, (count, at) in box["talks"].items()},
        ),
    )


def _stamp(moment: datetime) -> int:
    """Microseconds since 1970: modmail dates that finely."""
    return round(moment.timestamp() * 1_000_000)


def _moment(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp // 1_000_000, UTC) + timedelta(
        microseconds=stamp % 1_000_000
    )
