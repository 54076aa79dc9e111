"""Which comments are known to be held back: YouTube gives them to nobody who asks by id."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

from inbox.ports import Keep

_NAME = "hidden"
_MOST = 300
_REMEMBERED = 5_000


class Held:
    """Those that we hid, which outlive a restart, and those that polls saw held."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, comment: object) -> bool:
        return comment in self._seen or comment in self._hidden()

    def saw(self, comments: Iterable[str]) -> None:
        """What is still held is told anew by every poll, and so is remembered longest."""
        with self._lock:
            for comment in comments:
                self._seen[comment] = None
                self._seen.move_to_end(comment)
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)

    def hid(self, comment: str) -> None:
        with self._lock:
            hidden = [one for one in self._hidden() if one != comment]
            self._keep.set(_NAME, json.dumps([*hidden, comment][-_MOST:]))

    def showed(self, comment: str) -> None:
        with self._lock:
            self._seen.pop(comment, None)
            hidden = [one for one in self._hidden() if one != comment]
            self._keep.set(_NAME, json.dumps(hidden))

    def _hidden(self) -> list[str]:
        return list(json.loads(self._keep.get(_NAME) or "[]"))
