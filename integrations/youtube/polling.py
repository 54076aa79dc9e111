"""Polls a channel's comments: new threads, new replies to known ones, and what is held back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from inbox.errors import Rejected, Retryable
from inbox.message import Author, Echoed, Posted
from inbox.ports import Page
from integrations.alone import Alone
from integrations.ours import Ours
from integrations.youtube import YouTubeSettings
from integrations.youtube.api import PAGE, YouTube
from integrations.youtube.convert import Place, is_ours, link_to, to_author, to_message
from integrations.youtube.held import Held
from integrations.youtube.watch import (
    UNREAD,
    State,
    Watched,
    dump,
    imported,
    load,
    new_thread,
    old_thread,
)
from integrations.youtube.wire import Comment, Thread, Threads

MOST_PAGES = 100
"""Pages that one poll reads: YouTube may put twenty threads on one, of the hundred asked for."""
MOST_NEW = 2_000
"""Threads that one poll reads; a channel of that many comments a poll is not ours."""


class Polling:
    """The cursor holds the threads that are watched; see watch.py."""

    def __init__(
        self,
        api: YouTube,
        place: Place,
        settings: YouTubeSettings,
        clock: Callable[[], datetime],
        ours: Ours,
        held: Held,
    ) -> None:
        self._api = api
        self._place = place
        self._settings = settings
        self._clock = clock
        self._ours = ours
        self._held = held
        self._alone = Alone(clock)

    def poll(self, cursor: str | None) -> Page:
        """All that is new. The first poll only looks what stands there, unless told to import."""
        try:
            return self._page(cursor)
        except Rejected:
            raise Retryable("YouTube does not know the channel of channel_id.") from None

    def _page(self, cursor: str | None) -> Page:
        state = self._beginning() if cursor is None else load(cursor)
        first = cursor is None and self._settings.import_since is None
        listed, complete = self._listed(state, first=first)
        threads = list((self._held_back() | listed).values())
        events: list[Posted | Echoed] = []
        known = dict(state.threads)
        for thread in reversed(threads):
            new = state.is_new(thread) and not first
            events += self._top(thread) if new else ()
            watched = known.get(thread.id) or self._met(thread, new=new, first=cursor is None)
            known[thread.id] = watched
            if watched.changed(thread):
                replies, count = self._replies(thread)
                events += self._under(thread, watched.fresh(replies))
                known[thread.id] = watched.with_replies(count, replies, self._clock())
        after = replace(state, threads=known).trimmed(self._most())
        after = after if complete else after.behind(listed.values())
        events.sort(key=_written)
        return Page(events=tuple(events), cursor=dump(after))

    def _met(self, thread: Thread, *, new: bool, first: bool) -> Watched:
        """What is known of a thread that was never seen."""
        since = self._settings.import_since
        if new:
            return new_thread(thread)
        return imported(thread, since) if first and since else old_thread(thread, self._clock())

    def _beginning(self) -> State:
        since = self._settings.import_since
        return State(horizon=since) if since else State()

    def _most(self) -> int:
        """Whole pages are looked at, so whole pages are remembered."""
        return -(-self._settings.watched // PAGE) * PAGE

    def _listed(self, state: State, *, first: bool) -> tuple[dict[str, Thread], bool]:
        """The newest threads, and beyond them as long as they are new; whether these are all."""
        found: dict[str, Thread] = {}
        page: str | None = None
        for _ in range(MOST_PAGES):
            answer = self._api.threads(page=page)
            found |= {thread.id: thread for thread in answer.items}
            page = answer.next_page_token
            new = bool(answer.items) and state.is_new(answer.items[-1]) and not first
            enough = len(found) >= (MOST_NEW if new else self._settings.watched)
            if page is None or enough:
                break
        return found, page is None

    def _held_back(self) -> dict[str, Thread]:
        found: dict[str, Thread] = {}
        for status in self._settings.held:
            ask = partial(self._api.threads, status=status)
            answer = self._alone.read(f"what YouTube holds back ({status})", ask, Threads())
            found |= {thread.id: thread for thread in answer.items}
        self._held.saw(found)
        return found

    def _replies(self, thread: Thread) -> tuple[Sequence[Comment], int]:
        """What stands under a thread, and how many; UNREAD where only the listed ones are known."""
        shown, count = thread.replies.comments, thread.snippet.total_reply_count
        if len(shown) >= count:
            return shown, count
        where = link_to(thread.id, thread.snippet.video_id or "", self._place)
        replies = self._alone.read(f"all replies to {where}", lambda: self._read(thread), None)
        return (shown, UNREAD) if replies is None else (replies, count)

    def _read(self, thread: Thread) -> Sequence[Comment] | None:
        return list(self._api.replies(thread.id))

    def _top(self, thread: Thread) -> Iterator[Posted]:
        about = thread.snippet
        if not is_ours(about.top_level_comment, self._place):
            message = to_message(
                about.top_level_comment,
                self._place,
                thread=thread.id,
                video=about.video_id,
                closed=not about.can_reply,
            )
            yield Posted(message=message)

    def _under(self, thread: Thread, replies: Sequence[Comment]) -> Iterator[Posted | Echoed]:
        for reply in replies:
            message = to_message(
                reply,
                self._place,
                thread=thread.id,
                video=thread.snippet.video_id,
                closed=not thread.snippet.can_reply,
            )
            if not is_ours(reply, self._place):
                yield Posted(message=message)
            elif reply.id not in self._ours:
                to = _to(thread, self._place)
                yield Echoed(message=message, to=to)


def _to(thread: Thread, place: Place) -> Author | None:
    top = thread.snippet.top_level_comment
    return None if is_ours(top, place) else to_author(top, place)


def _written(event: Posted | Echoed) -> tuple[datetime, bool]:
    """Oldest first; YouTube dates by the second, and a comment comes before its replies."""
    return event.message.created_at, event.message.in_reply_to is not None
