"""Whether clicks arrive: without a connection cards are still shown, and their buttons are dead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox import troubles
from inbox.desk import Desk
from tierdesk.dispatcher import Transactions

PATIENCE = timedelta(minutes=2)
"""Slack renews each connection several times a day, and has short troubles."""

WHERE = "Slack's Socket Mode"
DEAD = (
    "Nothing that people press or type in Slack arrives: for 2 minutes there has been no connection"
    " by Socket Mode. It is tried on. If Slack itself is well, look at api.slack.com/apps whether"
    " Socket Mode is on, and whether the token in SLACK_APP_TOKEN is still there, with"
    " connections:write."
)


@dataclass(slots=True, kw_only=True)
class ClickWatch:
    """Tells the operator when clicks do not arrive, once, and once when they do again."""

    writer: Transactions
    desk: Desk
    now: Callable[[], datetime]
    _down_since: datetime | None = None
    _was_well: bool = False

    def look(self, *, connected: bool) -> None:
        if connected:
            self._well()
        else:
            self._down()

    def _well(self) -> None:
        if not self._was_well:
            self.writer.run(lambda unit: troubles.well_again(unit, self.desk, WHERE))
        self._was_well, self._down_since = True, None

    def _down(self) -> None:
        at = self.now()
        self._was_well, self._down_since = False, self._down_since or at
        if at - self._down_since >= PATIENCE:
            self.writer.run(lambda unit: troubles.tell_once(unit, self.desk, WHERE, DEAD, at=at))
