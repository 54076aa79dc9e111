"""What the bar on top of the page and the tests may do: break something, limit, read back."""

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol

from sandbox.faults import Fault, Faults
from sandbox.feed import Feed
from sandbox.journal import Journal

Json = dict[str, Any]


class Part(Protocol):
    """One side of the sandbox: the Slack workspace or the network."""

    rate_limit: bool

    @property
    def journal(self) -> Journal: ...

    def reset(self) -> None: ...

    def dump(self) -> Any: ...


class Refused(Exception):
    """A request that makes no sense; its text is for the one who asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """The process of the product, known by the file that its supervisor writes."""

    pid_file: Path | None = None

    def pid(self) -> int | None:
        """Its process id while it lives."""
        try:
            pid = int(self.pid_file.read_text("ascii")) if self.pid_file else 0
            if pid > 1:
                os.kill(pid, 0)
                return pid
        except (FileNotFoundError, ProcessLookupError, PermissionError, ValueError):
            return None
        return None

    def kill(self) -> bool:
        """End it at once, as a crash would; whether there was something to end."""
        pid = self.pid()
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The levers of the sandbox."""

    feed: Feed
    faults: Faults
    parts: Mapping[str, Part]
    product: Product = field(default_factory=Product)

    def state(self) -> Json:
        return {
            "faults": [asdict(fault) for fault in self.faults.waiting()],
            "rate_limit": all(part.rate_limit for part in self.parts.values()),
            "product": {"pid": self.product.pid()},
        }

    def act(self, given: Json) -> Json:
        """Pull one lever; the answer is the new state."""
        levers: dict[object, Callable[[Json], None]] = {
            "fault": self._add_fault,
            "clear": self._clear,
            "rate-limit": self._limit,
            "kill-product": self._kill,
        }
        lever = levers.get(given.get("action"))
        if lever is None:
            raise Refused(f"action must be one of {', '.join(map(str, levers))}")
        lever(given)
        self.feed.publish("control", str(given["action"]))
        return {"ok": True, **self.state()}

    def reset(self) -> None:
        """No faults, rate limits on, both sides back at their seed."""
        self.faults.clear()
        for part in self.parts.values():
            part.rate_limit = True
            part.reset()
        self.feed.publish("control", "reset")

    def calls(self, target: str) -> list[Json]:
        part = self.parts.get(target)
        if part is None:
            raise Refused(f"target must be one of {', '.join(self.parts)}")
        return part.journal.calls()

    def dump(self) -> Json:
        return {name: part.dump() for name, part in self.parts.items()}

    def _add_fault(self, given: Json) -> None:
        self.faults.add(fault_from(given.get("fault")))

    def _clear(self, given: Json) -> None:
        self.faults.clear(given.get("target"))

    def _limit(self, given: Json) -> None:
        on = given.get("on")
        if not isinstance(on, bool):
            raise Refused("on must be true or false")
        for part in self.parts.values():
            part.rate_limit = on

    def _kill(self, _given: Json) -> None:
        if not self.product.kill():
            raise Refused("no product is running that this sandbox knows of")


def fault_from(given: object) -> Fault:
    """A fault from its JSON form, every field but target and kind with a default."""
    if not isinstance(given, dict):
        raise Refused("fault must be an object")
    known = {f.name for f in fields(Fault)}
    if unknown := sorted(set(given) - known):
        raise Refused(f"a fault has no field {unknown[0]!r}; it has {', '.join(sorted(known))}")
    try:
        return Fault(**given)
    except (TypeError, ValueError) as error:
        raise Refused(str(error)) from error
