"""What stands on Meta's networks: posts, comments and private messages."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.feed import Feed
from sandbox.meta import errors, payloads
from sandbox.meta.accounts import PAGE, Person
from sandbox.meta.hooks import Hooks
from sandbox.network.accounts import BRAND

NETWORKS = ("facebook", "instagram", "whatsapp", "threads")
DAY = 86_400.0
WEEK = 7 * DAY
US = BRAND.acct
_PREFIX = {"instagram": 178, "threads": 180}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A post (`post` is its own id) or what stands under one. `author` is US or a person's key.

    `liked` is by us, `liked_by` by people; `picture` is the name of a drawing in `pictures`.
    """

    id: str
    network: str
    author: str
    text: str
    post: str
    parent: str | None
    created_at: float
    hidden: bool = False
    liked: bool = False
    liked_by: frozenset[str] = frozenset()
    deleted: bool = False
    answered_privately: bool = False
    picture: str | None = None

    @property
    def is_post(self) -> bool:
        return self.id == self.post


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A private message between us and a person. `app` sent it, where we did."""

    id: str
    network: str
    person: str
    ours: bool
    text: str
    created_at: float
    app: str | None = None
    tag: str | None = None
    about: str | None = None
    answers: str | None = None
    choices: tuple[dict[str, Any], ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


class World:
    """All of it; who changes it tells the webhooks. Used from one event loop at a time."""

    def __init__(
        self,
        feed: Feed,
        hooks: Hooks,
        people: dict[str, Person],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._feed = feed
        self._ids = itertools.count(1)
        self.hooks = hooks
        self.people = people
        self.clock = clock
        self.human_agent = True
        self.clear()

    def clear(self) -> None:
        """Empty it; ids go on growing."""
        self.comments: dict[str, Comment] = {}
        self.letters: dict[str, Letter] = {}
        self.unreachable: set[str] = set()

    # Reading

    def standing(self, id: str) -> Comment:  # noqa: A002 - the field's own name
        found = self.comments.get(id)
        if found is None or found.deleted:
            raise errors.not_there(id)
        return found

    def under(self, post: str) -> list[Comment]:
        """What stands under a post, oldest first."""
        return [
            one
            for one in self.comments.values()
            if one.post == post and not one.is_post and not one.deleted
        ]

    def posts(self, network: str) -> list[Comment]:
        """Posts, newest first."""
        found = [c for c in self.comments.values() if c.network == network and c.is_post]
        return [post for post in reversed(found) if not post.deleted]

    def conversation(self, network: str, person: str) -> list[Letter]:
        return [
            one for one in self.letters.values() if (one.network, one.person) == (network, person)
        ]

    def wrote_at(self, network: str, person: str) -> float | None:
        """When this person last wrote in private."""
        theirs = [one.created_at for one in self.conversation(network, person) if not one.ours]
        return max(theirs, default=None)

    def somebody(self, network: str, number: str) -> Person:
        """The person with a number in private."""
        for person in self.people.values():
            if number in (person.number(network), *self._more_numbers(network, person)):
                return person
        raise errors.wrong_person()

    # Acting

    def comment(
        self,
        network: str,
        author: str,
        text: str,
        *,
        parent: str | None = None,
        at: float | None = None,
        picture: str | None = None,
    ) -> Comment:
        """A post where there is no `parent`, else a comment under it."""
        above = self.standing(parent) if parent else None
        id_ = self._name(network, above)
        post = above.post if above else id_
        comment = Comment(
            id=id_,
            network=network,
            author=author,
            text=text,
            post=post,
            parent=above.id if above and not above.is_post else None,
            created_at=self.clock() if at is None else at,
            picture=picture,
        )
        self.comments[id_] = comment
        self.hooks.add(network, payloads.commented(self, comment, "add"))
        self._feed.publish("meta", "comment", id_)
        return comment

    def reword(self, id: str, text: str) -> Comment:  # noqa: A002 - the field's own name
        return self._changed(replace(self.standing(id), text=text), "edited")

    def remove(self, id: str) -> Comment:  # noqa: A002 - the field's own name
        return self._changed(replace(self.standing(id), deleted=True), "remove")

    def hide(self, id: str, *, on: bool) -> Comment:  # noqa: A002 - the field's own name
        return self._changed(replace(self.standing(id), hidden=on), "hide" if on else "unhide")

    def like(self, id: str, *, on: bool) -> Comment:  # noqa: A002 - the field's own name
        self.comments[id] = replace(self.standing(id), liked=on)
        self._feed.publish("meta", "like", id)
        return self.comments[id]

    def favour(self, id: str, who: str) -> Comment:  # noqa: A002 - the field's own name
        """A person likes it, or takes that back."""
        comment = self.standing(id)
        self.comments[id] = replace(comment, liked_by=comment.liked_by ^ {who})
        self._feed.publish("meta", "like", id)
        return self.comments[id]

    def answered_privately(self, comment: Comment) -> None:
        self.comments[comment.id] = replace(comment, answered_privately=True)

    def letter(
        self,
        network: str,
        person: str,
        text: str,
        *,
        ours: bool,
        at: float | None = None,
        app: str | None = None,
        payload: str | None = None,
        **more: Any,
    ) -> Letter:
        """A private message; `payload` is of the button that the person pressed for it."""
        letter = Letter(
            id=self._mid(network),
            network=network,
            person=person,
            ours=ours,
            text=text,
            created_at=self.clock() if at is None else at,
            app=app,
            **more,
        )
        self.letters[letter.id] = letter
        for told in payloads.wrote(self, letter, payload):
            self.hooks.add(network, told)
        self._feed.publish("meta", "message", letter.id)
        return letter

    def unsend(self, id: str) -> Letter:  # noqa: A002 - the field's own name
        letter = self.letters.pop(id, None)
        if letter is None or letter.ours:
            raise errors.not_there(id)
        self.hooks.add(letter.network, payloads.unsent(self, letter))
        return letter

    def failed(self, letter: Letter, code: int) -> None:
        """WhatsApp could not deliver what it took."""
        self.hooks.add("whatsapp", payloads.status(self, letter, "failed", code))

    def _changed(self, comment: Comment, verb: str) -> Comment:
        self.comments[comment.id] = comment
        if comment.network == "facebook":
            self.hooks.add("facebook", payloads.commented(self, comment, verb))
        self._feed.publish("meta", verb, comment.id)
        return comment

    def _name(self, network: str, above: Comment | None) -> str:
        number = next(self._ids)
        if network != "facebook":
            return f"{_PREFIX[network]}{number:014}"
        return f"{above.post.partition('_')[2]}_{number:012}" if above else f"{PAGE}_{number:012}"

    def _mid(self, network: str) -> str:
        number = next(self._ids)
        return f"wamid.HBgL{number:012}" if network == "whatsapp" else f"m_AbCd{number:012}"

    def _more_numbers(self, network: str, person: Person) -> Iterator[str]:
        if network == "whatsapp":
            yield person.phone
