"""Whether a Mastodon account is set up right: the token, and each scope that is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from inbox.errors import AuthFailed, IntegrationError
from inbox.message import Account
from inbox.ports import Checkup
from integrations.mastodon.server import Server

WRITING = "write:statuses"
EVER = datetime(2016, 1, 1, tzinfo=UTC)


class Examination:
    """Asks with the requests that the work needs; writes nothing."""

    def __init__(self, account: Account, server: Server) -> None:
        self._account = account
        self._server = server

    def examine(self) -> Sequence[Checkup]:
        try:
            me = self._server.asked_me()
        except AuthFailed as error:
            return [self._wrong(f"{error} Make a new one as docs/mastodon.md says")]
        except IntegrationError as error:
            return [self._wrong(f"{error} Look at base_url")]
        return [
            Checkup(well=True, says=f"{self._account}: the token is accepted, as @{me.acct}"),
            self._reads("read:notifications", lambda: self._server.notifications(limit=1)),
            self._reads("read:statuses", self._newest_own),
            self._writes(),
        ]

    def _newest_own(self) -> object:
        return next(self._server.own_statuses(EVER, pages=1), None)

    def _reads(self, scope: str, ask: Callable[[], object]) -> Checkup:
        try:
            ask()
        except AuthFailed:
            return self._lacks(scope)
        except IntegrationError as error:
            return self._wrong(f"{scope} could not be tried: {error}")
        return Checkup(well=True, says=f"{self._account}: {scope}")

    def _writes(self) -> Checkup:
        """Told by servers from Mastodon 4.3 on; on others only an answer shows it."""
        try:
            scopes = self._server.scopes()
        except IntegrationError:
            scopes = None
        if scopes is None:
            return Checkup(
                well=True,
                says=f"{self._account}: the server does not tell whether the token may write",
            )
        if not {WRITING, "write"} & scopes:
            return self._lacks(WRITING)
        return Checkup(well=True, says=f"{self._account}: {WRITING}")

    def _lacks(self, scope: str) -> Checkup:
        return self._wrong(
            f"the token lacks the scope {scope}. Make a new one as docs/mastodon.md says"
        )

    def _wrong(self, what: str) -> Checkup:
        return Checkup(well=False, says=f"{self._account}: {what}.")
