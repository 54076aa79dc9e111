"""What can be said of a system of your own without asking it anything."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.message import Account
from inbox.ports import Checkup


class Examination:
    """The other side has no call that changes nothing, so it is not asked."""

    def __init__(self, account: Account, addresses: tuple[str | None, str | None]) -> None:
        self._account = account
        self._public, self._private = addresses

    def examine(self) -> Sequence[Checkup]:
        ways = [
            way
            for way, address in (("in public", self._public), ("in private", self._private))
            if address
        ]
        answers = f"answers go out {' and '.join(ways)}" if ways else "no answers go out"
        return [
            Checkup(
                well=True,
                says=f"{self._account}: waits at POST /webhooks/generic/{self._account.name};"
                f" {answers}; nothing there can be asked",
            )
        ]
