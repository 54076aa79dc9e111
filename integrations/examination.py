"""Asking a network whether an account is set up right, for `tierdesk doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from inbox.errors import AuthFailed, IntegrationError
from inbox.message import Account
from inbox.ports import Checkup


def well(says: str) -> Checkup:
    return Checkup(well=True, says=says)


def wrong(says: str) -> Checkup:
    return Checkup(well=False, says=says)


@dataclass(frozen=True, slots=True)
class Examination:
    """Implements inbox.ports.Examiner.

    `looks` asks with the requests that the work needs and yields what it finds; an error that it
    raises is the last finding. `page` is the paper that says how an account is connected.
    """

    account: Account
    page: str
    looks: Callable[[], Iterator[Checkup]]

    def examine(self) -> Sequence[Checkup]:
        return [replace(one, says=f"{self.account}: {one.says}") for one in self._findings()]

    def _findings(self) -> Iterator[Checkup]:
        try:
            yield from self.looks()
        except AuthFailed as error:
            yield wrong(f"{error} {self.page} says how a token or key is made.")
        except IntegrationError as error:
            yield wrong(f"it could not be asked: {error}")
