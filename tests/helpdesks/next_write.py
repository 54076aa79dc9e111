"""A fault for the next of several writes, whichever comes."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.faults import Fault, Faults

_ANY = "any write"


class WriteFaults(Faults):
    """`writes` are the names of the calls that change a ticket."""

    def __init__(self, writes: Iterable[str]) -> None:
        super().__init__()
        self._writes = frozenset(writes)

    def take(self, target: str, method: str) -> Fault | None:
        return super().take(target, _ANY if method in self._writes else method)

    def next_write(self, kind: str, *, retry_after: float) -> None:
        self.add(Fault(target="helpdesk", method=_ANY, kind=kind, retry_after=retry_after))
