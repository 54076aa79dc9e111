"""One thread that writes: what waits together is committed together."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence, Set
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection

from store.blame import is_undone
from store.database import Database
from store.savepoint import TransactionLost, savepoint
from store.unit import Busy, Unit

T = TypeVar("T")
X = TypeVar("X")
R = TypeVar("R")

_log = logging.getLogger(__name__)

_MOST = 256
"""Waiting jobs that share one commit."""

_TRIES = 5
"""Of a transaction that others undo."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Waiting:
    handler: Callable[[Unit, Sequence[Any]], Sequence[Any]]
    item: Any
    future: Future[Any]


_Call = Sequence[_Waiting]
"""Of one handler."""

_Done = tuple[Future[Any], Any, Exception | None]


class Writer:
    """Writes in one thread, in groups of what waits; a job that fails fails alone.

    A future is done only after the commit; where the commit fails, every future of it fails, but
    for what another machine's transaction undid: that is done again, each call by itself.
    Closing it does first what was submitted before.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._lock = Lock()
        self._closed = False
        self._callbacks: list[Callable[[Set[str]], object]] = []
        self._thread = Thread(target=self._work, name="writer")
        self._thread.start()

    def submit(self, job: Callable[[Unit], T]) -> Future[T]:
        """Raises RuntimeError once the writer is closed."""
        return self.submit_batch(lambda unit, _: (job(unit),), None)

    def run(self, job: Callable[[Unit], T]) -> T:
        """Submit and wait for the commit. Raises what the job raised."""
        if current_thread() is self._thread:
            raise RuntimeError("a job of the writer cannot wait for the writer")
        return self.submit(job).result()

    def submit_batch(
        self, handler: Callable[[Unit, Sequence[X]], Sequence[R]], item: X
    ) -> Future[R]:
        """Items that wait for the same handler are given to it in one call, in their order.

        It returns one result for each. If it raises, it is called again for each item alone, and
        whatever the database undid is done again, so it must have no effect but what it does
        through the unit.
        """
        future: Future[R] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the writer is closed")
            self._queue.put(_Waiting(handler=handler, item=item, future=future))
        return future

    def after_commit(self, callback: Callable[[Set[str]], object]) -> None:
        """Call this in the writer's thread after each commit that queued anything: its lanes."""
        self._callbacks.append(callback)

    def close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            self._commit(list(_not_cancelled([first, *self._also_waiting()])))

    def _also_waiting(self) -> Iterable[_Waiting]:
        for _ in range(_MOST - 1):
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                return
            if waiting is None:
                self._queue.put(None)
                return
            yield waiting

    def _commit(self, group: Sequence[_Waiting]) -> None:
        shares = deque([_Share(calls=[*_calls(group)])])
        while shares:
            shares.extendleft(reversed([*self._commit_share(shares.popleft())]))

    def _commit_share(self, share: _Share) -> Iterable[_Share]:
        """Commit one transaction; returns what is left to be done, in its order."""
        transaction = _Transaction(self._database)
        try:
            with self._database.writing() as connection:
                left = transaction.work(connection, share.calls)
        except Exception as failure:
            if again := share.again(failure):
                return again
            _tell(share.failed(failure))
            return ()
        _tell(transaction.done)
        if transaction.added:
            self._call_back(transaction.added)
        return [_Share(calls=left)] if left else ()

    def _call_back(self, lanes: Set[str]) -> None:
        for callback in self._callbacks:
            try:
                callback(lanes)
            except Exception:
                _log.exception("What follows a commit failed; the commit stands.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """Calls that share a transaction, and how often it may be tried."""

    calls: Sequence[_Call]
    tries: int = _TRIES

    def again(self, failure: Exception) -> Sequence[_Share]:
        """Each call by itself where another machine's transaction undid them all.

        Alone a call locks little; together they lock in an order that nobody planned.
        """
        if not is_undone(failure) or self.tries == 1:
            return ()
        return [_Share(calls=[call], tries=self.tries - 1) for call in self.calls]

    def failed(self, failure: Exception) -> Sequence[_Done]:
        return [(one.future, None, failure) for call in self.calls for one in call]


class _Transaction:
    """`done` and the lanes of `added` hold once it is committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.added: set[str] = set()
        self.done: list[_Done] = []

    def work(self, connection: Connection, calls: Sequence[_Call]) -> Sequence[_Call]:
        """Returns the calls from the first one on that would wait for another machine's lock.

        Raises TransactionLost or another error where none of them is kept.
        """
        left = deque(calls)
        while left:
            call = left.popleft()
            try:
                self._do(connection, call)
            except Busy:
                return [call, *left]
            except TransactionLost:
                raise
            except Exception as error:
                if is_undone(error):
                    raise
                left.extendleft(reversed(self._failed(call, error)))
        return ()

    def _failed(self, call: _Call, error: Exception) -> Sequence[_Call]:
        """Its items one by one; one that fails alone has failed."""
        if len(call) == 1:
            self.done.append((call[0].future, None, error))
            return ()
        return [[one] for one in call]

    def _do(self, connection: Connection, call: _Call) -> None:
        with savepoint(connection):
            results = self._call(connection, call)
        self.done += [(one.future, result, None) for one, result in zip(call, results, strict=True)]

    def _call(self, connection: Connection, call: _Call) -> Sequence[Any]:
        with self._database.job(connection, waits=not self.done) as unit:
            results = call[0].handler(unit, [one.item for one in call])
            if len(results) != len(call):
                raise TypeError(f"{len(call)} items gave {len(results)} results")
        self.added |= unit.outbox.added
        return results


def _not_cancelled(group: Iterable[_Waiting]) -> Iterable[_Waiting]:
    return (one for one in group if one.future.set_running_or_notify_cancel())


def _calls(group: Iterable[_Waiting]) -> Iterable[_Call]:
    calls: dict[Any, list[_Waiting]] = {}
    for waiting in group:
        calls.setdefault(waiting.handler, []).append(waiting)
    return calls.values()


def _tell(done: Iterable[_Done]) -> None:
    for future, result, error in done:
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
