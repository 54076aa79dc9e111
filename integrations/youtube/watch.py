"""What a poll knows of a channel's threads, and what is new since. Pure.

YouTube has no "since": a thread does not move up when it is answered. So the newest threads are
looked at again, and one whose number of replies changed is read. All that is known stands in the
poll's cursor, which is kept with the messages of the same poll.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from integrations.youtube.wire import Comment, Thread

MOST_KNOWN = 500
"""Replies of one thread that are known by id; beyond, only newer ones count as new."""
UNREAD = -1
"""No number of replies: they are read as soon as that is possible."""
_SECOND = timedelta(seconds=1)
_LONG_AGO = datetime(2005, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A thread: its number of replies, and those that are known. Replies before `start` are old."""

    published: datetime
    count: int
    start: datetime
    known: frozenset[str] = frozenset()

    def changed(self, thread: Thread) -> bool:
        """Whether its replies have to be read. `count` falls when one is deleted."""
        return thread.snippet.total_reply_count != self.count or bool(
            self.fresh(thread.replies.comments)
        )

    def fresh(self, replies: Iterable[Comment]) -> list[Comment]:
        return [
            reply
            for reply in replies
            if _tail(reply.id) not in self.known and reply.snippet.published_at >= self.start
        ]

    def with_replies(self, count: int, replies: Sequence[Comment], now: datetime) -> Watched:
        known = self.known | {_tail(reply.id) for reply in replies}
        if len(known) > MOST_KNOWN:
            return replace(self, count=count, start=_whole(now), known=frozenset())
        return replace(self, count=count, known=known)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`horizon`: an unknown thread before it is an old one."""

    horizon: datetime = _LONG_AGO
    threads: dict[str, Watched] = field(default_factory=dict)

    def is_new(self, thread: Thread) -> bool:
        published = thread.snippet.top_level_comment.snippet.published_at
        return thread.id not in self.threads and published >= self.horizon

    def trimmed(self, most: int) -> State:
        """Only the newest threads are watched; what is older than they are is old."""
        newest = sorted(self.threads.items(), key=lambda item: item[1].published, reverse=True)
        dropped = newest[most:]
        if not dropped:
            return self
        horizon = max(self.horizon, dropped[0][1].published + _SECOND)
        return State(horizon=horizon, threads=dict(newest[:most]))

    def behind(self, listed: Iterable[Thread]) -> State:
        """What is older than all that was listed is old."""
        times = [thread.snippet.top_level_comment.snippet.published_at for thread in listed]
        return replace(self, horizon=max(self.horizon, min(times) + _SECOND)) if times else self


def new_thread(thread: Thread) -> Watched:
    """One that nobody knew: all its replies are new."""
    published = thread.snippet.top_level_comment.snippet.published_at
    return Watched(published=published, count=0, start=published)


def old_thread(thread: Thread, now: datetime) -> Watched:
    """One that stood before: only replies from now on are new."""
    return Watched(
        published=thread.snippet.top_level_comment.snippet.published_at,
        count=thread.snippet.total_reply_count,
        start=_whole(now),
    )


def imported(thread: Thread, since: datetime) -> Watched:
    """One that stood before, of which replies since a time are wanted."""
    published = thread.snippet.top_level_comment.snippet.published_at
    return Watched(published=published, count=0, start=since)


def dump(state: State) -> str:
    threads = {
        id_: [_stamp(one.published), one.count, _stamp(one.start), *sorted(one.known)]
        for id_, one in state.threads.items()
    }
    return json.dumps({"horizon": _stamp(state.horizon), "threads": threads}, separators=(",", ":"))


def load(cursor: str) -> State:
    data = json.loads(cursor)
    return State(
        horizon=_moment(data["horizon"]),
        threads={
            id_: Watched(
                published=_moment(published),
                count=count,
                start=_moment(start),
                known=frozenset(known),
            )
            for id_, (published, count, start, *known) in data["threads"].items()
        },
    )


def _tail(reply: str) -> str:
    """A reply's id without that of its thread."""
    return reply.rpartition(".")[2]


def _whole(moment: datetime) -> datetime:
    """YouTube dates by the second."""
    return moment.astimezone(UTC).replace(microsecond=0)


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)
