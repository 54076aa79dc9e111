"""Watches over the accounts: silence, tokens, budgets every few minutes, a checkup every day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from inbox import health
from inbox.costs import costs
from inbox.desk import Desk
from inbox.health import LOOKED_BACK, Complaint
from inbox.message import Account
from inbox.ports import Connection, Examiner, HelpdeskConnection, Store, Unit
from store.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHealth:
    """Tells in operations what is wrong with an account or helpdesk, once, and once when well."""

    connections: Mapping[Account, Connection]
    helpdesks: Iterable[HelpdeskConnection] = ()
    store: Store
    writer: Writer
    desk: Desk
    now: Callable[[], datetime]

    def turn(self) -> None:
        at = self.now()
        with self.store.read() as unit:
            found = {account: self._found(unit, account, at) for account in self.connections}
        for each in self.helpdesks:
            complaints = health.expiry(each.account, each.expires(), at=at, page=each.kind)
            found[each.account] = [*complaints]
        self.writer.run(lambda unit: self._tell(unit, found))

    def _found(self, unit: Unit, account: Account, at: datetime) -> list[Complaint]:
        connection = self.connections[account]
        moments = unit.messages.moments(account, since=at - LOOKED_BACK)
        return [
            *health.silence(account, moments, self.desk.hours, at=at),
            *health.expiry(account, connection.expires(), at=at, page=account.network),
            *(
                complaint
                for each in costs(unit, {account: connection}, at=at)
                for complaint in health.spending(each, at=at)
            ),
        ]

    def _tell(self, unit: Unit, found: Mapping[Account, list[Complaint]]) -> None:
        for account, complaints in found.items():
            health.tell(unit, self.desk, account, "health", complaints)


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyCheckup:
    """Asks one account's network whether all is set up right."""

    account: Account
    examiner: Examiner
    writer: Writer
    desk: Desk

    def turn(self) -> None:
        found = [*health.findings(self.account, self.examiner.examine())]
        self.writer.run(lambda unit: health.tell(unit, self.desk, self.account, "checkup", found))
