"""What we do in public: answers, likes, hidden replies; and a look whether posts still stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from inbox.errors import Rejected, Retryable, Unsupported
from inbox.message import Deleted, Draft, Edited, Ref, Sent, Visibility
from integrations.bluesky.chat import PrivateMessages
from integrations.bluesky.convert import (
    POSTS,
    Where,
    is_post,
    parts,
    record_of,
    same_text,
)
from integrations.bluesky.errors import Swapped
from integrations.bluesky.keys import record_key
from integrations.bluesky.mentions import posts
from integrations.bluesky.people import People
from integrations.bluesky.session import Pds
from integrations.bluesky.text import mentioned
from integrations.bluesky.wire import Post, PostView, Strong, readable
from integrations.http import unknown
from integrations.length import text_of
from integrations.ours import Ours

GATES = "app.bsky.feed.threadgate"
LIKES = "app.bsky.feed.like"
MOST_HIDDEN = 300
GONE = "The post was deleted, or its author blocks the brand."
CLOSED = "The author of the thread does not take replies from the brand."


class Records:
    """Our own repository at the PDS."""

    def __init__(self, pds: Pds) -> None:
        self._pds = pds

    def get(self, collection: str, key: str) -> dict[str, Any] | None:
        """`{uri, cid, value}`, None where there is no such record. Raises Retryable."""
        where = {"repo": self._pds.open(), "collection": collection, "rkey": key}
        try:
            found = self._pds.read("com.atproto.repo.getRecord", where)
        except Rejected:
            return None
        if not isinstance(found.get("value"), dict):
            raise Retryable("Bluesky gave an answer that could not be read.")
        return found

    def put(
        self, collection: str, key: str, record: dict[str, Any], *, instead_of: str | None
    ) -> str:
        """Write over the record with this cid, None: where there is none. Its address.

        Raises Swapped where something else stands there (putRecord, `swapRecord`).
        """
        where = {"repo": self._pds.open(), "collection": collection, "rkey": key}
        body = {**where, "record": record, "swapRecord": instead_of}
        answer = self._pds.write("com.atproto.repo.putRecord", body)
        if not isinstance(answer.get("uri"), str):
            raise unknown("Bluesky gave an answer that could not be read.", writes=True)
        return str(answer["uri"])

    def delete(self, collection: str, key: str) -> None:
        where = {"repo": self._pds.open(), "collection": collection, "rkey": key}
        self._pds.write("com.atproto.repo.deleteRecord", where)


class PublicReplies:
    """Answers in the thread of a post. A repeated key finds the answer that stands there."""

    def __init__(self, pds: Pds, people: People, place: Where, ours: Ours) -> None:
        self._pds = pds
        self._people = people
        self._place = place
        self._ours = ours
        self._records = Records(pds)

    def reply(self, draft: Draft, *, key: str) -> Sent:
        if draft.in_reply_to is None:
            raise Rejected("Tierdesk answers on Bluesky only under a post.")
        post = self._answered(draft.in_reply_to)
        parent = Strong(uri=post.uri, cid=post.cid)
        root = post.record.reply.root if post.record.reply else parent
        text = text_of(draft)
        dids = self._people.dids(mentioned(text))
        record = record_of(draft, parent, root, dids, self._pds.now())
        name = _key(draft, key)
        try:
            return self._sent(self._records.put(POSTS, name, record, instead_of=None))
        except Swapped:
            if found := self.find(draft, key=key):
                return found
            raise Rejected("Another post of the brand has this answer's key.") from None

    def find(self, draft: Draft, *, key: str) -> Sent | None:
        """The answer as it stands under its key."""
        found = self._records.get(POSTS, _key(draft, key))
        said = readable(Post, found["value"]) if found else None
        if found is None or said is None or not same_text(said.text, text_of(draft)):
            return None
        return self._sent(str(found["uri"]))

    def _answered(self, ref: Ref) -> PostView:
        """The post as it stands now: its cid, and whether it takes an answer of ours."""
        post = posts(self._pds, [ref.id]).get(ref.id)
        if post is None:
            raise Rejected(GONE)
        if post.viewer and post.viewer.closed:
            raise Rejected(CLOSED)
        return post

    def _sent(self, uri: str) -> Sent:
        place = self._place()
        self._ours.add(uri)
        return Sent(ref=place.ref(uri), url=place.link(uri))


class Answers:
    """Finds a draft among what stands on the network."""

    def __init__(self, public: PublicReplies, private: PrivateMessages | None) -> None:
        self._public = public
        self._private = private

    def find(self, draft: Draft, *, key: str, since: datetime) -> Sent | None:
        if draft.visibility is Visibility.PUBLIC:
            return self._public.find(draft, key=key)
        return self._private.find(draft, since) if self._private else None


class Presence:
    """Looks which posts are gone; nobody can edit one. A message of the chat tells of itself."""

    def __init__(self, pds: Pds) -> None:
        self._pds = pds

    def look(self, refs: Sequence[Ref]) -> Sequence[Edited | Deleted]:
        self._pds.allowance.spare(self._pds.now())
        public = [ref for ref in refs if is_post(ref)]
        stand = posts(self._pds, [ref.id for ref in public])
        missing = [ref for ref in public if ref.id not in stand]
        return [Deleted(ref=ref, at=self._pds.now()) for ref in missing if self._gone(ref)]

    def _gone(self, ref: Ref) -> bool:
        """Whether its writer has it no more; a post can also be out of sight for a while."""
        did, collection, key = parts(ref.id)
        where = {"repo": did, "collection": collection, "rkey": key}
        try:
            self._pds.read("com.atproto.repo.getRecord", where)
        except Rejected:
            return True
        return False


class Likes:
    """Likes posts, once each."""

    def __init__(self, pds: Pds) -> None:
        self._pds = pds
        self._records = Records(pds)

    def like(self, ref: Ref) -> None:
        post = self._post(ref)
        if post.viewer and post.viewer.like:
            return
        record = {
            "$type": LIKES,
            "subject": {"uri": post.uri, "cid": post.cid},
            "createdAt": self._pds.now().isoformat(),
        }
        try:
            self._records.put(LIKES, _like_key(ref), record, instead_of=None)
        except Swapped:
            return  # liked a moment ago, and not yet to be seen

    def unlike(self, ref: Ref) -> None:
        post = self._post(ref)
        given = post.viewer.like if post.viewer else None
        self._records.delete(LIKES, parts(given)[2] if given else _like_key(ref))

    def _post(self, ref: Ref) -> PostView:
        if not is_post(ref):
            raise Unsupported("A direct message on Bluesky cannot be liked.")
        post = posts(self._pds, [ref.id]).get(ref.id)
        if post is None:
            raise Rejected(GONE)
        return post


class HiddenReplies:
    """Hides replies in threads that the brand began, by the thread's gate."""

    def __init__(self, pds: Pds) -> None:
        self._pds = pds
        self._records = Records(pds)

    def hide(self, ref: Ref) -> None:
        def change(hidden: list[str]) -> list[str]:
            if len(hidden) >= MOST_HIDDEN and ref.id not in hidden:
                raise Rejected(f"Bluesky hides {MOST_HIDDEN} replies of a thread at most.")
            return hidden if ref.id in hidden else [*hidden, ref.id]

        self._change(ref, change)

    def unhide(self, ref: Ref) -> None:
        self._change(ref, lambda hidden: [uri for uri in hidden if uri != ref.id])

    def _change(self, ref: Ref, change: Callable[[list[str]], list[str]]) -> None:
        root = self._root(ref)
        key = parts(root)[2]
        found = self._records.get(GATES, key)
        gate = found["value"] if found else {"createdAt": self._pds.now().isoformat()}
        hidden = [uri for uri in gate.get("hiddenReplies") or () if isinstance(uri, str)]
        if (wanted := change(hidden)) == hidden:
            return
        gate = {**gate, "$type": GATES, "post": root, "hiddenReplies": wanted}
        try:
            self._records.put(GATES, key, gate, instead_of=str(found["cid"]) if found else None)
        except Swapped:
            raise Retryable("The thread's gate was changed at the same time.") from None

    def _root(self, ref: Ref) -> str:
        """The first post of the thread; it must be the brand's own."""
        if not is_post(ref):
            raise Unsupported("A direct message cannot be hidden.")
        post = posts(self._pds, [ref.id]).get(ref.id)
        if post is None:
            raise Rejected(GONE)
        root = post.record.reply.root.uri if post.record.reply else None
        if root is None or parts(root)[0] != self._pds.open():
            raise Rejected("On Bluesky only replies in threads that the brand began can be hidden.")
        return root


def _key(draft: Draft, key: str) -> str:
    return record_key(key, after=parts(draft.in_reply_to.id)[2] if draft.in_reply_to else "")


def _like_key(ref: Ref) -> str:
    return record_key("like", after=ref.id)
