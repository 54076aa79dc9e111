"""The poller: new posts in their order, with time for the community to answer first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inbox.errors import Rejected, Retryable
from inbox.message import Event, Posted
from inbox.ports import Page
from integrations.discourse.api import PAGE, Api
from integrations.discourse.community import Part, Reading, Starters, echo, private_echo
from integrations.discourse.convert import Forum, to_message
from integrations.discourse.wire import Post

AT_ONCE = 10
"""Waiting posts looked at again in one poll: each costs a request."""
MOST_WAITING = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A question that the community may answer first; `solved`: its topic was so already."""

    topic: int
    number: int
    since: datetime
    solved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The cursor: the newest ids taken, and the questions that wait, oldest first."""

    public: int
    private: int
    waiting: tuple[Waiting, ...] = ()

    @staticmethod
    def read(cursor: str) -> Position:
        known = json.loads(cursor)
        waiting = tuple(
            Waiting(topic=topic, number=number, since=datetime.fromisoformat(at), solved=solved)
            for topic, number, at, solved in known["waiting"]
        )
        return Position(public=known["public"], private=known["private"], waiting=waiting)

    def __str__(self) -> str:
        waiting = [[w.topic, w.number, w.since.isoformat(), w.solved] for w in self.waiting]
        return json.dumps({"public": self.public, "private": self.private, "waiting": waiting})


class Inbox:
    """Polls public posts, personal messages, and the questions whose time has come."""

    def __init__(
        self,
        api: Api,
        reading: Reading,
        starters: Starters,
        *,
        wait: timedelta,
        since: datetime | None,
    ) -> None:
        self._api = api
        self._reading = reading
        self._starters = starters
        self._wait = wait
        self._since = since
        self.me: int | None = None

    @property
    def _forum(self) -> Forum:
        return self._reading.forum

    def poll(self, cursor: str | None) -> Page:
        """The next page. Without a cursor only the place to begin at, with `more` to go on."""
        try:
            return self._page(cursor)
        except Rejected:
            raise Retryable("The server at base_url does not answer as Discourse does.") from None

    def _page(self, cursor: str | None) -> Page:
        self._api.allowance.spare(self._api.now())
        if self.me is None:
            self.me = self._api.me().id
        if cursor is None:
            begun = Position(
                public=self._beginning(private=False), private=self._beginning(private=True)
            )
            return Page(events=(), cursor=str(begun), more=True)
        position = Position.read(cursor)
        events: list[Event] = []
        posts, public, more = self._after(position.public, private=False)
        for post in posts:
            found, position = self._public(post, position)
            events += found
        letters, private, more_private = self._after(position.private, private=True)
        events += [event for post in letters for event in self._private(post)]
        position = replace(position, public=public, private=private)
        if not more:
            due, position, more = self._due(position)
            events += due
        return Page(events=tuple(events), cursor=str(position), more=more or more_private)

    def _beginning(self, *, private: bool) -> int:
        """The id of the newest post that is not to be imported, 0 where all are."""
        page = self._api.posts(private=private)
        while page:
            for post in page:
                if self._since is None or post.created_at < self._since:
                    return post.id
            page = self._api.posts(private=private, before=page[-1].id)
        return 0

    def _after(self, known: int, *, private: bool) -> tuple[list[Post], int, bool]:
        """Posts behind a known id, oldest first; the id to know now; whether there are more.

        The forum pages backwards only. But ids are numbers: where the newest page does not reach
        back, the page below `known + 51` holds whatever comes next, up to 50 posts.
        """
        newest = self._api.posts(private=private)
        if not newest or newest[0].id <= known:
            return [], known, False
        reaches = newest[-1].id <= known
        # Not by their number: what cannot be read is left out of a full page.
        if reaches or not self._api.posts(private=private, before=newest[-1].id):
            return [post for post in reversed(newest) if post.id > known], newest[0].id, False
        window = self._api.posts(private=private, before=known + PAGE + 1)
        return [post for post in reversed(window) if post.id > known], known + PAGE, True

    def _public(self, post: Post, position: Position) -> tuple[list[Event], Position]:
        self._starters.saw(post)
        match self._reading.part(post, self._starters.id_of):
            case Part.ANSWER:
                left = tuple(one for one in position.waiting if one.topic != post.topic_id)
                to = self._starters.of(post.topic_id)
                return [echo(post, self._forum, to)], replace(position, waiting=left)
            case Part.ASKED:
                return [Posted(message=to_message(post, self._forum))], position
            case Part.QUESTION if not self._wait or len(position.waiting) >= MOST_WAITING:
                return [Posted(message=to_message(post, self._forum))], position
            case Part.QUESTION:
                one = Waiting(
                    topic=post.topic_id,
                    number=post.post_number,
                    since=post.created_at,
                    solved=post.topic_accepted_answer,
                )
                return [], replace(position, waiting=(*position.waiting, one))
        return [], position

    def _private(self, post: Post) -> Iterator[Event]:
        self._starters.saw(post)
        if not replace(self._reading, categories=frozenset()).counts(post):
            return
        if not self._forum.mine(post) and not self._forum.staff(post):
            yield Posted(message=to_message(post, self._forum, private_of=post.user_id))
        elif to := self._starters.customer(post):
            yield private_echo(post, self._forum, to)

    def _due(self, position: Position) -> tuple[list[Event], Position, bool]:
        """The questions that nobody answered in time, as they stand now."""
        ripe = [one for one in position.waiting if self._api.now() - one.since >= self._wait]
        now = ripe[:AT_ONCE]
        events = [event for one in now if (event := self._still_open(one))]
        left = tuple(one for one in position.waiting if one not in now)
        return events, replace(position, waiting=left), len(ripe) > len(now)

    def _still_open(self, one: Waiting) -> Event | None:
        post = self._api.post(one.topic, one.number)
        if post is None or (post.topic_accepted_answer and not one.solved):
            return None
        return Posted(message=to_message(post, self._forum))
