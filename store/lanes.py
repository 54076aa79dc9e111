"""Which items may be leased now: the heads of lanes where nothing is under way.

There are few lanes and maybe many items, so the lanes are found by hopping from one to the next
over the index of what is undone, never by reading all that waits.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Text,
    bindparam,
    func,
    literal_column,
    select,
    update,
)

from inbox.outbox import State
from store.statements import Now
from store.tables import LEASED, QUEUED, outbox

_OTHERS = [literal_column(f"'{state}'", Text()) for state in State if state is not State.QUEUED]
"""Said the long way round, PostgreSQL does not take it for a question to the index of the undone:
after a burst it would read all that waits, as its statistics still say that this is little."""


def _undone(items: FromClause) -> ColumnElement[bool]:
    return items.c.state.in_((QUEUED, LEASED))


def _heads() -> Select[tuple[int]]:
    first = outbox.alias("first")
    lanes = select(func.min(first.c.lane).label("lane")).where(_undone(first))
    hops = lanes.cte("lanes", recursive=True)
    after = outbox.alias("after")
    beyond = select(func.min(after.c.lane)).where(_undone(after), after.c.lane > hops.c.lane)
    hops = hops.union_all(select(beyond.scalar_subquery()).where(hops.c.lane.is_not(None)))
    oldest = outbox.alias("oldest")
    head = select(func.min(oldest.c.id)).where(_undone(oldest), oldest.c.lane == hops.c.lane)
    return select(head.scalar_subquery().label("id")).where(hops.c.lane.is_not(None))


def _due() -> Select[tuple[int]]:
    heads = _heads().cte("heads")
    item, busy = outbox.alias("item"), outbox.alias("busy")
    under_way = select(busy.c.id).where(busy.c.lane == item.c.lane, busy.c.state == LEASED)
    return (
        select(item.c.id)
        .join(heads, heads.c.id == item.c.id)
        .where(item.c.state.not_in(_OTHERS), item.c.not_before <= Now(), ~under_way.exists())
        .order_by(item.c.id)
        .limit(bindparam("most"))
        .with_for_update(of=item, skip_locked=True)
    )


LEASE = (
    update(outbox)
    .where(outbox.c.id.in_(select(_due().cte("due").c.id)))
    .values(
        state=LEASED,
        worker=bindparam("by", type_=Text()),
        lease_until=Now() + bindparam("length", type_=BigInteger()),
        attempts=outbox.c.attempts + 1,
        first_tried=func.coalesce(outbox.c.first_tried, Now()),
    )
    .returning(outbox)
)
"""Lease up to `most` items to the worker `by` for `length` microseconds."""
