"""The poller: new posts in their order, with time for the community to answer first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inbox.errors import Rejected, Retryable
from inbox.message import Event, Posted, Settled
from inbox.ports import Page
from integrations.discourse.api import PAGE, Api
from integrations.discourse.community import Part, Reading, Starters, echo, private_echo
from integrations.discourse.convert import Forum, to_message
from integrations.discourse.wire import Post

AT_ONCE = 10
"""Waiting posts looked at again in one poll: each costs a request."""
MOST_WAITING = 500
LATE = timedelta(minutes=1)
"""A post may come to be seen so long after it was begun, and then has a lower id than a newer one:
the forum commits it only when all that hangs on it is done.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A question that the community may answer first; `solved`: its topic was so already;
    `answered`: the community did, and the question only has to be kept.
    """

    topic: int
    number: int
    since: datetime
    solved: bool
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """One listing: all posts up to the id `settled` were taken, and beyond it `taken`."""

    settled: int
    taken: frozenset[int] = frozenset()

    def new(self, page: Sequence[Post]) -> list[Post]:
        """What of a page, newest first, was not taken yet, oldest first."""
        return [p for p in reversed(page) if p.id > self.settled and p.id not in self.taken]

    def after(self, page: Sequence[Post], edge: datetime) -> Known:
        """What was begun before `edge` comes late no more."""
        settled = max([self.settled, *(post.id for post in page if post.created_at < edge)])
        return Known(settled, frozenset(post.id for post in page if post.id > settled))

    def beyond(self, settled: int) -> Known:
        return Known(settled, frozenset(id_ for id_ in self.taken if id_ > settled))


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The cursor: what was taken of each listing, and the questions that wait, oldest first."""

    public: Known
    private: Known
    waiting: tuple[Waiting, ...] = ()

    @staticmethod
    def read(cursor: str) -> Position:
        known = json.loads(cursor)
        waiting = tuple(
            Waiting(
                topic=topic,
                number=number,
                since=datetime.fromisoformat(at),
                solved=solved,
                answered=bool(answered),
            )
            for topic, number, at, solved, *answered in known["waiting"]
        )
        public, private = (_known(known[listing]) for listing in ("public", "private"))
        return Position(public=public, private=private, waiting=waiting)

    def __str__(self) -> str:
        waiting = [
            [w.topic, w.number, w.since.isoformat(), w.solved, *([True] if w.answered else [])]
            for w in self.waiting
        ]
        public, private = (
            [known.settled, *sorted(known.taken)] for known in (self.public, self.private)
        )
        return json.dumps({"public": public, "private": private, "waiting": waiting})


def _known(written: list[int] | int) -> Known:
    """A cursor of an earlier version has the newest id alone."""
    settled, *taken = written if isinstance(written, list) else [written]
    return Known(settled, frozenset(taken))


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
                public=Known(self._beginning(private=False)),
                private=Known(self._beginning(private=True)),
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

    def _after(self, known: Known, *, private: bool) -> tuple[list[Post], Known, bool]:
        """Posts that were not taken yet, oldest first; what is known now; whether there are more.

        The forum pages backwards only. But ids are numbers: where the newest page does not reach
        back, the page below `settled + 51` holds whatever comes next, up to 50 posts.
        """
        edge = self._api.now() - LATE
        newest = self._api.posts(private=private)
        if not newest or newest[0].id <= known.settled:
            return [], known, False
        reaches = newest[-1].id <= known.settled
        # Not by their number: what cannot be read is left out of a full page.
        if reaches or not self._api.posts(private=private, before=newest[-1].id):
            return known.new(newest), known.after(newest, edge), False
        end = known.settled + PAGE
        window = self._api.posts(private=private, before=end + 1)
        return known.new(window), known.beyond(end), True

    def _public(self, post: Post, position: Position) -> tuple[list[Event], Position]:
        self._starters.saw(post)
        match self._reading.part(post, self._starters.id_of):
            case Part.ANSWER:
                waiting = tuple(
                    replace(one, answered=True) if one.topic == post.topic_id else one
                    for one in position.waiting
                )
                to = self._starters.of(post.topic_id)
                return [echo(post, self._forum, to)], replace(position, waiting=waiting)
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
        """The questions that were answered, or by nobody in time, as they stand now."""
        ended = self._api.now() - self._wait
        ripe = [one for one in position.waiting if one.answered or one.since <= ended]
        now = ripe[:AT_ONCE]
        events = [event for one in now if (event := self._ended(one))]
        left = tuple(one for one in position.waiting if one not in now)
        return events, replace(position, waiting=left), len(ripe) > len(now)

    def _ended(self, one: Waiting) -> Event | None:
        post = self._api.post(one.topic, one.number)
        if post is None:
            return None
        message = to_message(post, self._forum)
        settled = one.answered or (post.topic_accepted_answer and not one.solved)
        return Settled(message=message) if settled else Posted(message=message)
