"""Cases, what they are found by, and their histories."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from inbox.case import Actor, ActorKind, Case, Status
from inbox.changes import DONE, CaseEvent, Change
from inbox.message import Ref
from inbox.ports import Contact, Key, Tally
from store import codec
from store.case_row import COLUMNS, case_of, case_row
from store.statements import Rows, Stage, overwrite
from store.tables import CLOSED, WAS_DONE, case_events, case_keys, cases

_CASES = Rows(table=cases, columns=COLUMNS, rank=1, conflict=overwrite)
_KEYS = Rows(
    table=case_keys,
    columns=("conversation_ref", "author_ref", "case_number"),
    rank=2,
    conflict=overwrite,
)
_EVENTS = Rows(
    table=case_events,
    columns=("case_number", "seq", "at", "actor_kind", "actor_id", "change", "change_json"),
    rank=2,
)


def _several(name: str) -> BindParameter[Any]:
    """A list to look in. The statement is built once: building costs more than a look."""
    return bindparam(name, expanding=True)


_ONE = select(cases).where(cases.c.number == bindparam("number"))
_NUMBERED = select(cases).where(cases.c.number.in_(_several("numbers")))
_BY = case_keys.c.author_ref.label("by")
_SIZES = (1, 4, 16, 64, 256)
"""Keys of one look, at most; what is left over of a size is filled up with the last key."""


@cache
def _keyed(size: int) -> Select[Any]:
    """Each pair asks an index; `IN` with pairs makes SQLite go through all keys there are."""
    of_pairs = (
        and_(
            case_keys.c.conversation_ref == bindparam(f"place_{n}"),
            case_keys.c.author_ref == bindparam(f"by_{n}"),
        )
        for n in range(size)
    )
    return (
        select(case_keys.c.conversation_ref.label("place"), _BY, cases)
        .join(cases, cases.c.number == case_keys.c.case_number)
        .where(or_(*of_pairs))
        .order_by(cases.c.number)
    )


def _filled(names: Sequence[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Values for `_keyed`, of each part of these names."""
    for start in range(0, len(names), _SIZES[-1]):
        part = names[start : start + _SIZES[-1]]
        size = next(size for size in _SIZES if size >= len(part))
        filled = [*part, *[part[-1]] * (size - len(part))]
        yield {
            name: value
            for n, (place, by) in enumerate(filled)
            for name, value in ((f"place_{n}", place), (f"by_{n}", by))
        }


_TOTALS = (
    select(
        cases.c.author_ref,
        func.count().label("cases"),
        func.count().filter(cases.c.status == Status.CLOSED.value).label("closed"),
        func.max(cases.c.number).label("newest"),
    )
    .where(cases.c.author_ref.in_(_several("authors")))
    .group_by(cases.c.author_ref)
)
_TALLIES = (
    select(
        cases.c.author_ref,
        cases.c.channel,
        cases.c.tier,
        cases.c.status,
        func.count().label("cases"),
    )
    .where(cases.c.author_ref.in_(_several("authors")))
    .group_by(cases.c.author_ref, cases.c.channel, cases.c.tier, cases.c.status)
    .order_by(cases.c.author_ref, cases.c.tier, cases.c.channel, cases.c.status)
)
_OF_AUTHORS = (
    select(cases)
    .where(cases.c.author_ref.in_(_several("authors")))
    .order_by(cases.c.number.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("skip"))
)
_OF_KIND = (
    select(case_events)
    .where(case_events.c.change == bindparam("kind"), case_events.c.at >= bindparam("since"))
    .order_by(case_events.c.at, case_events.c.case_number, case_events.c.seq)
)

_LAST, _ENDLESS = 2**31 - 1, 2**62
"""Beyond any event of a case, and any time or number."""


@cache
def _history(kinds: frozenset[type[Change]], *, backwards: bool) -> Select[Any]:
    """Built once: each card and line asks, and building takes twice as long as asking."""
    of_case = case_events.c.case_number == bindparam("number")
    after, upto = case_events.c.seq > bindparam("after"), case_events.c.seq <= bindparam("upto")
    query = select(case_events).where(of_case, after, upto, case_events.c.at <= bindparam("by"))
    if kinds:
        query = query.where(case_events.c.change.in_(sorted(kind.__name__ for kind in kinds)))
        query = query.where(WAS_DONE) if kinds <= DONE else query
    order = case_events.c.seq.desc() if backwards else case_events.c.seq
    return query.order_by(order).limit(bindparam("most"))


class Cases:
    """Implements inbox.ports.Cases."""

    def __init__(
        self, connection: Connection, stage: Stage, *, fresh: Callable[[], int], locking: bool
    ) -> None:
        self._connection = connection
        self._stage = stage
        self._fresh = fresh
        self._locking = locking

    def number(self) -> int:
        return self._fresh()

    def get(self, number: int) -> Case | None:
        found = self._cases(self._locked(_ONE), number=number)
        return found[0] if found else None

    def by_key(self, keys: Collection[Key]) -> Mapping[Key, Case]:
        if not keys:
            return {}
        names = [(codec.ref_name(place), codec.ref_name(author)) for place, author in keys]
        return {
            (codec.ref_of(row.place), codec.ref_of(row.by)): case_of(row)
            for part in _filled(names)
            for row in self._rows(self._locked(_keyed(len(part) // 2)), **part)
        }

    def holder(self, key: Key) -> Case | None:
        place, author = key
        [values] = _filled([(codec.ref_name(place), codec.ref_name(author))])
        return next(iter(self._cases(_keyed(1), **values)), None)

    def contacts(self, authors: Collection[Ref]) -> Mapping[Ref, Contact]:
        if not authors:
            return {}
        totals = self._rows(_TOTALS, authors=[codec.ref_name(author) for author in authors])
        newest = {case.number: case for case in self._numbered([row.newest for row in totals])}
        known = {
            codec.ref_of(row.author_ref): Contact(
                cases=row.cases, closed=row.closed, newest=newest[row.newest]
            )
            for row in totals
        }
        nobody = Contact(cases=0, closed=0, newest=None)
        return {author: known.get(author, nobody) for author in authors}

    def tallies(self, authors: Collection[Ref]) -> Sequence[Tally]:
        rows = self._rows(_TALLIES, authors=[codec.ref_name(author) for author in authors])
        return [
            Tally(
                author=codec.ref_of(row.author_ref),
                channel=row.channel,
                tier=row.tier,
                status=Status(row.status),
                cases=row.cases,
            )
            for row in rows
        ]

    def of_authors(self, authors: Collection[Ref], *, skip: int, limit: int) -> Sequence[Case]:
        names = [codec.ref_name(author) for author in authors]
        return self._cases(_OF_AUTHORS, authors=names, skip=skip, limit=limit)

    def save(self, case: Case) -> None:
        self._stage.put(_CASES, case.number, case_row(case))

    def link(self, key: Key, number: int) -> None:
        place, author = key
        self._stage.put(_KEYS, key, (codec.ref_name(place), codec.ref_name(author), number))

    def append(self, event: CaseEvent) -> None:
        self._stage.add(_EVENTS, _event_row(event))

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
        query = _history(frozenset(kinds), backwards=newest is not None)
        most = oldest if newest is None else newest
        rows = self._rows(
            query,
            number=number,
            after=after,
            upto=_LAST if upto is None else upto,
            by=_ENDLESS if by is None else codec.micros(by),
            most=_ENDLESS if most is None else most,
        )
        return [event_of(row) for row in (rows if newest is None else rows[::-1])]

    def everywhere(self, change: str, since: datetime) -> Iterable[CaseEvent]:
        """Every event of one kind in all histories, oldest first, streamed."""
        rows = self._connection.execute(_OF_KIND, {"kind": change, "since": codec.micros(since)})
        return map(event_of, rows)

    def owned_by(self, user: str) -> Sequence[Case]:
        open_ones = (cases.c.owner == user) & (cases.c.status != CLOSED)
        return self._cases(select(cases).where(open_ones).order_by(cases.c.number))

    def open_outside(self, channels: Collection[str]) -> Sequence[int]:
        elsewhere = (cases.c.status != CLOSED) & cases.c.channel.not_in(channels)
        query = select(cases.c.number).where(elsewhere).order_by(cases.c.number)
        return [row.number for row in self._rows(query)]

    def count_in(self, channel: str, *, since: datetime | None = None) -> int:
        query = select(func.count()).select_from(cases).where(cases.c.channel == channel)
        if since is not None:
            open_or_later = (cases.c.status != CLOSED) | (cases.c.closed_at > codec.micros(since))
            query = query.where(open_or_later)
        return int(self._rows(query)[0][0])

    def asleep_until(self, now: datetime, *, limit: int) -> Sequence[Case]:
        due = cases.c.snoozed_until <= codec.micros(now)
        longest = select(cases).where(due).order_by(cases.c.snoozed_until, cases.c.number)
        return self._cases(longest.limit(limit))

    def _numbered(self, numbers: Collection[int]) -> Sequence[Case]:
        return self._cases(_NUMBERED, numbers=numbers) if numbers else ()

    def _cases(self, query: Select[Any], **values: Any) -> Sequence[Case]:
        return [case_of(row) for row in self._rows(query, **values)]

    def _rows(self, query: Select[Any], **values: Any) -> Sequence[Row[Any]]:
        self._stage.flush()
        return self._connection.execute(query, values).all()

    def _locked(self, query: Select[Any]) -> Select[Any]:
        return query.with_for_update(of=cases) if self._locking else query


def _event_row(event: CaseEvent) -> tuple[Any, ...]:
    name, change = codec.encode_one(event.change)
    actor = event.actor
    at = codec.micros(event.at)
    return (event.case, event.seq, at, actor.kind.value, actor.id, name, change)


def event_of(row: Row[Any]) -> CaseEvent:
    return CaseEvent(
        case=row.case_number,
        seq=row.seq,
        at=codec.moment(row.at),
        actor=Actor(kind=ActorKind(row.actor_kind), id=row.actor_id),
        change=codec.decode_change(row.change, row.change_json),
    )
