"""Trigger ids: the right to open a window, for three seconds and once."""

from dataclasses import dataclass

from sandbox.slack.errors import SlackError
from sandbox.slack.names import Clock, Names

_SECONDS = 3.0
_KEPT = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """`view` is the window in which the person acted, or None."""

    user: str
    view: str | None
    expires: float


class Triggers:
    """Source: "Modals" of docs.slack.dev; the errors are those of views.open."""

    def __init__(self, names: Names, clock: Clock) -> None:
        self._names = names
        self._clock = clock
        self._issued: dict[str, Trigger] = {}
        self._used: set[str] = set()

    def issue(self, user: str, view: str | None = None) -> str:
        name = f"{self._names.serial()}.{self._names.serial()}.{self._names.new('').lower()}"
        expires = self._clock() + _SECONDS
        self._issued[name] = Trigger(user=user, view=view, expires=expires)
        if len(self._issued) > _KEPT:
            oldest = next(iter(self._issued))
            del self._issued[oldest]
            self._used.discard(oldest)
        return name

    def exchange(self, name: str) -> Trigger:
        trigger = self._issued.get(name)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if name in self._used:
            raise SlackError("exchanged_trigger_id")
        if trigger.expires < self._clock():
            raise SlackError("expired_trigger_id")
        self._used.add(name)
        return trigger
