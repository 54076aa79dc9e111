"""What an agent asks of the network about a customer's public message: hide it, like it, undo that.

The case itself stays; what became of it is told in its thread.
"""

from __future__ import annotations

from datetime import datetime

from inbox.case import Case
from inbox.desk import Desk
from inbox.deskwork import agent, case_here
from inbox.errors import Refusal
from inbox.outbox import HideMessage, LikeMessage, NewItem, account_lane
from inbox.ports import Unit
from inbox.record import record


def hide(
    unit: Unit, desk: Desk, number: int, user: str, *, seen_in: str | None, at: datetime
) -> Case:
    """Ask the network to hide the newest public message of the customer."""
    return _hidden(unit, desk, number, user, seen_in, at, hidden=True)


def unhide(
    unit: Unit, desk: Desk, number: int, user: str, *, seen_in: str | None, at: datetime
) -> Case:
    return _hidden(unit, desk, number, user, seen_in, at, hidden=False)


def like(
    unit: Unit, desk: Desk, number: int, user: str, *, seen_in: str | None, at: datetime
) -> Case:
    """Ask the network to mark the newest public message as liked by the brand."""
    return _liked(unit, desk, number, user, seen_in, at, liked=True)


def unlike(
    unit: Unit, desk: Desk, number: int, user: str, *, seen_in: str | None, at: datetime
) -> Case:
    return _liked(unit, desk, number, user, seen_in, at, liked=False)


def _hidden(
    unit: Unit,
    desk: Desk,
    number: int,
    user: str,
    seen_in: str | None,
    at: datetime,
    *,
    hidden: bool,
) -> Case:
    case = case_here(unit, number, seen_in)
    if case.last_public is None:
        raise Refusal(f"Nothing of case {number} stands in public; there is nothing to hide.")
    effect = HideMessage(case=number, message=case.last_public, hidden=hidden, by=agent(user))
    return _ask(unit, desk, case, user, effect, "hide" if hidden else "unhide", at)


def _liked(
    unit: Unit,
    desk: Desk,
    number: int,
    user: str,
    seen_in: str | None,
    at: datetime,
    *,
    liked: bool,
) -> Case:
    case = case_here(unit, number, seen_in)
    if case.last_public is None:
        raise Refusal(f"Nothing of case {number} stands in public; there is nothing to like.")
    effect = LikeMessage(case=number, message=case.last_public, liked=liked, by=agent(user))
    return _ask(unit, desk, case, user, effect, "like" if liked else "unlike", at)


def _ask(
    unit: Unit,
    desk: Desk,
    case: Case,
    user: str,
    effect: HideMessage | LikeMessage,
    word: str,
    at: datetime,
) -> Case:
    """Two agents who press at once ask once: the case has one version for both."""
    key = f"{word}:{effect.message}:{case.version}"
    unit.outbox.add([NewItem(effect=effect, lane=account_lane(case.account), key=key)])
    return record(unit, desk, case, [], actor=agent(user), at=at)
