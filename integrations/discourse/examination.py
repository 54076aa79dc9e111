"""Whether the account is set up right: its key, and what it may read."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.errors import IntegrationError
from inbox.message import Account
from inbox.ports import Checkup
from integrations.discourse.api import Api


class Examination:
    """Asks with the requests that the work needs; nothing is changed."""

    def __init__(self, account: Account, api: Api) -> None:
        self._account = account
        self._api = api

    def examine(self) -> Sequence[Checkup]:
        found: list[Checkup] = []
        try:
            found.append(self._found(f"the API key is accepted, as {self._api.me().username}"))
            self._api.posts(private=False)
            found.append(self._found("public posts can be read"))
            self._api.posts(private=True)
            found.append(self._found("personal messages can be read"))
        except IntegrationError as error:
            found.append(self._found(str(error), well=False))
        return found

    def _found(self, says: str, *, well: bool = True) -> Checkup:
        return Checkup(well=well, says=f"{self._account}: {says}")
