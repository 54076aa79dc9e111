"""What is wrong with an account's channel, told once in operations, and once when it is well.

Complaints of one kind follow each other (14 days left, 3 days left); each level is told once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from inbox.budget import Stretch
from inbox.costs import Costs, amount
from inbox.desk import Desk, Hours
from inbox.message import Account
from inbox.outbox import Alert, NewItem, slack_lane
from inbox.ports import Checkup, Unit

LOOKED_BACK = timedelta(days=14)
"""Messages of this time tell an account's rhythm."""

_KNOWN_AFTER = timedelta(days=5)
_FEWEST = 20
_TIMES = 2
_SHORTEST = timedelta(hours=1)
_BEFORE_THE_END = (timedelta(days=3), timedelta(days=14))
_LEVELS = (95, 80, 50)
_SIZES = ((1440, "day"), (60, "hour"), (1, "minute"))


class Complaint(Struct, frozen=True, kw_only=True):
    """`says` has what is wrong and what to do; `over` is said when the kind is gone, "" for
    nothing.
    """

    kind: str
    level: str
    says: str
    over: str


def usual_silence(moments: Sequence[datetime], hours: Hours) -> timedelta | None:
    """The longest time without a message that is nothing special; None where too little is known.

    `moments` are when messages came, oldest first. Only business hours count, where there are any.
    The very longest is left out: it may have been a failure.
    """
    if len(moments) < _FEWEST or moments[-1] - moments[0] < _KNOWN_AFTER:
        return None
    gaps = sorted(hours.open_between(a, b) for a, b in pairwise(moments))
    return gaps[-2]


def silence(
    account: Account, moments: Sequence[datetime], hours: Hours, *, at: datetime
) -> Iterator[Complaint]:
    """Silent for much longer than usual."""
    usual = usual_silence(moments, hours)
    if usual is None:
        return
    silent = hours.open_between(moments[-1], at)
    if silent <= max(_SHORTEST, _TIMES * usual):
        return
    counted = " of business hours" if hours.week else ""
    yield Complaint(
        kind="silent",
        level="",
        says=(
            f"{account} is silent: no message for {spell(silent)}{counted}; usually one comes"
            f" within {spell(max(usual, timedelta(minutes=1)))}. Look on the network whether"
            " messages wait there. `tierdesk doctor DIR` says what is wrong with the connection."
        ),
        over=f"{account} gets messages again.",
    )


def expiry(
    account: Account, expires: datetime | None, *, at: datetime, page: str
) -> Iterator[Complaint]:
    """The token is about to end, or has ended; `page` of docs/ says how to make another."""
    if expires is None:
        return
    left = expires - at
    level = next((each for each in _BEFORE_THE_END if left <= each), None)
    if level is None:
        return
    when = f"ends in {spell(left)}" if left > timedelta(0) else "has ended"
    yield Complaint(
        kind="token",
        level=str(level.days) if left > timedelta(0) else "0",
        says=(
            f"The token of {account} {when} ({expires:%Y-%m-%d %H:%M} {expires.tzname()})."
            f" Make a new one as docs/{page}.md says, put it into .env, and restart."
        ),
        over=f"The token of {account} is good for longer again.",
    )


def spending(costs: Costs, *, at: datetime) -> Iterator[Complaint]:
    """A budget is used up to a half, to four fifths, to its end; a day's only ahead of its time."""
    for stretch in (costs.today, costs.month):
        reached = next((level for level in _LEVELS if stretch.used * 100 >= level), None)
        ahead = stretch is costs.month or stretch.used > stretch.gone(at)
        if reached is not None and ahead:
            yield Complaint(
                kind=f"budget {stretch.word}",
                level=f"{stretch.begins:%Y-%m-%d} {reached}",
                says=_spent(costs, stretch, reached, at),
                over="",
            )


def _spent(costs: Costs, stretch: Stretch, reached: int, at: datetime) -> str:
    unit = costs.unit
    return (
        f"{costs.account} has used {reached} % of its budget for {stretch.word}:"
        f" {amount(stretch.spent, unit)} of {amount(stretch.most or 0, unit)};"
        f" at this rate it will be {amount(stretch.forecast(at), unit)}."
        " Polls slow down so that it lasts, and leave the rest to replies."
        " `/tierdesk report costs` shows what costs it; raise it in tierdesk.yaml if you want."
    )


def findings(account: Account, checkups: Sequence[Checkup]) -> Iterator[Complaint]:
    """What the network said when it was asked about the account."""
    wrong = [checkup.says for checkup in checkups if not checkup.well]
    if wrong:
        yield Complaint(
            kind="checkup",
            level="\n".join(wrong),
            says=f"{account} is not set up right: {' '.join(wrong)}",
            over=f"{account} is set up right again.",
        )


def tell(unit: Unit, desk: Desk, account: Account, group: str, found: Sequence[Complaint]) -> int:
    """Tell what is new and what is over since the last call for this group; how many sentences."""
    name = f"tierdesk: told of {group}"
    told: dict[str, list[str | None]] = json.loads(unit.kept.get(account, name) or "{}")
    now = {each.kind: [each.level, each.over] for each in found}
    sentences = [each.says for each in found if told.get(each.kind, [None])[0] != each.level]
    sentences += [over for kind, (_, over) in told.items() if kind not in now and over]
    if now != told:
        unit.kept.set(account, name, json.dumps(now))
    if desk.operations is not None:
        lane = slack_lane(desk.operations)
        unit.outbox.add(
            NewItem(effect=Alert(channel=desk.operations, text=text), lane=lane)
            for text in sentences
        )
    return len(sentences)


def spell(length: timedelta) -> str:
    """A length of time in whole minutes, hours or days."""
    minutes = max(0, round(length.total_seconds() / 60))
    size, word = next((s, w) for s, w in _SIZES if minutes >= 2 * s or s == 1)
    number = minutes // size
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
