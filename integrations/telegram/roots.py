"""The first message of each thread, on networks that name only the message that is answered."""

from __future__ import annotations

from collections import OrderedDict

_REMEMBERED = 20_000


class Roots:
    """Of what was seen since the start."""

    def __init__(self) -> None:
        self._roots: OrderedDict[str, str] = OrderedDict()

    def of(self, message: str) -> str:
        """The first message of its thread; itself where nothing above it was seen."""
        return self._roots.get(message, message)

    def saw(self, message: str, above: str) -> None:
        """`message` answers `above`."""
        self._roots[message] = self.of(above)
        if len(self._roots) > _REMEMBERED:
            self._roots.popitem(last=False)
