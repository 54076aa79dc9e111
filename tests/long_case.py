"""A case that is told step by step, however long, and what is read of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from inbox.case import Actor, ActorKind, Afterwards
from inbox.changes import Answered, CaseEvent, Change, Received, Routed
from inbox.evolve import evolve
from inbox.message import Message, Ref, Visibility
from inbox.ports import Stored, Unit
from tests.builders import CUSTOMER, NOW, a_case, a_decision, a_message, a_ref, a_stored

MANY = 1_500
PUBLIC, PRIVATE = Visibility.PUBLIC, Visibility.PRIVATE
AGENT = Actor(kind=ActorKind.AGENT, id="U1")
RULE = Actor(kind=ActorKind.RULE, id="rule")


class Long:
    """One case, told step by step; `write` makes a message of the customer with its decision."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.case = a_case(conversation=a_ref("1"))
        self.unit.cases.save(self.case)
        self.written = 0

    def do(self, change: Change, actor: Actor = AGENT) -> int:
        at = NOW + timedelta(minutes=self.case.version)
        self.case = evolve(self.case, change, at=at)
        event = CaseEvent(case=1, seq=self.case.version, at=at, actor=actor, change=change)
        self.unit.cases.append(event)
        self.unit.cases.save(self.case)
        return self.case.version

    def write(self, text: str = "again", tier: int = 1, seen: Visibility = PUBLIC) -> Ref:
        self.written += 1
        message = self._message(f"m{self.written:05}", text, seen)
        decision = a_decision(f"rule of tier {tier}", tier=tier)
        self.unit.messages.add([a_stored(message, case=1, decision=decision)])
        self.do(Received(message=message.ref, visibility=seen), CUSTOMER)
        self.do(Routed(message=message.ref, decision=decision, channel="care"), RULE)
        return message.ref

    def write_many(self, **how: Any) -> None:
        for _ in range(MANY):
            self.write(**how)

    def answer(self, key: str, seen: Visibility = PUBLIC, to: Ref | None = None) -> None:
        message = replace(self._message(key, "Our answer", seen), in_reply_to=to)
        self.unit.messages.add(
            [Stored(message=message, findings=a_stored().findings, case=1, mine=True)]
        )
        self.do(
            Answered(
                key=key,
                message=message.ref,
                url=None,
                text=message.text,
                spans=(),
                visibility=seen,
                afterwards=Afterwards.WAIT,
                automatic=False,
            )
        )

    def _message(self, name: str, text: str, seen: Visibility) -> Message:
        at = NOW + timedelta(minutes=self.case.version)
        return a_message(name, conversation=a_ref("1"), text=text, created_at=at, visibility=seen)


Asked = list[tuple[str, Any]]


def asked_by(work: Callable[[], object]) -> Asked:
    """What some work asks of messages and histories."""
    asked: Asked = []

    def note(_c: object, _u: object, statement: str, values: Any, *_: object) -> None:
        if any(f"FROM {table}" in statement for table in ("messages", "case_events")):
            asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return asked


def rows_of(connection: Connection, asked: Asked) -> int:
    """How many rows the answers have."""
    return sum(len(connection.exec_driver_sql(each, values).all()) for each, values in asked)
