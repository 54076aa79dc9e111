"""When each account last did its work: noted at once, written down now and then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from msgspec.structs import replace

from inbox.channels import Beat, beat_of, keep_beat
from inbox.errors import IntegrationError
from inbox.message import Account
from inbox.ports import Unit
from store.writer import Writer


@dataclass(slots=True)
class Pulse:
    """Safe to use from many threads; noting never waits for the disk."""

    writer: Writer
    now: Callable[[], datetime]
    _beats: dict[Account, Beat] = field(default_factory=dict)
    _changed: set[Account] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def well(self, account: Account) -> None:
        self._note(account, Beat(at=self.now()))

    def failed(self, account: Account, error: IntegrationError) -> None:
        with self._lock:
            before = self._beats.get(account, Beat())
        self._note(account, replace(before, trouble=str(error)))

    def _note(self, account: Account, beat: Beat) -> None:
        with self._lock:
            self._beats[account] = beat
            self._changed.add(account)

    def keep(self) -> None:
        """Write down what is new since the last call."""
        with self._lock:
            changed = {account: self._beats[account] for account in self._changed}
            self._changed.clear()
        if changed:
            self.writer.run(lambda unit: _keep(unit, changed))


def _keep(unit: Unit, beats: dict[Account, Beat]) -> None:
    for account, beat in beats.items():
        at = beat.at or beat_of(unit, account).at  # a trouble since the start forgets no success
        keep_beat(unit, account, replace(beat, at=at))
