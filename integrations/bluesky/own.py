"""What the brand itself wrote in the network's own app, outside Tierdesk."""

from __future__ import annotations

from inbox.message import Echoed
from integrations.bluesky.convert import POSTS, Place, parts, to_message
from integrations.bluesky.keys import tid
from integrations.bluesky.session import Pds
from integrations.bluesky.wire import Actor, Post, PostView, Standing, many, readable
from integrations.ours import Ours

_PAGE = 50


class OwnReplies:
    """Polls our own repository for replies that were written in an app.

    A place in it is the key of the newest post: apps make keys of the time. Ours lie at the time
    of what they answer, and are known.
    """

    def __init__(self, pds: Pds, ours: Ours) -> None:
        self._pds = pds
        self._ours = ours

    def beginning(self) -> str:
        return max((key for key, _ in self._newest()), default=tid(0))

    def next(self, after: str, place: Place) -> tuple[list[Echoed], str]:
        """Replies after a place, oldest first, and the place behind them."""
        new = sorted((pair for pair in self._newest() if pair[0] > after), key=lambda one: one[0])
        echoes = [echo for _, found in new if (echo := self._echo(found, place))]
        return echoes, new[-1][0] if new else after

    def _newest(self) -> list[tuple[str, Standing]]:
        self._pds.allowance.spare(self._pds.now())
        where = {"repo": self._pds.open(), "collection": POSTS, "limit": _PAGE}
        answer = self._pds.read("com.atproto.repo.listRecords", where)
        found = (readable(Standing, one) for one in many(answer, "records"))
        return [(parts(one.uri)[2], one) for one in found if one]

    def _echo(self, found: Standing, place: Place) -> Echoed | None:
        record = readable(Post, found.value)
        if record is None or record.reply is None or found.uri in self._ours:
            return None
        me = Actor(did=place.me, handle=place.account.name)
        now = self._pds.now()
        post = PostView(uri=found.uri, cid=found.cid, author=me, record=record, indexedAt=now)
        return Echoed(message=to_message(post, me, place))
