"""The calls that a part of the sandbox received, kept for tests to read."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

_KEPT = 50_000


class Journal:
    """The newest 50,000 calls, oldest first; arguments come without tokens."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._calls: deque[dict[str, Any]] = deque(maxlen=_KEPT)

    def record(self, method: str, args: Mapping[str, Any], *, answer_ok: bool) -> None:
        self._calls.append(
            {"at": self._clock(), "method": method, "args": dict(args), "answer_ok": answer_ok}
        )

    def calls(self) -> list[dict[str, Any]]:
        return list(self._calls)

    def clear(self) -> None:
        self._calls.clear()
