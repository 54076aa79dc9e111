"""Everybody who has a case, and which of them are one person."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    or_,
    select,
    union,
    update,
)

from inbox.message import Author, Ref
from inbox.ports import Link
from store import codec
from store.statements import Rows, Stage, insert_into, overwrite
from store.tables import identities, links

_MET = Rows(
    table=identities,
    columns=("author_ref", "author_json", "called", "met_at"),
    rank=1,
    conflict=overwrite,
)
_FOUND = select(identities.c.author_json).where(
    identities.c.author_ref.in_(bindparam("refs", expanding=True))
)
_ENDS: BindParameter[Any] = bindparam("refs", expanding=True)
_LINKS = (
    select(links)
    .where(or_(links.c.one_ref.in_(_ENDS), links.c.other_ref.in_(_ENDS)))
    .order_by(links.c.id)
)
_MOST_WORDS = 8
_MOST_RECENT, _MOST_OTHERS = 2_000, 1_000


class Identities:
    """Implements inbox.ports.Identities."""

    def __init__(self, connection: Connection, stage: Stage) -> None:
        self._connection = connection
        self._stage = stage

    def meet(self, author: Author, *, at: datetime) -> None:
        called = folded(f"{author.handle} {author.name}")
        row = (codec.ref_name(author.ref), codec.encode(author), called, codec.micros(at))
        self._stage.put(_MET, author.ref, row)

    def find(self, refs: Collection[Ref]) -> Mapping[Ref, Author]:
        self._stage.flush()
        rows = self._connection.execute(_FOUND, {"refs": _names(refs)}).scalars()
        authors = [codec.decode(Author, row) for row in rows]
        return {author.ref: author for author in authors}

    def search(self, words: str, *, limit: int) -> Sequence[Author]:
        asked = [word for part in folded(words).split() if (word := part.lstrip("@"))]
        if not asked:
            return []
        self._stage.flush()
        found = _called(asked[:_MOST_WORDS]).subquery().c
        query = select(found.author_json).order_by(found.met_at.desc(), found.author_ref)
        rows = self._connection.execute(query.limit(limit)).scalars()
        return [codec.decode(Author, row) for row in rows]

    def link(self, one: Ref, other: Ref, *, by: str, at: datetime) -> None:
        self._stage.flush()
        insert = insert_into(links, self._connection.dialect).values(
            one_ref=codec.ref_name(one),
            other_ref=codec.ref_name(other),
            linked_by=by,
            linked_at=codec.micros(at),
        )
        self._connection.execute(insert)

    def undo(self, link: int, *, by: str, at: datetime) -> None:
        change = update(links).where(links.c.id == link, links.c.undone_at.is_(None))
        self._connection.execute(change.values(undone_by=by, undone_at=codec.micros(at)))

    def forget(self, ref: Ref) -> None:
        name = codec.ref_name(ref)
        ends = or_(links.c.one_ref == name, links.c.other_ref == name)
        self._connection.execute(delete(links).where(ends))
        self._connection.execute(delete(identities).where(identities.c.author_ref == name))

    def links(self, refs: Collection[Ref]) -> Sequence[Link]:
        return [_link(row) for row in self._connection.execute(_LINKS, {"refs": _names(refs)})]


def _called(words: Sequence[str]) -> CompoundSelect[Any]:
    """Whom we met last of a name, and others of it: a word that half of all have is not sorted."""
    last = select(identities).order_by(identities.c.met_at.desc()).limit(_MOST_RECENT).subquery()
    rest = select(identities).where(_holds(identities.c.called, words)).limit(_MOST_OTHERS)
    return union(select(last).where(_holds(last.c.called, words)), select(rest.subquery()))


def _holds(called: ColumnElement[str], words: Sequence[str]) -> ColumnElement[bool]:
    return and_(*(called.contains(word, autoescape=True) for word in words))


def folded(text: str) -> str:
    """As names are compared: without case and accents."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def _names(refs: Collection[Ref]) -> list[str]:
    return [codec.ref_name(ref) for ref in refs]


def _link(row: Row[tuple[object, ...]]) -> Link:
    return Link(
        id=row.id,
        one=codec.ref_of(row.one_ref),
        other=codec.ref_of(row.other_ref),
        by=row.linked_by,
        at=codec.moment(row.linked_at),
        undone_by=row.undone_by,
        undone_at=None if row.undone_at is None else codec.moment(row.undone_at),
    )
