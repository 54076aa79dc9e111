"""What the use cases ask of the store about people: who is known by which names, who is whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from inbox.message import Author, Ref


class Link(Struct, frozen=True, kw_only=True):
    """An agent said that two authors are one person; `by` and `undone_by` are Slack user ids."""

    id: int
    one: Ref
    other: Ref
    by: str
    at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None

    @property
    def stands(self) -> bool:
        return self.undone_at is None

    def beyond(self, ref: Ref) -> Ref:
        """The other end."""
        return self.other if ref == self.one else self.one


class Identities(Protocol):
    """Everybody who has a case, and what agents said of them."""

    def meet(self, author: Author, *, at: datetime) -> None:
        """Remember how an author is called now."""
        ...

    def find(self, refs: Collection[Ref]) -> Mapping[Ref, Author]: ...
    def search(self, words: str, *, limit: int) -> Sequence[Author]:
        """Those whose handle or name holds each of these words, whom we met last first.

        Of a name that thousands have, those whom we met lately, and some of the others. Case and
        accents do not matter. Without a word nobody is found.
        """
        ...

    def link(self, one: Ref, other: Ref, *, by: str, at: datetime) -> None:
        """Both were met before."""
        ...

    def undo(self, link: int, *, by: str, at: datetime) -> None: ...
    def forget(self, ref: Ref) -> None:
        """Delete an author and every link with them at an end."""
        ...

    def links(self, refs: Collection[Ref]) -> Sequence[Link]:
        """Every link with one of these at an end, undone ones too, oldest first."""
        ...
