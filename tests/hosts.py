"""What an integration is given, kept in memory: time, a meter, a place to keep things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from inbox.ports import Host


@dataclass
class FakeMeter:
    calls: list[tuple[str, int, date]] = field(default_factory=list)

    def spend(self, what: str, cost: int, *, on: date) -> None:
        self.calls.append((what, cost, on))

    def spent(self, since: date) -> int:
        return sum(cost for _, cost, on in self.calls if on >= since)


@dataclass
class FakeKeep:
    values: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        return self.values.get(name)

    def set(self, name: str, value: str) -> None:
        self.values[name] = value


def a_host(clock: Callable[[], datetime]) -> Host:
    return Host(clock=clock, meter=FakeMeter(), keep=FakeKeep())
