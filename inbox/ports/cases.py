"""What the use cases ask of the store about cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from inbox.case import Case, Status
from inbox.changes import CaseEvent, Change
from inbox.message import Ref


class Contact(Struct, frozen=True, kw_only=True):
    """What we know of an author: number of cases, of closed ones, and the newest case.

    Of the author alone, or with those of all authors that are the same person: see inbox.contacts.
    """

    cases: int
    closed: int
    newest: Case | None


class Tally(Struct, frozen=True, kw_only=True):
    """How many cases of an author are worked in one place and stand alike."""

    author: Ref
    channel: str
    tier: int
    status: Status
    cases: int


Key = tuple[Ref, Ref]
"""(conversation, author): what a case is found by."""


class Cases(Protocol):
    def number(self) -> int:
        """A fresh case number."""
        ...

    def get(self, number: int) -> Case | None:
        """Locked until the transaction ends."""
        ...

    def by_key(self, keys: Collection[Key]) -> Mapping[Key, Case]: ...
    def holder(self, key: Key) -> Case | None:
        """The case that a conversation with somebody is linked to; not locked, unlike `by_key`."""
        ...

    def contacts(self, authors: Collection[Ref]) -> Mapping[Ref, Contact]: ...
    def tallies(self, authors: Collection[Ref]) -> Sequence[Tally]: ...
    def of_authors(self, authors: Collection[Ref], *, skip: int, limit: int) -> Sequence[Case]:
        """Newest first."""
        ...

    def save(self, case: Case) -> None: ...
    def link(self, key: Key, number: int) -> None:
        """From now on messages under this key belong to this case."""
        ...

    def append(self, event: CaseEvent) -> None: ...
    def history(
        self,
        number: int,
        *,
        kinds: Collection[type[Change]] = (),
        after: int = 0,
        upto: int | None = None,
        by: datetime | None = None,
        oldest: int | None = None,
        newest: int | None = None,
    ) -> Sequence[CaseEvent]:
        """In their order; of some kinds, from after one event up to another, by a time.

        At most so many of the oldest of them, or of the newest.
        """
        ...

    def owned_by(self, user: str) -> Sequence[Case]:
        """Not closed, oldest first."""
        ...

    def open_outside(self, channels: Collection[str]) -> Sequence[int]:
        """The cases that are not closed and are worked in none of these channels."""
        ...

    def count_in(self, channel: str, *, since: datetime | None = None) -> int:
        """How many are worked there; since then: how many are open or were closed later."""
        ...

    def asleep_until(self, now: datetime, *, limit: int) -> Sequence[Case]:
        """Snoozed cases whose date has come, those that have waited longest first."""
        ...
