"""How often a method may be called (source: "Rate limits" of docs.slack.dev)."""

from math import ceil

from sandbox.slack.errors import RateLimited
from sandbox.slack.names import Clock

_PER_MINUTE = {1: 10.0, 2: 40.0, 3: 100.0, 4: 200.0}  # twice the documented floors

_TIER_2 = frozenset(
    {
        "bookmarks.add",
        "bookmarks.edit",
        "bookmarks.remove",
        "conversations.archive",
        "conversations.create",
        "conversations.list",
        "conversations.rename",
        "conversations.setPurpose",
        "conversations.setTopic",
        "pins.add",
        "pins.list",
        "pins.remove",
        "reactions.remove",
        "usergroups.list",
        "usergroups.users.list",
        "users.list",
    }
)
_TIER_4 = frozenset(
    {
        "api.test",
        "auth.test",
        "apps.connections.open",
        "chat.postEphemeral",
        "conversations.members",
        "files.completeUploadExternal",
        "files.getUploadURLExternal",
        "files.info",
        "users.info",
        "users.profile.get",
        "views.open",
        "views.publish",
        "views.push",
        "views.update",
    }
)
_POST_BURST = 5.0
_POST_PER_SECOND = 1.0


class Limits:
    """Token buckets: one a method, and for chat.postMessage one a channel."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def spend(self, method: str, channel: str) -> None:
        """Takes one call off the allowance, or raises RateLimited."""
        if method == "chat.postMessage":
            self._take((method, channel), _POST_BURST, _POST_PER_SECOND)
            return
        allowance = _PER_MINUTE[tier(method)]
        self._take((method, ""), allowance, allowance / 60)

    def clear(self) -> None:
        self._buckets.clear()

    def _take(self, key: tuple[str, str], size: float, per_second: float) -> None:
        now = self._clock()
        left, since = self._buckets.get(key, (size, now))
        left = min(size, left + (now - since) * per_second)
        if left < 1:
            raise RateLimited(max(1, ceil((1 - left) / per_second)))
        self._buckets[key] = (left - 1, now)


def tier(method: str) -> int:
    if method in _TIER_2:
        return 2
    return 4 if method in _TIER_4 else 3
