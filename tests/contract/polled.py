"""What the worlds of networks that are polled have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import ExitStack
from dataclasses import dataclass, field

from inbox.message import Event
from inbox.ports import Connection
from sandbox.faults import Fault, Faults
from tests.contract.worlds import NOBODY


@dataclass(kw_only=True)
class Polled(ABC):
    """`sends` are the methods of `target` that an answer is sent with, as its server names them.

    What came before the world began does not arrive.
    """

    base_url: str
    opened: ExitStack
    faults: Faults
    secret: str
    cursor: str | None = None
    connection: Connection = field(init=False)
    tells = frozenset({"edits", "deletions"})
    target = "network"
    sends: tuple[str, ...] = ("send",)

    def __post_init__(self) -> None:
        self.connection = self.with_secret(self.secret)
        self.polled()

    @abstractmethod
    def connect(self, base_url: str, secret: str) -> Connection:
        """The account of the brand, opened."""

    def with_secret(self, secret: str) -> Connection:
        return self._closing(self.connect(self.base_url, secret))

    def unreachable(self) -> Connection:
        return self._closing(self.connect(NOBODY, self.secret))

    def arrivals(self) -> list[Event]:
        return self.polled()

    def polled(self) -> list[Event]:
        assert self.connection.poller
        events: list[Event] = []
        more = True
        while more:
            page = self.connection.poller.poll(self.cursor)
            self.cursor, more = page.cursor, page.more
            events += page.events
        return events

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        for method in self.sends:
            fault = Fault(target=self.target, method=method, kind=kind, retry_after=retry_after)
            self.faults.add(fault)

    def _closing(self, connection: Connection) -> Connection:
        self.opened.callback(connection.close)
        return connection
