"""Where cases are worked whose channel the settings do not name any more, or make public.

What was private is remembered by the channel's name in the settings, since these alone say it
otherwise, and they change between two starts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from inbox.case import Case
from inbox.changes import Moved
from inbox.desk import Desk
from inbox.message import Account
from inbox.ports import Unit

GONE = "The settings name its channel no more"
_KEPT = Account("slack", "desk"), "homes"


def move_home(unit: Unit, desk: Desk, case: Case) -> Moved | None:
    """To the channel of its tier; None where it has one, or where none is as private as its own."""
    if case.channel in desk.channels:
        return None
    tier = _new_tier(desk, case, was_private=_known(unit).get(case.channel))
    if tier is None:
        return None
    return Moved(
        tier=tier,
        channel=desk.channel_of(tier),
        before=case.tier,
        before_channel=case.channel,
        reason=GONE,
    )


def _new_tier(desk: Desk, case: Case, *, was_private: bool | None) -> int | None:
    """Where nobody knows whether it was private, a private one, if there is any."""
    own, private = desk.tiers.get(case.tier), desk.private_tier()
    if own and (was_private is False or desk.worked_in_private(desk.channel_of(own.number))):
        return own.number
    if private:
        return private.number
    return None if was_private else (own or desk.person_tier()).number


# --- at the start ------------------------------------------------------------------------


def remember(unit: Unit, desk: Desk) -> None:
    """Which channels are private as the settings are now."""
    now = {key: desk.worked_in_private(key) for key in desk.channels}
    unit.kept.set(*_KEPT, json.dumps({**_known(unit), **now}))


def exposed(unit: Unit, desk: Desk, *, at: datetime) -> Sequence[str]:
    """Private cases that these settings would show in public, or nowhere: each with what to do."""
    private = [key for key, was_private in _known(unit).items() if was_private]
    return [*_opened(unit, desk, private), *_homeless(unit, desk, private, at)]


def _opened(unit: Unit, desk: Desk, private: Sequence[str]) -> Iterator[str]:
    for key in private:
        public_now = key in desk.channels and not desk.worked_in_private(key)
        if public_now and (number := unit.cases.count_in(key)):
            yield (
                f"The channel “{key}” was private, and {_cases(number)} in it; tierdesk.yaml makes"
                " it public, where everybody could read them. Make it private again, or give the"
                " public channel another name."
            )


def _homeless(unit: Unit, desk: Desk, private: Sequence[str], at: datetime) -> Iterator[str]:
    """A closed one comes back while its customer may still go on with it."""
    gone = [key for key in private if key not in desk.channels and desk.private_tier() is None]
    for key in gone:
        if number := unit.cases.count_in(key, since=at - desk.reopen_within):
            yield (
                f"tierdesk.yaml does not name the private channel “{key}” any more, and no private"
                f" tier is left: {_cases(number)} there, open or closed not long ago, and would be"
                " shown to everybody. Name it again, or another tier and channel with"
                " `private: true`."
            )


def _cases(number: int) -> str:
    return "1 case is" if number == 1 else f"{number:,} cases are"


def _known(unit: Unit) -> Mapping[str, bool]:
    return dict(json.loads(unit.kept.get(*_KEPT) or "{}"))
