"""Fresh case numbers."""

from __future__ import annotations

from collections import deque
from threading import Lock

from sqlalchemy import Connection, func, select

from store.statements import Rows, Stage, overwrite
from store.tables import case_numbers, counters

_COUNTERS = Rows(table=counters, columns=("name", "value"), rank=0, conflict=overwrite)
_NAME = "case"
_LAST = select(counters.c.value).where(counters.c.name == _NAME)
_MOST = 64


class Counted:
    """Numbers without a gap, for one transaction of a database that writes one at a time."""

    def __init__(self, connection: Connection, stage: Stage) -> None:
        self._connection = connection
        self._stage = stage
        self._last: int | None = None

    def fresh(self) -> int:
        if self._last is None:
            self._last = self._connection.execute(_LAST).scalar() or 0
        self._last += 1
        self._stage.put(_COUNTERS, _NAME, (_NAME, self._last))
        return self._last


class Pool:
    """Numbers of a sequence that a transaction drew and did not need, for the next one."""

    def __init__(self) -> None:
        self._numbers: deque[int] = deque()
        self._lock = Lock()

    def take(self) -> int | None:
        with self._lock:
            return self._numbers.popleft() if self._numbers else None

    def give(self, numbers: list[int]) -> None:
        with self._lock:
            self._numbers.extend(numbers)


class Drawn:
    """Numbers of a sequence, drawn in growing handfuls: a round trip each costs too much."""

    def __init__(self, connection: Connection, pool: Pool) -> None:
        self._connection = connection
        self._pool = pool
        self._size = 1

    def fresh(self) -> int:
        number = self._pool.take()
        while number is None:
            each = func.generate_series(1, self._size).alias("each")
            drawn = self._connection.execute(select(case_numbers.next_value()).select_from(each))
            self._pool.give(list(drawn.scalars()))
            self._size = min(self._size * 2, _MOST)
            number = self._pool.take()
        return number
