"""Whether a Zendesk account is set up right: the token, its user's role, the export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from inbox.errors import AuthFailed, IntegrationError
from inbox.ports import Checkup
from integrations.zendesk.api import Zendesk
from integrations.zendesk.convert import OURS

_BEFORE = 120


class Examination:
    """Asks with the requests that the work needs; writes nothing."""

    def __init__(
        self,
        name: str,
        zendesk: Zendesk,
        clock: Callable[[], datetime],
        *,
        polls: bool,
        webhooks: bool,
    ) -> None:
        self._name = name
        self._zendesk = zendesk
        self._clock = clock
        self._polls = polls
        self._webhooks = webhooks

    def examine(self) -> Sequence[Checkup]:
        try:
            me = self._zendesk.asked_me()
        except AuthFailed as error:
            return [self._wrong(f"{error} Make a new one as docs/zendesk.md says")]
        except IntegrationError as error:
            return [self._wrong(f"{error} Is base_url right?")]
        # Zendesk answers whoever it does not know as its anonymous end user.
        if me.role not in ("agent", "admin"):
            return [self._wrong("the token's user is no agent. Make it one")]
        return [
            self._well(f"the token is accepted, as {me.name}"),
            self._tickets(),
            *([self._export()] if self._polls else []),
            self._ways(),
        ]

    def _tickets(self) -> Checkup:
        try:
            self._zendesk.with_external_id(f"{OURS}examination")
        except IntegrationError as error:
            return self._wrong(f"tickets could not be looked for: {error}")
        return self._well("tickets can be looked for")

    def _export(self) -> Checkup:
        try:
            self._zendesk.changed(None, int(self._clock().timestamp()) - _BEFORE)
        except AuthFailed:
            return self._wrong(
                "the incremental export is for administrators only. Make the token's user one,"
                " or set polls: false and webhooks: true"
            )
        except IntegrationError as error:
            return self._wrong(f"the incremental export could not be tried: {error}")
        return self._well("changes can be looked for")

    def _ways(self) -> Checkup:
        if self._webhooks:
            return self._well(f"waits at POST /webhooks/helpdesk/{self._name}")
        if self._polls:
            return self._well("no webhook; answers come a minute or two later by looking")
        return self._wrong("nothing comes back. Set polls: true or webhooks: true")

    def _well(self, what: str) -> Checkup:
        return Checkup(well=True, says=f"{self._name}: {what}")

    def _wrong(self, what: str) -> Checkup:
        return Checkup(well=False, says=f"{self._name}: {what}.")
