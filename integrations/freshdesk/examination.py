"""Whether a Freshdesk is set up right: the key, the field for ours, the lists."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.errors import AuthFailed, IntegrationError
from inbox.ports import Checkup
from integrations.freshdesk.api import Freshdesk
from integrations.freshdesk.convert import Form


class Examination:
    """Asks with the requests that the work needs; writes nothing."""

    def __init__(self, name: str, freshdesk: Freshdesk, form: Form) -> None:
        self._name = name
        self._freshdesk = freshdesk
        self._form = form

    def examine(self) -> Sequence[Checkup]:
        try:
            me = self._freshdesk.asked_me()
        except AuthFailed as error:
            return [self._wrong(f"{error} Take a new one as docs/freshdesk.md says")]
        except IntegrationError as error:
            return [self._wrong(f"{error} Is base_url right?")]
        return [
            self._well(f"the key is accepted, as {me.contact.name}"),
            self._agents(me.id),
            self._field(),
            self._search(),
        ]

    def _agents(self, me: int) -> Checkup:
        try:
            self._freshdesk.agent(me)
        except IntegrationError:
            return self._wrong("the key's agent may not see agents. Give it the role administrator")
        return self._well("agents can be seen")

    def _field(self) -> Checkup:
        """Any ticket shows whether there is such a field."""
        field = self._form.key_field
        try:
            tickets = list(self._freshdesk.newest())
        except IntegrationError as error:
            return self._wrong(f"tickets could not be listed: {error}")
        if not tickets:
            return self._well(f"no ticket yet that shows the field {field}")
        if not any(field in ticket.custom_fields for ticket in tickets):
            return self._wrong(f"tickets have no field {field}. Make it as docs/freshdesk.md says")
        return self._well(f"tickets have the field {field}")

    def _search(self) -> Checkup:
        try:
            next(self._freshdesk.search(self._form.key_field, "examination"), None)
        except IntegrationError as error:
            return self._wrong(f"tickets could not be searched: {error}")
        return self._well("tickets can be searched")

    def _well(self, what: str) -> Checkup:
        return Checkup(well=True, says=f"{self._name}: {what}")

    def _wrong(self, what: str) -> Checkup:
        return Checkup(well=False, says=f"{self._name}: {what}.")
