"""Tokens that end after 60 days and are renewed before that, by Instagram and Threads alike.

The newest one is kept in the database, since the settings hold the first (Instagram Platform:
"Refresh Access Token"; Threads: "Long-Lived Tokens").
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from inbox.errors import IntegrationError
from inbox.ports import Host, Page, Poller
from integrations.meta.graph import Graph

NAME = "token"
AHEAD = timedelta(days=30)
"""How long before its end a token is renewed."""
_TRY_AGAIN = timedelta(hours=24)
"""A token can be renewed from its second day on."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Known:
    token: str
    until: datetime | None


class Renewal:
    """The token of one account; `grant` is how its network calls the renewal.

    A new token in the settings takes the place of whatever was kept.
    """

    def __init__(self, given: str, host: Host, *, grant: str) -> None:
        self._given = given
        self._host = host
        self._grant = grant
        self._known: _Known | None = None
        self._tried_at: datetime | None = None

    def token(self) -> str:
        return self._now().token

    def expires(self) -> datetime | None:
        """None until it was renewed once: the settings do not say."""
        return self._known.until if self._known else None

    def turn(self, graph: Graph) -> None:
        """Renew where it is time; a failure is tried again in a day."""
        now, until = self._host.clock(), self._now().until
        rested = self._tried_at is None or now - self._tried_at >= _TRY_AGAIN
        if not rested or (until is not None and until - now > AHEAD):
            return
        self._tried_at = now
        try:
            self._renew(graph, now)
        except IntegrationError as error:
            log.warning("the token of %s could not be renewed: %s", graph.name, error)

    def _renew(self, graph: Graph, now: datetime) -> None:
        answer = graph.renew(grant_type=self._grant)
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not (isinstance(token, str) and token and isinstance(seconds, int)):
            return
        until = now + timedelta(seconds=min(seconds, 10**9))
        kept = {"of": _fingerprint(self._given), "token": token, "until": until.isoformat()}
        self._host.keep.set(NAME, json.dumps(kept))
        self._known = _Known(token, until)

    def _now(self) -> _Known:
        if self._known is None:
            self._known = self._kept() or _Known(self._given, None)
        return self._known

    def _kept(self) -> _Known | None:
        kept = json.loads(self._host.keep.get(NAME) or "{}")
        if kept.get("of") != _fingerprint(self._given):
            return None
        return _Known(kept["token"], datetime.fromisoformat(kept["until"]).astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Renewed:
    """A poll that sees to the token first. `renewal` is None where the token has no such end."""

    poller: Poller
    graph: Graph
    renewal: Renewal | None

    def poll(self, cursor: str | None) -> Page:
        if self.renewal is not None:
            self.renewal.turn(self.graph)
        return self.poller.poll(cursor)


def _fingerprint(token: str) -> str:
    """Says which token of the settings a kept one comes from, and not what it was."""
    return hashlib.sha256(token.encode()).hexdigest()
