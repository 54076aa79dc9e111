"""Which case a ticket belongs to, and news of tickets that came before that was known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from inbox.ports import TicketEvent
from store import codec
from store.statements import Rows, Stage, insert_into, overwrite
from store.tables import cases, early_news, tickets

_TICKETS = Rows(
    table=tickets, columns=("desk", "ticket", "case_number"), rank=2, conflict=overwrite
)


class Tickets:
    """Implements inbox.ports.Tickets."""

    def __init__(self, connection: Connection, stage: Stage) -> None:
        self._connection = connection
        self._stage = stage

    def link(self, desk: str, ticket: str, case: int) -> None:
        self._stage.put(_TICKETS, (desk, ticket), (desk, ticket, case))

    def case_of(self, desk: str, ticket: str) -> int | None:
        self._stage.flush()
        query = select(tickets.c.case_number).where(
            tickets.c.desk == desk, tickets.c.ticket == ticket
        )
        return self._connection.execute(query).scalar()

    def of_case(self, case: int) -> Sequence[tuple[str, str]]:
        self._stage.flush()
        query = (
            select(tickets.c.desk, tickets.c.ticket)
            .where(tickets.c.case_number == case)
            .order_by(tickets.c.desk, tickets.c.ticket)
        )
        return [(row.desk, row.ticket) for row in self._connection.execute(query)]

    def awaiting(self, desk: str) -> Sequence[int]:
        self._stage.flush()
        query = (
            select(cases.c.number)
            .where(cases.c.helpdesk == desk, cases.c.ticket_json.is_(None))
            .order_by(cases.c.number)
        )
        return self._connection.execute(query).scalars().all()

    def keep_early(self, desk: str, event: TicketEvent, *, at: datetime) -> None:
        name, text = codec.encode_one(event)
        values = {"desk": desk, "ticket": event.ticket, "at": codec.micros(at)}
        insert = insert_into(early_news, self._connection.dialect)
        self._connection.execute(insert.values(**values, event=name, event_json=text))

    def take_early(self, desk: str) -> Sequence[TicketEvent]:
        self._stage.flush()
        query = (
            select(early_news)
            .join(
                tickets,
                (tickets.c.desk == early_news.c.desk) & (tickets.c.ticket == early_news.c.ticket),
            )
            .where(early_news.c.desk == desk)
            .order_by(early_news.c.id)
        )
        rows = self._connection.execute(query).all()
        ids = [row.id for row in rows]
        if ids:
            self._connection.execute(delete(early_news).where(early_news.c.id.in_(ids)))
        return [codec.decode_news(row.event, row.event_json) for row in rows]

    def forget_early(self, before: datetime, *, limit: int = 1000) -> int:
        old = select(early_news.c.id).where(early_news.c.at < codec.micros(before)).limit(limit)
        gone = delete(early_news).where(early_news.c.id.in_(old))
        return self._connection.execute(gone).rowcount
