"""What the operations channel hears once a week: told and remembered in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from inbox.desk import Desk
from inbox.outbox import Alert, NewItem, slack_lane
from inbox.ports import Store, Unit
from store.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """A report by its name; `text` makes it, empty where nothing is worth a look.

    It takes a while: whoever ends meanwhile has told nothing, and begins anew at the next start.
    """

    name: str
    text: Callable[[datetime], str]
    store: Store
    writer: Writer
    desk: Desk

    def turn(self, at: datetime) -> None:
        year, week, _ = at.isocalendar()
        name, channel = f"{self.name}:{year}-{week}", self.desk.operations
        if channel is None or self._is_told(name):
            return
        text = self.text(at)
        alert = NewItem(effect=Alert(channel=channel, text=text), lane=slack_lane(channel))

        def tell(unit: Unit) -> None:
            if unit.memory.first_time(name, at=at) and text:
                unit.outbox.add([alert])

        self.writer.run(tell)

    def _is_told(self, name: str) -> bool:
        with self.store.read() as unit:
            return unit.memory.knows(name)
