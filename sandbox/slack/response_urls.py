"""response_url: five answers to an interaction within half an hour."""

from dataclasses import dataclass
from uuid import uuid4

from sandbox.slack.names import Clock

_SECONDS = 1_800.0
_USES = 5
_KEPT = 5_000


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """`ts` is the message on which the person acted, or None for a command."""

    channel: str
    user: str
    ts: str | None
    ephemeral: bool
    thread_ts: str | None
    expires: float
    uses: int = _USES


class ResponseUrls:
    """Source: "Handling user interaction" of docs.slack.dev."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[str, ResponseUrl] = {}

    def issue(
        self,
        base: str,
        *,
        channel: str,
        user: str,
        ts: str | None = None,
        ephemeral: bool = False,
        thread_ts: str | None = None,
    ) -> str:
        """An address under `base`, the workspace's own."""
        name = uuid4().hex
        self._issued[name] = ResponseUrl(
            channel=channel,
            user=user,
            ts=ts,
            ephemeral=ephemeral,
            thread_ts=thread_ts,
            expires=self._clock() + _SECONDS,
        )
        if len(self._issued) > _KEPT:
            del self._issued[next(iter(self._issued))]
        return f"{base}/response/{name}"

    def spend(self, name: str) -> ResponseUrl | str:
        """The right to answer once, or the error word that Slack gives."""
        found = self._issued.get(name)
        if found is None:
            return "no_such_hook"
        if found.expires < self._clock():
            return "expired_url"
        if found.uses == 0:
            return "used_url"
        found.uses -= 1
        return found

    def clear(self) -> None:
        self._issued.clear()
