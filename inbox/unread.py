"""What a network sent in a form that nobody here knows: left out, and told to a person.

It is counted where it is read, deep inside an integration, for whoever asked to have it read: what
lies between passes on what could be read, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from inbox.desk import Desk
from inbox.message import Account
from inbox.outbox import Alert, NewItem, slack_lane
from inbox.ports import Unit


@dataclass(slots=True)
class Unread:
    """How many were left out so far, and which whole lists, each with why."""

    entries: int = 0
    lists: dict[str, str] = field(default_factory=dict)


_reading: ContextVar[Unread | None] = ContextVar("reading", default=None)


@contextmanager
def reading() -> Iterator[Unread]:
    """Counts what is left out meanwhile, here and in threads that are begun for it."""
    unread = Unread()
    before = _reading.set(unread)
    try:
        yield unread
    finally:
        _reading.reset(before)


def left_out() -> None:
    """One more of what is read just now."""
    unread = _reading.get()
    if unread is not None:
        unread.entries += 1


def passed_over(what: str, why: str) -> None:
    """One list of several, which fails again and again: the others are read."""
    unread = _reading.get()
    if unread is not None:
        unread.lists[what] = why


def tell(unit: Unit, desk: Desk, account: Account, entries: int, *, at: datetime) -> None:
    """Once a day for an account, however much and however often; nothing of what was sent."""
    what = "1 thing" if entries == 1 else f"{entries:,} things"
    text = (
        f"{account} sent {what} at once in a form that this version of Tierdesk does not know:"
        " left out, and nobody has seen it here. Look at the account itself for what is new; and"
        " report it, with what `tierdesk --version` says and the lines of Tierdesk's log that say"
        " “left out”. If there is more of it today, only the log says so."
    )
    _once_a_day(unit, desk, f"unread:{account}", text, at)


def tell_refused(unit: Unit, desk: Desk, account: Account, *, at: datetime) -> None:
    """The same of a whole request that is refused: its sender alone may be a machine."""
    text = (
        f"What was sent to the webhook of {account} was not as documented: refused (422), and"
        " nobody has seen it here. The answer that its sender got names the field. Where the sender"
        " is yours, correct it and send it again; where it is the network, look at the account"
        " itself for what is new, and report it, with what `tierdesk --version` says. If there is"
        " more of it today, nobody is told."
    )
    _once_a_day(unit, desk, f"refused:{account}", text, at)


def tell_lists(
    unit: Unit, desk: Desk, account: Account, lists: Mapping[str, str], *, at: datetime
) -> None:
    """The same of lists that fail while others of the account are read."""
    what, why = next(iter(lists.items()))
    others = f" So it is with {len(lists) - 1:,} more." if len(lists) > 1 else ""
    text = (
        f"{account} does not give {what}: {why}{others} All else of the account comes in, and this"
        " is tried again every hour. Look there for what is new. If there is more of it today, only"
        " Tierdesk's log says so, with the words “passed over”."
    )
    _once_a_day(unit, desk, f"lists:{account}", text, at)


def _once_a_day(unit: Unit, desk: Desk, what: str, text: str, at: datetime) -> None:
    today = at.astimezone(desk.hours.zone).date()
    if desk.operations is None or not unit.memory.first_time(f"{what}:{today}", at=at):
        return
    alert = Alert(channel=desk.operations, text=text)
    unit.outbox.add([NewItem(effect=alert, lane=slack_lane(desk.operations))])
