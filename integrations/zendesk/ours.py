"""Which tickets are ours: those that we made, and those that ours were merged into."""

from __future__ import annotations

from inbox.ports import Keep
from integrations.zendesk.convert import OURS

_ADOPTED = "adopted"
_MOST = 1_000


class Ours:
    """Asks nobody; what was adopted survives a restart."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._adopted: tuple[str, ...] | None = None

    def has(self, ticket: int, external_id: str | None) -> bool:
        return (external_id or "").startswith(OURS) or str(ticket) in self._known()

    def adopt(self, ticket: str) -> None:
        """The newest 1,000 are remembered."""
        known = self._known()
        if ticket not in known:
            self._adopted = (*known, ticket)[-_MOST:]
            self._keep.set(_ADOPTED, ",".join(self._adopted))

    def _known(self) -> tuple[str, ...]:
        if self._adopted is None:
            self._adopted = tuple(filter(None, (self._keep.get(_ADOPTED) or "").split(",")))
        return self._adopted
