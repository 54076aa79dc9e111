"""What the operator is told of an account on X."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inbox.errors import IntegrationError
from inbox.message import Account
from inbox.ports import Checkup
from integrations.x import XSettings
from integrations.x.api import Api, Span
from integrations.x.registered import Registered
from integrations.x.till import MICRO


@dataclass(frozen=True, slots=True)
class Checks:
    """Implements Examiner: two reads, some cents. `registered` is None without the app's keys."""

    account: Account
    api: Api
    settings: XSettings
    registered: Registered | None

    def examine(self) -> Sequence[Checkup]:
        checks = [self._token()]
        if checks[0].well and self.settings.direct_messages:
            checks.append(self._messages())
        checks.append(self._budget())
        if self.settings.webhook:
            checks.append(self._webhook())
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
        """Worth knowing, no trouble: the product itself warns as a budget runs out."""
        purse = self.api.till.purse
        parts = [
            f"${stretch.spent / MICRO:.2f} {stretch.word}"
            + (f" of ${stretch.most / MICRO:.2f}" if stretch.most is not None else "")
            for stretch in purse.stretches(purse.clock())
        ]
        limited = self.settings.per_day is not None or self.settings.per_month is not None
        advice = "" if limited else " Nothing limits that: set per_day or per_month."
        return Checkup(well=True, says=f"Spent: {', '.join(parts)}.{advice}")

    def _webhook(self) -> Checkup:
        if self.registered is None:
            says = "Whether X delivers to the webhook is seen only in X's console, “Webhooks”."
            return Checkup(well=True, says=says)
        try:
            hooks = self.registered.hooks(self.account)
        except IntegrationError as error:
            return Checkup(well=False, says=f"X's webhooks cannot be listed: {error}")
        if not hooks:
            says = "X has no webhook that leads to this account. Register its address (docs/x.md)."
            return Checkup(well=False, says=says)
        if not any(hook.valid for hook in hooks):
            says = (
                "X does not deliver: it could not reach the webhook, or the consumer secret is"
                " another one. Set that right, then validate the webhook again (docs/x.md)."
            )
            return Checkup(well=False, says=says)
        return Checkup(well=True, says="X has a valid webhook for this account.")
