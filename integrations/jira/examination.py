"""Whether a Jira is set up right: the token, the project's search."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.errors import AuthFailed, IntegrationError
from inbox.ports import Checkup
from integrations.jira.api import Jira
from integrations.jira.convert import OURS, Form


class Examination:
    """Asks with the requests that the work needs; writes nothing."""

    def __init__(self, name: str, jira: Jira, form: Form, *, webhooks: bool) -> None:
        self._name = name
        self._jira = jira
        self._form = form
        self._webhooks = webhooks

    def examine(self) -> Sequence[Checkup]:
        try:
            me = self._jira.asked_me()
        except AuthFailed as error:
            return [self._wrong(f"{error} Make a new one as docs/jira.md says")]
        except IntegrationError as error:
            return [self._wrong(f"{error} Is base_url right?")]
        return [self._well(f"the token is accepted, as {me.name}"), self._search(), self._ways()]

    def _search(self) -> Checkup:
        project = self._form.project
        try:
            next(self._jira.search(f'project = "{project}" AND labels = "{OURS}"'), None)
        except IntegrationError as error:
            return self._wrong(f"project {project} could not be searched: {error}")
        return self._well(f"project {project} can be searched")

    def _ways(self) -> Checkup:
        if self._webhooks:
            return self._well(f"waits at POST /webhooks/helpdesk/{self._name}")
        return self._well("no webhook; answers come by looking")

    def _well(self, what: str) -> Checkup:
        return Checkup(well=True, says=f"{self._name}: {what}")

    def _wrong(self, what: str) -> Checkup:
        return Checkup(well=False, says=f"{self._name}: {what}.")
