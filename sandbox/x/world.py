"""X itself: posts, direct messages and what happens to them."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sandbox.feed import Feed
from sandbox.network.ids import Snowflakes
from sandbox.x import errors, text
from sandbox.x.accounts import BY_ID, CLOSED_TO_MESSAGES, EVERYBODY

EPOCH_SECONDS = 1_288_834_974.657
"""Where the time in an id of X begins."""
DUPLICATE_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Something attached to a post."""

    key: str
    type: str
    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Post:
    """One version of a post; all versions share their `history`, the first id first."""

    id: int
    author: str
    words: str
    created_at: float
    history: tuple[int, ...]
    root: int
    in_reply_to: int | None = None
    quotes: int | None = None
    language: str = "und"
    pictures: tuple[Picture, ...] = ()
    hidden: bool = False
    deleted: bool = False
    through_api: bool = False
    liked_by: frozenset[str] = frozenset()

    @property
    def mentions(self) -> tuple[str, ...]:
        return tuple(name for name in text.mentions(self.words) if name in EVERYBODY)

    @property
    def newest(self) -> bool:
        return self.id == self.history[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dm:
    """One direct message between two people."""

    id: int
    sender: str
    to: str
    words: str
    created_at: float
    through_api: bool = False

    @property
    def conversation(self) -> str:
        """The smaller id first, as X names the conversation of two."""
        return "-".join(sorted((EVERYBODY[self.sender].id, EVERYBODY[self.to].id), key=int))


class World:
    """All posts and messages; used from one event loop only."""

    def __init__(self, feed: Feed, clock: Callable[[], float] = time.time) -> None:
        self._feed = feed
        self.clock = clock
        self._ids = Snowflakes(lambda: _since_epoch(clock()), bits=22)
        self.enterprise = False
        self.clear()

    def clear(self) -> None:
        """Empty it; ids go on growing, so that cursors of clients stay good."""
        self.posts: dict[int, Post] = {}
        self.dms: dict[int, Dm] = {}
        self.by_author: defaultdict[str, list[int]] = defaultdict(list)

    # Reading

    def seen(self, post_id: int) -> Post | None:
        """A version of a post that stands."""
        post = self.posts.get(post_id)
        return None if post is None or post.deleted else post

    def newest_first(self) -> Iterator[Post]:
        """The posts that stand, each in its newest version only."""
        return (p for p in sorted(self.posts.values(), key=_id, reverse=True) if _stands(p))

    def messages_of(self, acct: str) -> list[Dm]:
        """Newest first."""
        found = (dm for dm in self.dms.values() if acct in (dm.sender, dm.to))
        return sorted(found, key=lambda dm: dm.id, reverse=True)

    def summoned(self, post: Post, acct: str) -> bool:
        """Whether its author mentioned this account, answered it or quoted it."""
        near = (self.posts.get(post.in_reply_to or 0), self.posts.get(post.quotes or 0))
        return acct in post.mentions or any(one and one.author == acct for one in near)

    # Acting

    def post(
        self,
        acct: str,
        words: str,
        *,
        in_reply_to: int | None = None,
        quotes: int | None = None,
        language: str = "und",
        pictures: tuple[Picture, ...] = (),
        through_api: bool = False,
    ) -> Post:
        """Post, with the mentions that X itself puts in front of a reply."""
        parent = self._answered(in_reply_to)
        written = self._addressed(acct, words, parent)
        if through_api:
            self._refuse_duplicate(acct, written)
        post_id = self._ids.next()
        post = Post(
            id=post_id,
            author=acct,
            words=written,
            created_at=self.clock(),
            history=(post_id,),
            root=parent.root if parent else post_id,
            in_reply_to=parent.id if parent else None,
            quotes=quotes,
            language=language,
            pictures=pictures,
            through_api=through_api,
        )
        self._keep(post, "post")
        return post

    def edit(self, post_id: int, acct: str, words: str) -> Post:
        """A new version under a new id; the ones before stay where they are."""
        before = self.own(post_id, acct)
        new_id = self._ids.next()
        history = (*before.history, new_id)
        for old in before.history:
            self.posts[old] = replace(self.posts[old], history=history)
        lead = self._addressed(acct, words, self.posts.get(before.in_reply_to or 0))
        after = replace(before, id=new_id, words=lead, created_at=self.clock(), history=history)
        self._keep(after, "edit")
        return after

    def delete(self, post_id: int, acct: str) -> Post:
        post = self.own(post_id, acct)
        for version in post.history:
            self.posts[version] = replace(self.posts[version], deleted=True)
        self._feed.publish("x", "delete", str(post_id))
        return post

    def like(self, post_id: int, acct: str) -> Post:
        """Like it, or take that back."""
        post = self.seen(post_id)
        if post is None:
            raise errors.not_found(f"tweet with id: [{post_id}]")
        after = replace(post, liked_by=post.liked_by ^ {acct})
        self.posts[post_id] = after
        self._feed.publish("x", "like", str(post_id))
        return after

    def hide(self, post_id: int, acct: str, *, hidden: bool) -> None:
        """Only replies in a conversation that the account began."""
        post = self.seen(post_id)
        if post is None:
            raise errors.not_found(f"tweet with id: [{post_id}]")
        root = self.posts.get(post.root)
        if root is None or root.author != acct or post.in_reply_to is None:
            raise errors.forbidden("You are not permitted to perform this action.")
        self.posts[post_id] = replace(post, hidden=hidden)
        self._feed.publish("x", "hide", str(post_id))

    def message(self, acct: str, to: str, words: str, *, through_api: bool = False) -> Dm:
        if to in CLOSED_TO_MESSAGES and not any(
            dm.sender == to and dm.to == acct for dm in self.dms.values()
        ):
            raise errors.no_messages()
        dm = Dm(
            id=self._ids.next(),
            sender=acct,
            to=to,
            words=words,
            created_at=self.clock(),
            through_api=through_api,
        )
        self.dms[dm.id] = dm
        self._feed.publish("x", "message", str(dm.id))
        return dm

    def own(self, post_id: int, acct: str) -> Post:
        """An account's own post in its newest version, 404 for one that is not there."""
        post = self.seen(post_id)
        if post is None:
            raise errors.not_found(f"tweet with id: [{post_id}]")
        if post.author != acct:
            raise errors.forbidden("You are not permitted to perform this action.")
        return self.posts[post.history[-1]]

    def _answered(self, in_reply_to: int | None) -> Post | None:
        if in_reply_to is None:
            return None
        parent = self.seen(in_reply_to)
        if parent is None:
            raise errors.gone()
        return parent

    def _addressed(self, acct: str, words: str, parent: Post | None) -> str:
        if parent is None:
            return words
        names = dict.fromkeys((parent.author, *parent.mentions))
        there = text.mentions(words)
        return "".join(f"@{n} " for n in names if n != acct and n not in there) + words

    def _refuse_duplicate(self, acct: str, words: str) -> None:
        since = self.clock() - DUPLICATE_SECONDS
        recent = (self.posts[i] for i in self.by_author[acct])
        if any(p.words == words and p.created_at > since and not p.deleted for p in recent):
            raise errors.duplicate()

    def _keep(self, post: Post, what: str) -> None:
        self.posts[post.id] = post
        self.by_author[post.author].append(post.id)
        self._feed.publish("x", what, str(post.id))


def known_id(given: str) -> int:
    """An id from outside; what is none belongs to nothing."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else 0


def person(id_: str) -> str:
    """The name of somebody with this id; 404 for nobody."""
    if id_ not in BY_ID:
        raise errors.not_found(f"user with id: [{id_}]")
    return BY_ID[id_].acct


def _since_epoch(now: float) -> float:
    """Seconds, a hair above a whole millisecond: a fraction must not fall below it."""
    return round((now - EPOCH_SECONDS) * 1000) / 1000 + 1e-6


def _id(post: Post) -> int:
    return post.id


def _stands(post: Post) -> bool:
    return post.newest and not post.deleted
