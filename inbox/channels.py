"""Each account as the operator sees it: whether it works, when somebody wrote, what is due."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from inbox.costs import Costs, costs
from inbox.desk import Desk
from inbox.health import LOOKED_BACK, usual_silence
from inbox.message import Account
from inbox.ports import Connection, HelpdeskConnection, Unit
from inbox.ticket_deliveries import tickets_wait

_BEAT = "tierdesk: beat"


class Beat(Struct, frozen=True, kw_only=True):
    """When a poll or a webhook of the account last succeeded, and what kept it from it since."""

    at: datetime | None = None
    trouble: str | None = None


class Channel(Struct, frozen=True, kw_only=True):
    """One account's state. `usual` is the longest time without a message that is nothing special,
    None while too little is known. `waiting` are tickets on their way to a helpdesk.
    """

    account: Account
    handle: str
    polled: bool
    beat: Beat
    last_message: datetime | None
    usual: timedelta | None
    expires: datetime | None
    costs: Costs | None
    waiting: int = 0


def channels(
    unit: Unit, connections: Mapping[Account, Connection], desk: Desk, *, at: datetime
) -> Sequence[Channel]:
    spent = {each.account: each for each in costs(unit, connections, at=at)}
    return [
        _channel(unit, connection, desk, spent.get(account), at)
        for account, connection in sorted(connections.items(), key=lambda pair: str(pair[0]))
    ]


def helpdesk_channels(unit: Unit, helpdesks: Mapping[str, HelpdeskConnection]) -> Sequence[Channel]:
    """Each helpdesk as its operator sees it; nobody writes there first."""
    return [
        Channel(
            account=connection.account,
            handle=connection.name,
            polled=connection.watch is not None,
            beat=_helpdesk_beat(unit, connection),
            last_message=None,
            usual=None,
            expires=connection.expires(),
            costs=None,
            waiting=len(unit.tickets.awaiting(name)),
        )
        for name, connection in sorted(helpdesks.items())
    ]


def _helpdesk_beat(unit: Unit, connection: HelpdeskConnection) -> Beat:
    """What keeps tickets from it is its trouble, too."""
    beat = beat_of(unit, connection.account)
    return replace(beat, trouble=beat.trouble or tickets_wait(unit, connection.name))


def _channel(
    unit: Unit, connection: Connection, desk: Desk, spent: Costs | None, at: datetime
) -> Channel:
    account = connection.account
    moments = unit.messages.moments(account, since=at - LOOKED_BACK)
    return Channel(
        account=account,
        handle=connection.handle,
        polled=connection.poller is not None,
        beat=beat_of(unit, account),
        last_message=moments[-1] if moments else None,
        usual=usual_silence(moments, desk.hours),
        expires=connection.expires(),
        costs=spent,
    )


def beat_of(unit: Unit, account: Account) -> Beat:
    """As it was kept last: a few minutes old at most while the product runs."""
    kept = unit.kept.get(account, _BEAT)
    if kept is None:
        return Beat()
    at, trouble = json.loads(kept)
    return Beat(at=datetime.fromisoformat(at) if at else None, trouble=trouble)


def keep_beat(unit: Unit, account: Account, beat: Beat) -> None:
    at = beat.at.isoformat() if beat.at else None
    unit.kept.set(account, _BEAT, json.dumps([at, beat.trouble]))
