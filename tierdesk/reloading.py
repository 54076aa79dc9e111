"""SIGHUP asks for the rules anew; a thread of its own reads them."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from tierdesk.current_rules import Reloading, digest
from tierdesk.presence import Presence

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class ReloadAtSignal:
    """A signal's handler may do next to nothing, and the store waits for its writer.

    The articles are looked at as well, without waiting for their turn; one that breaks that look
    holds up no rules.
    """

    reloading: Reloading
    articles: Callable[[], object]
    presence: Presence
    _asked: threading.Event = field(default_factory=threading.Event, init=False)
    _looks: int = field(default=0, init=False)
    _stopping: bool = field(default=False, init=False)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._work, name="rules", daemon=True)

    def start(self) -> None:
        signal.signal(signal.SIGHUP, self._hear)
        self._thread.start()
        self._say(looked_at="", taken=True)

    def close(self) -> None:
        self._stopping = True
        self._asked.set()
        self._thread.join(timeout=15)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._asked.set()

    def _work(self) -> None:
        while self._asked.wait() and not self._stopping:
            self._asked.clear()
            looked_at, taken = digest(self.reloading.path), self._reload()
            self._look_at_articles()
            self._looks += 1
            self._say(looked_at=looked_at, taken=taken)

    def _look_at_articles(self) -> None:
        try:
            self.articles()
        except Exception as error:  # outer loop: the same; their own turn tells of it
            log.error("the articles could not be read: %s", type(error).__name__)  # noqa: TRY400

    def _reload(self) -> bool:
        try:
            return self.reloading.reload()
        except Exception as error:  # outer loop: the next signal must be heard as well
            self._tell(error)
            return False

    def _tell(self, broken: Exception) -> None:
        try:
            self.reloading.broke(broken)
        except Exception as error:  # the same: what broke may be what it would be told with
            log.error("nobody could be told of it: %s", type(error).__name__)  # noqa: TRY400

    def _say(self, *, looked_at: str, taken: bool) -> None:
        version = self.reloading.current.version
        self.presence.say(version=version, looked_at=looked_at, taken=taken, looks=self._looks)
