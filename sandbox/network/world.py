"""The network itself: statuses, notifications and what happens to them."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sandbox.feed import Feed
from sandbox.network import errors, text
from sandbox.network.accounts import EVERYBODY
from sandbox.network.ids import Snowflakes

MAX_CHARACTERS = 500
VISIBILITIES = ("public", "unlisted", "private", "direct")
IDEMPOTENCY_SECONDS = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody asks to be posted."""

    author: str
    text: str
    visibility: str = "public"
    in_reply_to: int | None = None
    language: str | None = None
    spoiler: str = ""
    sensitive: bool = False
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One wording of a status; times are seconds since 1970."""

    text: str
    spoiler: str
    sensitive: bool
    created_at: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Status:
    """One post as it stands now; `root` is the first post of its conversation."""

    id: int
    author: str
    versions: tuple[Version, ...]
    visibility: str
    in_reply_to: int | None
    root: int
    language: str | None
    idempotency_key: str | None
    mentions: tuple[str, ...]
    tags: tuple[str, ...]
    favourited_by: frozenset[str] = frozenset()
    deleted: bool = False

    @property
    def now(self) -> Version:
        return self.versions[-1]

    @property
    def created_at(self) -> float:
        return self.versions[0].created_at

    @property
    def edited_at(self) -> float | None:
        return self.now.created_at if len(self.versions) > 1 else None

    def seen_by(self, acct: str) -> bool:
        """Whether an account may read it."""
        return not self.deleted and self.meant_for(acct)

    def meant_for(self, acct: str) -> bool:
        """Whether an account could read it before a deletion; nobody follows anybody here."""
        open_to_all = self.visibility in ("public", "unlisted")
        return open_to_all or acct == self.author or acct in self.mentions


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """Something that `who` did with a status, told to its receiver."""

    id: int
    type: str
    created_at: float
    who: str
    status: int


class World:
    """All statuses and notifications; used from one event loop only."""

    def __init__(self, feed: Feed, clock: Callable[[], float] = time.time) -> None:
        self._feed = feed
        self._clock = clock
        self._status_ids = Snowflakes(clock, bits=16)
        self._notification_ids = Snowflakes(clock, bits=10)
        self.clear()

    def clear(self) -> None:
        """Empty it; ids go on growing, so that cursors of clients stay good."""
        self.statuses: dict[int, Status] = {}
        self.by_author: defaultdict[str, list[int]] = defaultdict(list)
        self.direct_of: defaultdict[str, list[int]] = defaultdict(list)
        self.replies: defaultdict[int, list[int]] = defaultdict(list)
        self._told: defaultdict[str, dict[int, Notification]] = defaultdict(dict)
        self._by_key: dict[tuple[str, str], tuple[float, int]] = {}
        self.read_conversations: set[tuple[str, int]] = set()

    # Reading

    def seen(self, status_id: int, acct: str) -> Status:
        """The status, or 404 when it is not there for this account."""
        status = self.statuses.get(status_id)
        if status is None or not status.seen_by(acct):
            raise errors.not_found()
        return status

    def told(self, acct: str) -> dict[int, Notification]:
        """Notifications of an account by id, in the order of their ids."""
        return self._told[acct]

    def parent(self, status: Status) -> Status | None:
        """The post that a status answers, unless it was deleted."""
        parent = self.statuses.get(status.in_reply_to or 0)
        return None if parent is None or parent.deleted else parent

    def ancestors(self, status: Status, acct: str) -> list[Status]:
        """The posts above, the root first; one that may not be seen ends the way up."""
        above: list[Status] = []
        parent = self.parent(status)
        while parent is not None and parent.seen_by(acct):
            above.append(parent)
            parent = self.parent(parent)
        return above[::-1]

    def descendants(self, status: Status, acct: str) -> Iterator[Status]:
        """The answers below, each followed by its own answers."""
        waiting = self.replies[status.id][::-1]
        while waiting:
            reply = self.statuses[waiting.pop()]
            if reply.seen_by(acct):
                yield reply
            if not reply.deleted:
                waiting.extend(self.replies[reply.id][::-1])

    # Acting

    def post(self, draft: Draft) -> Status:
        """Post, or answer the first status again for a key that is known.

        Mastodon keeps a key per account for an hour and does not compare the texts.
        """
        if known := self._first_with_key(draft):
            return known
        parent = self._answered(draft)
        status = self._new(draft, parent)
        self.statuses[status.id] = status
        self.by_author[status.author].append(status.id)
        if parent is not None:
            self.replies[parent.id].append(status.id)
        self._index_direct(status, (status.author, *status.mentions))
        if draft.idempotency_key:
            self._by_key[draft.author, draft.idempotency_key] = (self._clock(), status.id)
        self._tell(status, "mention", status.mentions, who=status.author)
        self._feed.publish("network", "status", str(status.id))
        return status

    def edit(self, status_id: int, acct: str, draft: Draft) -> Status:
        """Reword an own status; an unchanged wording leaves no trace."""
        before = self.own(status_id, acct)
        version = self._version(draft)
        if replace(version, created_at=0.0) == replace(before.now, created_at=0.0):
            return before
        mentioned = _known(draft.text)
        after = replace(
            before,
            versions=(*before.versions, version),
            mentions=tuple(dict.fromkeys((*before.mentions, *mentioned))),
            tags=text.tags(draft.text),
        )
        self.statuses[status_id] = after
        new = [name for name in mentioned if name not in before.mentions]
        self._index_direct(after, new)
        self._tell(after, "mention", new, who=acct)
        self._tell(after, "update", before.mentions, who=acct)
        self._feed.publish("network", "edit", str(status_id))
        return after

    def delete(self, status_id: int, acct: str) -> Status:
        """Take an own status away, and with it what was told about it."""
        status = self.own(status_id, acct)
        self.statuses[status_id] = replace(status, deleted=True)
        for told in self._told.values():
            for gone in [n.id for n in told.values() if n.status == status_id]:
                del told[gone]
        self._feed.publish("network", "delete", str(status_id))
        return status

    def favourite(self, status_id: int, acct: str, *, on: bool = True) -> Status:
        before = self.seen(status_id, acct)
        if on == (acct in before.favourited_by):
            return before
        after = replace(before, favourited_by=before.favourited_by ^ {acct})
        self.statuses[status_id] = after
        if on:
            self._tell(after, "favourite", [after.author], who=acct)
        self._feed.publish("network", "favourite", str(status_id))
        return after

    def own(self, status_id: int, acct: str) -> Status:
        """An account's own status, or 404 for one that is not there, 403 for another's."""
        status = self.seen(status_id, acct)
        if status.author != acct:
            raise errors.not_allowed()
        return status

    def _first_with_key(self, draft: Draft) -> Status | None:
        if not draft.idempotency_key:
            return None
        at, status_id = self._by_key.get((draft.author, draft.idempotency_key), (0.0, 0))
        if self._clock() - at > IDEMPOTENCY_SECONDS:
            return None
        return self.seen(status_id, draft.author)

    def _answered(self, draft: Draft) -> Status | None:
        if draft.in_reply_to is None:
            return None
        parent = self.statuses.get(draft.in_reply_to)
        if parent is None or not parent.seen_by(draft.author):
            raise errors.reply_not_found()
        return parent

    def _new(self, draft: Draft, parent: Status | None) -> Status:
        status_id = self._status_ids.next()
        return Status(
            id=status_id,
            author=draft.author,
            versions=(self._version(draft),),
            visibility=draft.visibility,
            in_reply_to=parent.id if parent else None,
            root=parent.root if parent else status_id,
            language=draft.language,
            idempotency_key=draft.idempotency_key,
            mentions=_known(draft.text),
            tags=text.tags(draft.text),
        )

    def _version(self, draft: Draft) -> Version:
        return Version(
            text=draft.text,
            spoiler=draft.spoiler,
            sensitive=draft.sensitive,
            created_at=self._clock(),
        )

    def _index_direct(self, status: Status, accts: tuple[str, ...] | list[str]) -> None:
        if status.visibility == "direct":
            for acct in dict.fromkeys(accts):
                self.direct_of[acct].append(status.id)

    def _tell(
        self, status: Status, type_: str, accts: tuple[str, ...] | list[str], *, who: str
    ) -> None:
        for acct in accts:
            if acct == who:
                continue
            notification = Notification(
                id=self._notification_ids.next(),
                type=type_,
                created_at=self._clock(),
                who=who,
                status=status.id,
            )
            self._told[acct][notification.id] = notification


def checked(draft: Draft) -> Draft:
    """The draft, or 422 as the server validates what comes through its API."""
    if not draft.text.strip():
        raise errors.invalid("Text can't be blank")
    if text.length(draft.text, draft.spoiler) > MAX_CHARACTERS:
        raise errors.invalid(f"Text character limit of {MAX_CHARACTERS} exceeded")
    if draft.visibility not in VISIBILITIES:
        raise errors.invalid("Visibility is not included in the list")
    return draft


def _known(words: str) -> tuple[str, ...]:
    return tuple(name for name in text.mentions(words) if name in EVERYBODY)
