"""Cases whose time is over, and deleting them with everything that is only theirs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, select

from inbox.case import Case
from inbox.changes import CaseEvent, TicketWanted
from inbox.message import Ref
from store import codec
from store.case_row import case_of
from store.cases import event_of
from store.statements import Stage
from store.tables import (
    CLOSED,
    HELD,
    LEASED,
    QUEUED,
    cards,
    case_events,
    case_keys,
    cases,
    early_news,
    messages,
    outbox,
    tickets,
)

_UNDONE = (
    select(outbox.c.id)
    .where(outbox.c.case_number == cases.c.number, outbox.c.state.in_((QUEUED, LEASED, HELD)))
    .limit(1)
    .scalar_subquery()
)
"""Asked of each case by its number; from EXISTS, PostgreSQL would go through all deliveries."""

_NUMBERS: BindParameter[Any] = bindparam("numbers", expanding=True)
_OVER = select(cases).where(cases.c.status == CLOSED, _UNDONE.is_(None))
_OLDEST = (
    _OVER.where(cases.c.closed_at < bindparam("before"))
    .order_by(cases.c.closed_at)
    .limit(bindparam("most"))
)
_THESE = _OVER.where(cases.c.number.in_(_NUMBERS)).order_by(cases.c.closed_at)

_SENT = select(messages.c.ref).where(messages.c.case_number.in_(_NUMBERS), messages.c.mine)
_WANTED = select(case_events).where(
    case_events.c.case_number.in_(_NUMBERS), case_events.c.change == TicketWanted.__name__
)
_EARLY = (
    select(early_news.c.id)
    .join(
        tickets,
        (tickets.c.desk == early_news.c.desk) & (tickets.c.ticket == early_news.c.ticket),
    )
    .where(tickets.c.case_number.in_(_NUMBERS))
)
_ITS_OWN = (
    delete(early_news).where(early_news.c.id.in_(_EARLY)),
    *(
        delete(table).where(table.c.case_number.in_(_NUMBERS))
        for table in (outbox, messages, case_events, case_keys, tickets, cards)
    ),
    delete(cases).where(cases.c.number.in_(_NUMBERS)),
)
"""What points to a case before the case."""


class Retention:
    """Implements inbox.ports.Retention."""

    def __init__(self, connection: Connection, stage: Stage, *, locking: bool) -> None:
        self._connection = connection
        self._stage = stage
        self._locking = locking

    def due(self, before: datetime, *, limit: int) -> Sequence[Case]:
        return self._over(_OLDEST, before=codec.micros(before), most=limit)

    def over(self, numbers: Collection[int]) -> Sequence[Case]:
        return self._over(_THESE, numbers=[*numbers])

    def sent(self, numbers: Collection[int]) -> Sequence[Ref]:
        rows = self._connection.execute(_SENT, {"numbers": [*numbers]}).scalars()
        return [codec.ref_of(name) for name in rows]

    def wanted(self, numbers: Collection[int]) -> Sequence[CaseEvent]:
        return [event_of(row) for row in self._connection.execute(_WANTED, {"numbers": [*numbers]})]

    def delete(self, numbers: Collection[int]) -> None:
        self._stage.flush()
        for statement in _ITS_OWN:
            self._connection.execute(statement, {"numbers": [*numbers]})

    def _over(self, query: Select[tuple[object, ...]], **values: object) -> Sequence[Case]:
        self._stage.flush()
        if not self._locking:
            return [case_of(row) for row in self._connection.execute(query, values)]
        locked = query.with_for_update(of=cases, skip_locked=True)
        held = [row.number for row in self._connection.execute(locked, values)]
        # Asked once more: what was queued before we had the lock is seen only now.
        return [case_of(row) for row in self._connection.execute(_THESE, {"numbers": held})]
