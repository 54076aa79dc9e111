"""Polls X: mentions, searched words, direct messages, each from where it ended.

X gives the newest first. So a source is read back to where the last poll began, and its messages
are handed on oldest first. What a flood, a limit or the budget leaves unread is a gap, which comes
next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable
from inbox.message import Event
from inbox.ports import Page
from integrations.x import cursor as cursors
from integrations.x import ids, wire
from integrations.x.api import Api, Span, entries, numbers
from integrations.x.convert import Eyes, beside, message_events, post_events
from integrations.x.cursor import Place, Progress
from integrations.x.query import query

PAGES = 8
"""Of a hundred: X keeps the 800 newest mentions."""
SEARCHABLE = timedelta(days=7) - timedelta(minutes=10)
LATE = timedelta(minutes=1)
"""A post may come to be seen so long after it was made."""


@dataclass(slots=True)
class Taken:
    """What one drain brought: events under the ids of their posts, and the place after it.

    `cut`: there is more, but neither X nor the budget gives it now.
    """

    events: list[tuple[int, Event]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    token: str | None = None
    cut: bool = False

    def add(self, id: str, events: Iterable[Event]) -> None:  # noqa: A002 - the field's own name
        self.events += [(int(id), event) for event in events]

    def after(self, place: Place, settled: str) -> Place:
        return Progress(ids=tuple(self.ids), token=self.token).after(place, settled)


class Source(Protocol):
    """One listing of X; `name` is its key in the cursor, `endpoint` that of its limit."""

    @property
    def name(self) -> str: ...
    @property
    def endpoint(self) -> str: ...
    def take(self, place: Place, eyes: Eyes) -> Taken: ...


Listed = Callable[[Span], wire.Listing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """Mentions, or what a search finds. `floor` is the oldest id that X lets us begin at."""

    name: str
    endpoint: str
    listed: Listed
    floor: Callable[[], str] = lambda: "0"

    def take(self, place: Place, eyes: Eyes) -> Taken:
        gap = place.gap
        low = ids.later(gap.low if gap else place.since, self.floor())
        high = gap.high if gap else None
        if high is not None and int(low) >= int(high):
            return Taken()  # what was left there is too old for X to give

        def page(token: str | None) -> wire.Listing:
            return self.listed(Span(low=low, high=high, token=token))

        known = frozenset(place.taken)
        return drain(page, None, lambda listing, taken: _posts(listing, taken, eyes, known))


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Direct messages: X cannot be asked for those after an id, so pages are read back to it."""

    api: Api
    name: str = "messages"
    endpoint: str = "GET /2/dm_events"

    def take(self, place: Place, eyes: Eyes) -> Taken:
        gap = place.gap
        low, high = (gap.low, gap.high) if gap else (place.since, None)
        stretch = Stretch(
            low=int(low), high=int(high) if high else None, known=frozenset(place.taken)
        )

        def look(listing: wire.Listing, taken: Taken) -> bool:
            return _messages(listing, taken, eyes, stretch)

        def page(token: str | None) -> wire.Listing:
            return self.api.messages(Span(token=token))

        token = gap.token if gap else None
        try:
            return drain(page, token, look)
        except Rejected:
            if token is None:
                raise
            return drain(page, None, look)  # the token of the page was too old


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """Implements Poller for all sources of an account."""

    sources: Sequence[Source]
    api: Api
    eyes: Callable[[], Eyes]
    import_since: datetime | None

    def poll(self, cursor: str | None) -> Page:
        """The next page. Without a cursor only the place to begin at, with `more` to go on."""
        try:
            eyes = self.eyes()
            if cursor is None:
                since = self.import_since
                return Page(events=(), cursor=self._beginning(), more=since is not None)
            return self._page(cursor, eyes)
        except Rejected:
            raise Retryable("The server at base_url does not answer as X does.") from None

    def _beginning(self) -> str:
        start = Place(since=ids.before(self.import_since or self.api.clock()))
        return cursors.write({source.name: start for source in self.sources})

    def _page(self, cursor: str, eyes: Eyes) -> Page:
        places = cursors.read(cursor)
        now = self.api.clock()
        fresh, settled = Place(since=ids.before(now)), ids.before(now - LATE)
        events: list[tuple[int, Event]] = []
        troubles: list[IntegrationError] = []
        more = False
        for source in self.sources:
            place = places.get(source.name, fresh)
            try:
                taken = self._taken(source, place, eyes)
            except (Retryable, AuthFailed) as error:
                troubles.append(error)
                places[source.name] = place
                continue
            events += taken.events
            places[source.name] = taken.after(place, settled)
            more = more or (taken.token is not None and not taken.cut)
        if not events:
            _raise(troubles, of=len(self.sources))
        events.sort(key=lambda numbered: numbered[0])
        # A refusal is raised by the page after this one: the account is not well.
        more = more or any(isinstance(error, AuthFailed) for error in troubles)
        return Page(events=_once(events), cursor=cursors.write(places), more=more)

    def _taken(self, source: Source, place: Place, eyes: Eyes) -> Taken:
        if rest := self.api.limits.rest(source.endpoint):
            raise Retryable("The rest of X's rate limit comes a little at a time.", after=rest)
        return source.take(place, eyes)


def _raise(troubles: Sequence[IntegrationError], *, of: int) -> None:
    """A refusal is told; a wait only where all `of` the sources wait."""
    for error in troubles:
        if isinstance(error, AuthFailed):
            raise error
    waits = [error for error in troubles if isinstance(error, Retryable)]
    if len(waits) == of:
        raise min(waits, key=lambda error: error.after or timedelta(0))


def drain(
    page: Callable[[str | None], wire.Listing],
    token: str | None,
    look: Callable[[wire.Listing, Taken], bool],
) -> Taken:
    """Reads pages until the end, or until `look` has seen the place where the last poll began.

    What was read before X asked to wait counts: the rest is left for later.
    """
    taken = Taken(token=token)
    for number in range(PAGES):
        try:
            listing = page(taken.token)
        except Retryable:
            if number == 0:
                raise
            taken.cut = True
            return taken
        done = look(listing, taken)
        taken.token = None if done else listing.meta.next_token
        if taken.token is None:
            return taken
    return taken


def sources(api: Api, words: Sequence[str], *, messages: bool) -> Sequence[Source]:
    found: list[Source] = [
        Posts(name="mentions", endpoint="GET /2/users/*/mentions", listed=api.mentions)
    ]
    if words:
        found.append(
            Posts(
                name="search",
                endpoint="GET /2/tweets/search/recent",
                listed=lambda span: api.search(query(words, api.me().username), span),
                floor=lambda: ids.before(api.clock() - SEARCHABLE),
            )
        )
    if messages:
        found.append(Messages(api=api))
    return found


def _posts(listing: wire.Listing, taken: Taken, eyes: Eyes, known: frozenset[str]) -> bool:
    """Never the end by itself: X stops at the place where we began."""
    found = beside(listing.includes)
    taken.ids += numbers(listing)
    for post in entries(listing, wire.Post):
        if post.author_id != eyes.me.id and post.id not in known:
            taken.add(post.id, post_events(post, eyes, found))
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Direct messages after `low` and before `high`, without those that are `known`."""

    low: int
    high: int | None
    known: frozenset[str]


def _messages(listing: wire.Listing, taken: Taken, eyes: Eyes, stretch: Stretch) -> bool:
    """The end is what was there before: for its sake no page behind is asked for."""
    found, low, high = beside(listing.includes), stretch.low, stretch.high
    messages = list(entries(listing, wire.Message))
    for message in messages:
        if int(message.id) <= low:
            return True
        if message.id not in stretch.known and (high is None or int(message.id) < high):
            taken.ids.append(message.id)
            taken.add(message.id, message_events(message, eyes, found))
    return high is None and bool(messages) and {one.id for one in messages} <= stretch.known


def _once(events: Sequence[tuple[int, Event]]) -> tuple[Event, ...]:
    """Each event of each message: a post may be a mention and have a searched word."""
    seen: dict[tuple[int, type[Event]], Event] = {}
    for id_, event in events:
        seen.setdefault((id_, type(event)), event)
    return tuple(seen.values())
