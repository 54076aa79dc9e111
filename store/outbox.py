"""The outbox: intended effects, leased to workers one at a time for each lane."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Row,
    Text,
    Update,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from inbox.outbox import SLACK, Item, NewItem, State
from store import codec
from store.lanes import LEASE
from store.savepoint import savepoint
from store.statements import Now, Rows, Stage, ignore
from store.tables import DELIVERED, DROPPED, FAILED, HELD, LEASED, QUEUED, outbox

_Condition = Callable[[FromClause], ColumnElement[bool]]


_IS_UNDONE = outbox.c.state.in_((QUEUED, LEASED))
_IS_OVER = outbox.c.state.in_((DELIVERED, DROPPED, FAILED))
"""Each as an index of its own says it; most of all items are over."""

_OVERS = {State.DELIVERED: DELIVERED, State.DROPPED: DROPPED, State.FAILED: FAILED}
_NEWEST_OVER = select(outbox).where(_IS_OVER).order_by(outbox.c.settled_at.desc())
_OLDEST = select(outbox).order_by(outbox.c.id + 0)
"""Not by the id itself: SQLite would rather go through the whole table in its order."""

_IN_STATE = {
    State.QUEUED: _OLDEST.where(_IS_UNDONE, outbox.c.state == QUEUED),
    State.LEASED: _OLDEST.where(outbox.c.state == LEASED),
    State.HELD: _OLDEST.where(outbox.c.state == HELD),
    **{state: _NEWEST_OVER.where(outbox.c.state == name) for state, name in _OVERS.items()},
}
_COUNTS = (
    select(func.count()).select_from(outbox).where(_IS_UNDONE),
    select(func.count()).select_from(outbox).where(outbox.c.state == LEASED),
    select(func.count()).select_from(outbox).where(outbox.c.state == HELD),
    select(*(func.count().filter(outbox.c.state == name) for name in _OVERS.values())).where(
        _IS_OVER
    ),
)


class Outbox:
    """Implements inbox.ports.Outbox. `added` are the lanes for which this unit queued anything."""

    def __init__(self, connection: Connection, stage: Stage) -> None:
        self._connection = connection
        self._stage = stage
        self.added: set[str] = set()

    def add(self, items: Iterable[NewItem]) -> None:
        for item in items:
            self._stage.add(_ITEMS, _row(item))
            self.added.add(item.lane)

    def lease(self, worker: str, *, limit: int, lease_for: timedelta) -> Sequence[Item]:
        """Two machines that see one lane differently cannot both have it: an index forbids it.

        The second then gets nothing this time.
        """
        self._stage.flush()
        values = {"by": worker, "most": limit, "length": codec.duration(lease_for)}
        try:
            with savepoint(self._connection):
                rows = self._connection.execute(LEASE, values).all()
        except IntegrityError:
            return ()
        return sorted(map(_item, rows), key=lambda item: item.id)

    def renew(self, items: Collection[int], worker: str, *, lease_for: timedelta) -> None:
        self._stage.flush()
        under_way = and_(outbox.c.id.in_(items), outbox.c.state == LEASED)
        until = Now() + codec.duration(lease_for)
        ours = update(outbox).where(under_way, outbox.c.worker == worker)
        self._connection.execute(ours.values(lease_until=until))

    def undone(self, lane: str, *, limit: int) -> Sequence[Item]:
        return self._items(_IS_UNDONE & (outbox.c.lane == lane), limit=limit)

    def get(self, id: int) -> Item | None:  # noqa: A002 - the port's own name
        found = self._items(outbox.c.id == id, limit=1)
        return found[0] if found else None

    def settle(
        self,
        id: int,  # noqa: A002 - the port's own name
        state: State,
        *,
        reason: str | None = None,
        after: timedelta | None = None,
        maybe_done: bool = False,
        attempt: int | None = None,
    ) -> bool:
        self._stage.flush()
        which = {"item": id, "attempt": attempt}
        if state is State.QUEUED:
            self._connection.execute(_REPEATS_OF_OURS, which)
        change = {
            "to": state.value,
            "why": reason,
            "doubt": maybe_done,
            "later": codec.duration(after or timedelta()),
        }
        settled = _BACK if state is State.QUEUED else _OVER
        return self._connection.execute(settled, which | change).rowcount == 1

    def take_back(self, worker: str, *, rest: timedelta = timedelta()) -> int:
        self._stage.flush()
        which = {"gone": worker}
        self._connection.execute(_REPEATS_OF_LOST, which)
        rests = which | {"later": codec.duration(rest)}
        return self._connection.execute(_TAKEN_BACK, rests).rowcount

    def in_state(self, state: State, *, limit: int = 100) -> Sequence[Item]:
        self._stage.flush()
        query = _IN_STATE[state].limit(limit)
        return sorted(map(_item, self._connection.execute(query)), key=lambda item: item.id)

    def count(self) -> Mapping[State, int]:
        self._stage.flush()
        undone, leased, held, *over = (
            number for query in _COUNTS for number in self._connection.execute(query).one()
        )
        waiting = {State.QUEUED: undone - leased, State.LEASED: leased, State.HELD: held}
        return waiting | dict(zip(_OVERS, over, strict=True))

    def prune(self, before: datetime, *, limit: int = 1000) -> int:
        """Delete what was over before this time; at most `limit`, how many."""
        over = (
            select(outbox.c.id)
            .where(_IS_OVER)
            .where(outbox.c.settled_at < codec.micros(before))
            .order_by(outbox.c.settled_at)
            .limit(limit)
        )
        return self._connection.execute(delete(outbox).where(outbox.c.id.in_(over))).rowcount

    def _items(self, condition: ColumnElement[bool], *, limit: int) -> Sequence[Item]:
        self._stage.flush()
        query = select(outbox).where(condition).order_by(outbox.c.id).limit(limit)
        return [_item(row) for row in self._connection.execute(query)]


def _ours(items: FromClause) -> ColumnElement[bool]:
    """The item to settle, under way or held; in one attempt only, where one is named."""
    attempt = func.coalesce(bindparam("attempt", type_=Integer()), items.c.attempts)
    return and_(
        items.c.id == bindparam("item"),
        items.c.attempts == attempt,
        items.c.state.in_((LEASED, HELD)),
    )


def _lost(items: FromClause) -> ColumnElement[bool]:
    gone = or_(items.c.worker == bindparam("gone"), items.c.lease_until <= Now())
    return and_(items.c.state == LEASED, gone)


def _drop_repeats(which: _Condition) -> Update:
    """What comes back into the queue shows the same as its like that was queued meanwhile."""
    back, waiting = outbox.alias("back"), outbox.alias("waiting")
    same = and_(back.c.lane == waiting.c.lane, back.c.coalesce == waiting.c.coalesce)
    queued = and_(waiting.c.state == QUEUED, waiting.c.coalesce.is_not(None))
    # By its key from what comes back, else SQLite goes through all that is queued.
    repeats = select(waiting.c.id).join(back, same).where(which(back), queued)
    return (
        update(outbox)
        .where(outbox.c.state == QUEUED, outbox.c.id.in_(repeats))
        .values(state=DROPPED, settled_at=Now(), reason="an older one shows the same")
    )


def _leave(which: _Condition) -> Update:
    return update(outbox).where(which(outbox)).values(worker=None, lease_until=None)


def _settle() -> Update:
    # Only a person's word on a held item takes a doubt away; another attempt does not.
    kept = and_(outbox.c.state == LEASED, outbox.c.maybe_done)
    doubt = case((kept, literal(value=True)), else_=bindparam("doubt", type_=Boolean()))
    return _leave(_ours).values(
        state=bindparam("to", type_=Text()),
        reason=bindparam("why", type_=Text()),
        maybe_done=doubt,
        not_before=Now() + bindparam("later", type_=BigInteger()),
    )


# Built once: building one costs more than carrying it out, and leaves much to collect.
_REPEATS_OF_OURS, _REPEATS_OF_LOST = _drop_repeats(_ours), _drop_repeats(_lost)
_BACK, _OVER = _settle().values(settled_at=None), _settle().values(settled_at=Now())
_RESTED = Now() + case(
    (outbox.c.lane.startswith(SLACK), 0), else_=bindparam("later", type_=BigInteger())
)
_TAKEN_BACK = _leave(_lost).values(state=QUEUED, maybe_done=True, not_before=_RESTED)


def _hold_waiting(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Lock the items that wait in place of ours, so that no other machine leases them too early.

    One that is delivered before we commit would show a case as it was before our change, and
    nothing would show ours. SQLite has one writing transaction at a time.
    """
    if connection.dialect.name == "sqlite":
        return
    pair = (outbox.c.lane, outbox.c.coalesce)
    missing = {(row[2], row[1]): row for row in rows if row[0] is None and row[1] is not None}
    while missing:
        waiting = and_(outbox.c.state == QUEUED, tuple_(*pair).in_(list(missing)))
        locked = select(*pair).where(waiting).order_by(outbox.c.id).with_for_update()
        for lane, coalesce in connection.execute(locked).all():
            del missing[lane, coalesce]
        if missing:
            _ITEMS.insert(connection, list(missing.values()))


_ITEMS = Rows(
    table=outbox,
    columns=("key", "coalesce", "lane", "effect", "effect_json", "not_before", "case_number"),
    rank=4,
    fixed={"state": QUEUED, "attempts": text("0"), "maybe_done": false(), "created_at": Now()},
    conflict=ignore,
    after=_hold_waiting,
)


def _row(item: NewItem) -> tuple[Any, ...]:
    not_before = 0 if item.not_before is None else codec.micros(item.not_before)
    effect = codec.encode_one(item.effect)
    return (item.key, item.coalesce, item.lane, *effect, not_before, item.effect.case)


def _item(row: Row[Any]) -> Item:
    return Item(
        id=row.id,
        key=row.key if row.key is not None else f"item-{row.id}",
        lane=row.lane,
        effect=codec.decode_effect(row.effect, row.effect_json),
        attempts=row.attempts,
        maybe_done=row.maybe_done,
        created_at=codec.moment(row.created_at),
        first_tried=None if row.first_tried is None else codec.moment(row.first_tried),
        state=State(row.state),
        reason=row.reason,
    )
