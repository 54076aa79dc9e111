"""What the notifications bring: newest first on the network, oldest first here, none lost.

The network pages backwards only. So one look collects everything behind the mark, and pages of
it are handed out until nothing is left.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from inbox.message import Message
from inbox.unread import left_out
from integrations.bluesky.convert import Place, to_message
from integrations.bluesky.people import AT_ONCE, People, batches
from integrations.bluesky.session import Pds
from integrations.bluesky.wire import Notification, PostView, many, readable

REASONS = ("mention", "reply", "quote")
LISTED = 100
"""Notifications that one request brings."""
PAGE = 50
"""Messages handed out at once."""
LOOK_BACK = timedelta(minutes=10)
"""A post is listed by the time its writer's client says, where that is earlier: one that was late
stands behind newer ones."""
_MOST = 10_000
"""Notifications collected at once, the oldest; newer ones wait on the network."""
_REMEMBERED = 20_000
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far notifications were taken: `at` the newest one's time, `last` the address of the one
    taken last. Nothing up to `floor` is ever taken.
    """

    at: datetime
    floor: datetime
    last: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A page that was handed out; it counts as taken when its mark comes back."""

    mark: Mark
    uris: tuple[str, ...]


class Mentions:
    """Posts that mention, answer or quote us."""

    def __init__(self, pds: Pds, people: People) -> None:
        self._pds = pds
        self._people = people
        self._waiting: deque[Notification] = deque()
        self._handed: Handed | None = None
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._looked = False

    def beginning(self, since: datetime | None) -> Mark:
        """The mark that leaves out what came before `since`, or everything that is there."""
        if since is not None:
            before = since - timedelta(microseconds=1)
            return Mark(at=before, floor=before)
        found, _ = self._page(None)
        newest = found[0].indexed_at if found else _FIRST
        return Mark(at=newest, floor=newest)

    def next(self, mark: Mark, place: Place) -> tuple[list[Message], Mark]:
        """The next page behind the mark, oldest first, and the mark behind it."""
        if self._handed and self._handed.mark == mark:
            self._take(self._handed.uris)
        else:
            self._waiting.clear()
        self._handed = None
        if not self._waiting:
            self._waiting = self._collected(mark, place.me)
        page = [self._waiting[index] for index in range(min(PAGE, len(self._waiting)))]
        messages = self._messages(page, place)
        for _ in page:
            self._waiting.popleft()
        if page:
            newest = max(mark.at, page[-1].indexed_at)
            mark = replace(mark, at=newest, last=page[-1].uri)
            self._handed = Handed(mark, tuple(one.uri for one in page))
        return messages, mark

    def _collected(self, mark: Mark, me: str) -> deque[Notification]:
        """Everything behind the mark that was not taken yet, the oldest first.

        That is what came late, too, as far as the pages reach. Only a process that has just begun
        cannot tell it from what an earlier one took, and leaves what is older than the mark.
        """
        edge = max(mark.floor, mark.at - LOOK_BACK)
        found: deque[Notification] = deque(maxlen=_MOST)
        names: set[str] = set()
        cursor: str | None = None
        while True:
            page, cursor = self._page(cursor)
            if not self._looked:
                self._take([one.uri for one in page if one.indexed_at < edge])
            for one in page:
                new = one.uri not in names and one.uri not in self._taken
                if one.indexed_at > mark.floor and new and one.author.did != me:
                    names.add(one.uri)
                    found.append(one)
            if cursor is None or (page and page[-1].indexed_at < edge):
                break
        self._looked = True
        found.reverse()
        return found

    def _page(self, cursor: str | None) -> tuple[list[Notification], str | None]:
        """Newest first, and where the next page begins, None after the last one."""
        self._pds.allowance.spare(self._pds.now())
        # Left out, a server may take what an old app wished for the account: only followed people.
        params: dict[str, object] = {"limit": LISTED, "reasons": list(REASONS), "priority": False}
        if cursor is not None:
            params["cursor"] = cursor
        answer = self._pds.read("app.bsky.notification.listNotifications", params)
        given = many(answer, "notifications")
        found = [one for each in given if (one := _readable(each))]
        after = answer.get("cursor")
        return found, after if given and isinstance(after, str) and after != cursor else None

    def _messages(self, page: Sequence[Notification], place: Place) -> list[Message]:
        """Posts as they stand now; one that cannot be seen any more as it was told of."""
        views = posts(self._pds, [one.uri for one in page])
        seen = [views.get(one.uri) or _told(one) for one in page]
        people = self._people.look(post.author for post in seen)
        return [to_message(post, people[post.author.did], place) for post in seen]

    def _take(self, uris: Sequence[str]) -> None:
        for uri in uris:
            self._taken[uri] = None
        while len(self._taken) > _REMEMBERED:
            self._taken.popitem(last=False)


def posts(pds: Pds, uris: Sequence[str]) -> dict[str, PostView]:
    """The posts that stand, by their addresses."""
    found: dict[str, PostView] = {}
    for some in batches(uris, AT_ONCE):
        answer = pds.read("app.bsky.feed.getPosts", {"uris": list(some)})
        views = (readable(PostView, one) for one in many(answer, "posts"))
        found |= {view.uri: view for view in views if view}
    return found


def _readable(given: object) -> Notification | None:
    found = readable(Notification, given)
    if found is None:
        uri = given.get("uri") if isinstance(given, dict) else None
        _log.warning("notification of %.100r left out: it is not of the documented form", uri)
        left_out()
    return found


def _told(one: Notification) -> PostView:
    return PostView(
        uri=one.uri,
        cid=one.cid,
        author=one.author,
        record=one.record,
        indexedAt=one.indexed_at,
    )
