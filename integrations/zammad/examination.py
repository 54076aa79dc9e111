"""Whether a Zammad is set up right: the token, the attribute for our key, the search."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.errors import AuthFailed, IntegrationError
from inbox.ports import Checkup
from integrations.zammad.api import Zammad
from integrations.zammad.convert import Form


class Examination:
    """Asks with the requests that the work needs; writes nothing."""

    def __init__(self, name: str, zammad: Zammad, form: Form, *, webhooks: bool) -> None:
        self._name = name
        self._zammad = zammad
        self._form = form
        self._webhooks = webhooks

    def examine(self) -> Sequence[Checkup]:
        try:
            me = self._zammad.asked_me()
        except AuthFailed as error:
            return [self._wrong(f"{error} Make a new one as docs/zammad.md says")]
        except IntegrationError as error:
            return [self._wrong(f"{error} Is base_url right?")]
        return [
            self._well(f"the token is accepted, as {me.login}"),
            self._attribute(),
            self._search(),
            self._ways(),
        ]

    def _attribute(self) -> Checkup:
        """Any ticket shows whether there is such an attribute."""
        field = self._form.key_field
        try:
            tickets = list(self._zammad.newest())
        except IntegrationError as error:
            return self._wrong(f"tickets could not be listed: {error}")
        if not tickets:
            return self._well(f"no ticket yet that shows the attribute {field}")
        if not any(field in (ticket.model_extra or {}) for ticket in tickets):
            return self._wrong(
                f"tickets have no attribute {field}. Make it as docs/zammad.md says:"
                " without it nobody can know whether a ticket was made"
            )
        return self._well(f"tickets have the attribute {field}")

    def _search(self) -> Checkup:
        try:
            next(self._zammad.search(f'{self._form.key_field}:"examination"'), None)
        except IntegrationError as error:
            return self._wrong(f"tickets could not be searched: {error}")
        return self._well("tickets can be searched")

    def _ways(self) -> Checkup:
        if self._webhooks:
            return self._well(f"waits at POST /webhooks/helpdesk/{self._name}")
        return self._well("no webhook; answers come by looking")

    def _well(self, what: str) -> Checkup:
        return Checkup(well=True, says=f"{self._name}: {what}")

    def _wrong(self, what: str) -> Checkup:
        return Checkup(well=False, says=f"{self._name}: {what}.")
