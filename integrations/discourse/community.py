"""What a post on the forum is to the desk: a question, an answer of the community, or nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from inbox.message import Author, Echoed
from integrations.discourse.api import Api
from integrations.discourse.convert import Forum, mentions, person, to_author, to_message
from integrations.discourse.wire import REGULAR, Post
from integrations.ours import Ours

_REMEMBERED = 20_000


class Part(Enum):
    """What a public post is to us. ASKED: a customer's, who wrote to us and waits for us."""

    NOTHING = auto()
    QUESTION = auto()
    ASKED = auto()
    ANSWER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How public posts are read. `starter` tells who began a topic, by user id; None where nobody
    knows, and then a post that depends on it is NOTHING.
    """

    forum: Forum
    categories: frozenset[int]
    from_others: bool
    ours: Ours

    def part(self, post: Post, starter: Callable[[int], int | None]) -> Part:
        if not self.counts(post):
            return Part.NOTHING
        if self.forum.mine(post) or self.forum.staff(post):
            return Part.ANSWER if post.post_number > 1 else Part.NOTHING
        if post.post_number == 1:
            return Part.QUESTION
        if mentions(post, self.forum.username) or self._answers_us(post):
            return Part.ASKED
        return self._reply(post, starter(post.topic_id))

    def _reply(self, post: Post, begun_by: int | None) -> Part:
        """What somebody says in a topic, of their own or of another."""
        if begun_by == post.user_id:
            return Part.QUESTION
        if self.forum.trusted(post):
            return Part.ANSWER if begun_by is not None else Part.NOTHING
        return Part.QUESTION if self.from_others else Part.NOTHING

    def counts(self, post: Post) -> bool:
        """Whether a person wrote it, in a category that is read, and not Tierdesk itself."""
        place = self.forum.post(*post.place).id
        return (
            post.post_type == REGULAR
            and post.user_id > 0
            and not post.hidden
            and not post.gone
            and place not in self.ours
            and (not self.categories or post.category_id in self.categories)
        )

    def _answers_us(self, post: Post) -> bool:
        return post.answered.lower() == self.forum.username.lower()


@dataclass(slots=True)
class Starters:
    """Who began each topic: seen with its first post, else asked for."""

    api: Api
    forum: Forum
    _known: OrderedDict[int, Author] = field(default_factory=OrderedDict)

    def saw(self, post: Post) -> None:
        if post.post_number == 1:
            self._known[post.topic_id] = to_author(post, self.forum)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def known(self, topic: int) -> Author | None:
        return self._known.get(topic)

    def of(self, topic: int) -> Author | None:
        if topic not in self._known and (post := self.api.post(topic, 1)):
            self.saw(post)
        return self._known.get(topic)

    def id_of(self, topic: int) -> int | None:
        found = self.of(topic)
        return int(found.ref.id) if found else None

    def customer(self, post: Post) -> Author | None:
        """Whom a personal message of ours or of staff is for; None where that is not one person."""
        begun_by = self.of(post.topic_id)
        if begun_by and not begun_by.staff and int(begun_by.ref.id) != post.user_id:
            return begun_by
        topic = self.api.topic(post.topic_id)
        if topic is None:
            return None
        others = [
            user
            for user in topic.details.allowed_users
            if user.id != post.user_id and not self.forum.ours(user.username)
        ]
        return person(others[0], self.forum) if len(others) == 1 else None


def echo(post: Post, forum: Forum, to: Author | None) -> Echoed:
    """An answer of the community in a topic."""
    return Echoed(message=to_message(post, forum), to=to)


def private_echo(post: Post, forum: Forum, to: Author) -> Echoed:
    """An answer of the team to somebody's personal message."""
    return Echoed(message=to_message(post, forum, private_of=int(to.ref.id)), to=to)
