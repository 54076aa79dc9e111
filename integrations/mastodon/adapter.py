"""The roles of a Mastodon account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from inbox.errors import Rejected, Retryable
from inbox.message import (
    Account,
    Author,
    Deleted,
    Draft,
    Edited,
    Event,
    Posted,
    Ref,
    Sent,
    Visibility,
)
from inbox.ports import Connection, Page
from integrations.mastodon import MastodonSettings
from integrations.mastodon.convert import (
    DIRECT,
    addressed,
    direct_with,
    edited_at,
    from_draft,
    plain,
    same_text,
    to_message,
)
from integrations.mastodon.errors import Gone
from integrations.mastodon.examination import Examination
from integrations.mastodon.place import Place
from integrations.mastodon.server import DEFAULT_MOST, TYPES, Server
from integrations.mastodon.text import length
from integrations.mastodon.wire import Notification, Status

PAGE = 40
"""Notifications a page; a thread may cost one more request for each."""
REPEATABLE = timedelta(minutes=55)
"""Mastodon keeps an idempotency key for an hour (documentation: "statuses", POST)."""
CLOCKS_APART = timedelta(minutes=5)
"""How far the server's clock may be behind ours when a sent post is looked for."""
LATE = timedelta(seconds=10)
"""A notification may come to be seen so long after the time that it bears."""
_PAGES_OF_OWN = 25


def connection(
    account: Account, settings: MastodonSettings, token: str, clock: Callable[[], datetime]
) -> Connection:
    server = Server(settings.base_url, token, clock)
    sender = Sender(account, server)

    def me() -> Ref | None:
        return _ref(account, server.known_me.id) if server.known_me else None

    return Connection(
        account=account,
        handle=settings.handle or account.name,
        me=me,
        measure=Length(server, settings.max_length),
        poller=Mentions(account, server, settings.import_since, clock),
        public=sender,
        private=sender,
        readback=OwnPosts(account, server),
        liker=Favourites(server),
        inspector=Statuses(account, server, clock),
        examiner=Examination(account, server),
        repeatable=REPEATABLE,
        close=server.close,
    )


class Mentions:
    """Polls the notifications; the cursor holds the id of the last one taken, see place.py."""

    def __init__(
        self,
        account: Account,
        server: Server,
        since: datetime | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._account = account
        self._server = server
        self._since = since
        self._clock = clock

    def poll(self, cursor: str | None) -> Page:
        """The next page. Without a cursor only the place to begin at, with `more` to go on."""
        try:
            return self._page(cursor)
        except Rejected:
            raise Retryable("The server at base_url does not answer as Mastodon does.") from None

    def _page(self, cursor: str | None) -> Page:
        self._server.me()
        self._server.most()
        if cursor is None:
            return Page(events=(), cursor=self._beginning(), more=self._since is not None)
        place, edge = Place.read(cursor), self._clock() - LATE
        found = self._server.notifications(after=place.reading, limit=PAGE)
        more = len(found) >= PAGE
        behind = place.after(
            [_id(one) for one in found],
            settled=(_id(one) for one in found if isinstance(one, str) or one.created_at < edge),
            more=more,
        )
        new = [one for one in found if _id(one) not in place.taken]
        return Page(events=tuple(self._events(new)), cursor=behind.cursor(), more=more)

    def _beginning(self) -> str:
        """The newest notification that is not to be imported, "0" where all are."""
        found = self._server.notifications(limit=1 if self._since is None else PAGE)
        while found:
            for one in reversed(found):
                if self._since is None or (
                    isinstance(one, Notification) and one.created_at < self._since
                ):
                    return _id(one)
            found = self._server.notifications(before=_id(found[0]), limit=PAGE)
        return "0"

    def _events(self, found: Sequence[Notification | str]) -> Iterator[Event]:
        me = self._server.me()
        for one in found:
            if isinstance(one, str) or one.type not in TYPES or one.status is None:
                continue
            if one.status.account.id == me.id:
                continue
            root = self._server.root(one.status)
            message = to_message(one.status, self._account, me=me, root=root)
            at = edited_at(one.status)
            yield (
                Edited(message=message, at=at)
                if one.type == "update" and at
                else Posted(message=message)
            )


class Sender:
    """Replies under posts, and direct messages."""

    def __init__(self, account: Account, server: Server) -> None:
        self._account = account
        self._server = server

    def reply(self, draft: Draft, *, key: str) -> Sent:
        answered = self._server.visibility(draft.in_reply_to.id) if draft.in_reply_to else None
        return self._send(draft, answered, key)

    def message(self, draft: Draft, *, key: str) -> Sent:
        return self._send(draft, _answered_in_private(self._server, draft), key)

    def conversation_with(self, author: Author) -> Ref:
        return direct_with(self._account, author.ref.id)

    def _send(self, draft: Draft, answered: str | None, key: str) -> Sent:
        return _sent(
            self._account, self._server.post(from_draft(draft, answered=answered), key=key)
        )


class OwnPosts:
    """Finds a draft among what stands on the network."""

    def __init__(self, account: Account, server: Server) -> None:
        self._account = account
        self._server = server

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        """The newest own post with the draft's text that answers the same post.

        Raises Uncertain where more was posted since than can be looked through.
        """
        text = addressed(draft)
        private = draft.visibility is Visibility.PRIVATE
        answers = None if draft.in_reply_to is None else draft.in_reply_to.id
        for status in self._server.own_statuses(since - CLOCKS_APART, pages=_PAGES_OF_OWN):
            # A private message that began at a public post answers nothing on the network.
            places = (answers, None) if private else (answers,)
            alike = status.in_reply_to_id in places and (status.visibility == DIRECT) == private
            if alike and same_text(plain(status), text):
                return _sent(self._account, status)
        return None


class Favourites:
    """Marks posts as liked."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def like(self, ref: Ref) -> None:
        self._server.favourite(ref.id, on=True)

    def unlike(self, ref: Ref) -> None:
        self._server.favourite(ref.id, on=False)


class Statuses:
    """Looks whether messages still stand, and how: the network tells few edits, no deletion."""

    def __init__(self, account: Account, server: Server, clock: Callable[[], datetime]) -> None:
        self._account = account
        self._server = server
        self._clock = clock

    def look(self, refs: Sequence[Ref]) -> Sequence[Edited | Deleted]:
        return [found for ref in refs if (found := self._found(ref))]

    def _found(self, ref: Ref) -> Edited | Deleted | None:
        self._server.spare()
        try:
            status = self._server.status(ref.id)
        except Gone:
            return Deleted(ref=ref, at=self._clock().astimezone(UTC))
        at = edited_at(status)
        if at is None:
            return None
        root = self._server.root(status)
        message = to_message(status, self._account, me=self._server.me(), root=root)
        return Edited(message=message, at=at)


class Length:
    """Length of a draft with the mention that it will carry."""

    def __init__(self, server: Server, most: int | None) -> None:
        self._server = server
        self._most = most

    @property
    def most(self) -> int:
        """What the server said, once a poll has asked it; until then Mastodon's own 500."""
        return self._most or self._server.known_most or DEFAULT_MOST

    def length(self, draft: Draft) -> int:
        return length(addressed(draft))


def _answered_in_private(server: Server, draft: Draft) -> str | None:
    """The visibility of the post that a private message follows; None where it is gone."""
    if draft.in_reply_to is None:
        return None
    try:
        return server.visibility(draft.in_reply_to.id)
    except Rejected:
        return None


def _id(found: Notification | str) -> str:
    return found if isinstance(found, str) else found.id


def _ref(account: Account, id: str) -> Ref:  # noqa: A002 - the field's own name
    return Ref(account.network, account.name, id)


def _sent(account: Account, status: Status) -> Sent:
    return Sent(ref=_ref(account, status.id), url=status.url or status.uri)
