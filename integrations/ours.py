"""What we sent ourselves, so that a network that tells of it tells nothing new."""

from __future__ import annotations

from collections import OrderedDict

_REMEMBERED = 5_000


class Ours:
    """The names of what this process sent: no echo of it has to be told."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def add(self, name: str) -> None:
        self._names[name] = None
        if len(self._names) > _REMEMBERED:
            self._names.popitem(last=False)
