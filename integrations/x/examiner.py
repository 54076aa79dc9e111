"""What the operator is told of an account on X."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inbox.errors import IntegrationError
from inbox.ports import Checkup
from integrations.x import XSettings
from integrations.x.api import Api, Span
from integrations.x.till import MICRO


@dataclass(frozen=True, slots=True)
class Checks:
    """Implements Examiner: two reads, some cents."""

    api: Api
    settings: XSettings

    def examine(self) -> Sequence[Checkup]:
        checks = [self._token()]
        if checks[0].well and self.settings.direct_messages:
            checks.append(self._messages())
        checks.append(self._budget())
        if self.settings.webhook:
            checks.append(_WEBHOOK)
        return checks

    def _token(self) -> Checkup:
        try:
            me = self.api.ask_me()
        except IntegrationError as error:
            return Checkup(well=False, says=str(error))
        return Checkup(well=True, says=f"X knows the account as @{me.username}.")

    def _messages(self) -> Checkup:
        try:
            self.api.messages(Span())
        except IntegrationError as error:
            says = f"Direct messages cannot be read: {error} See “Direct messages” in docs/x.md."
            return Checkup(well=False, says=says)
        return Checkup(well=True, says="Direct messages can be read.")

    def _budget(self) -> Checkup:
        purse = self.api.till.purse
        parts = [
            f"${stretch.spent / MICRO:.2f} {stretch.word}"
            + (f" of ${stretch.most / MICRO:.2f}" if stretch.most is not None else "")
            for stretch in purse.stretches(purse.clock())
        ]
        limited = self.settings.per_day is not None or self.settings.per_month is not None
        advice = "" if limited else " Nothing limits that: set per_day or per_month."
        return Checkup(well=limited, says=f"Spent: {', '.join(parts)}.{advice}")


_WEBHOOK = Checkup(
    well=True,
    says="Whether X delivers to the webhook is seen only in X's console, under “Webhooks”.",
)
