"""Where cases are shown in Slack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select

from inbox.ports import Card
from store.statements import Rows, Stage, overwrite
from store.tables import cards

_CARDS = Rows(table=cards, columns=("case_number", "channel", "ts"), rank=5, conflict=overwrite)
_OF_CASE = select(cards).where(cards.c.case_number == bindparam("case")).order_by(cards.c.channel)


class Cards:
    """Implements inbox.ports.Cards."""

    def __init__(self, connection: Connection, stage: Stage) -> None:
        self._connection = connection
        self._stage = stage

    def get(self, case: int, channel: str) -> Card | None:
        return self._one(cards.c.case_number == case, cards.c.channel == channel)

    def at(self, channel: str, ts: str) -> Card | None:
        return self._one(cards.c.channel == channel, cards.c.ts == ts)

    def any(self) -> bool:
        self._stage.flush()
        return self._connection.execute(select(cards.c.ts).limit(1)).first() is not None

    def of_case(self, case: int) -> Sequence[Card]:
        return self._read(_OF_CASE, case=case)

    def save(self, card: Card) -> None:
        self._stage.put(_CARDS, (card.case, card.channel), (card.case, card.channel, card.ts))

    def _one(self, *conditions: ColumnElement[bool]) -> Card | None:
        return next(iter(self._all(*conditions)), None)

    def _all(self, *conditions: ColumnElement[bool]) -> Sequence[Card]:
        return self._read(select(cards).where(*conditions).order_by(cards.c.channel))

    def _read(self, query: Select[Any], **values: Any) -> Sequence[Card]:
        self._stage.flush()
        return [
            Card(case=row.case_number, channel=row.channel, ts=row.ts)
            for row in self._connection.execute(query, values)
        ]
