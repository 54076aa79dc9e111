"""A refused token or a dead destination is told once, with what to do, and once when well again."""

from __future__ import annotations

from datetime import datetime

from inbox.desk import Desk
from inbox.errors import AuthFailed, IntegrationError
from inbox.outbox import AUTOMATIC, Alert, NewItem, slack_lane
from inbox.ports import Unit


def note(unit: Unit, desk: Desk, where: str, error: IntegrationError, *, at: datetime) -> bool:
    """Tell the operator of a refused token, once; True where it was told now."""
    if not isinstance(error, AuthFailed):
        return False
    text = f"{where} refuses us: {error} Nothing is lost; it is tried every 5 minutes."
    return tell_once(unit, desk, where, text, at=at)


def tell_once(unit: Unit, desk: Desk, where: str, text: str, *, at: datetime) -> bool:
    """Tell the operator of a trouble that lasts, until it is well again."""
    if not unit.memory.first_time(_name(where), at=at):
        return False
    _tell(unit, desk, text)
    return True


def well_again(unit: Unit, desk: Desk, where: str) -> bool:
    """Tell that it works again, where trouble had been told."""
    if not unit.memory.forget(_name(where)):
        return False
    _tell(unit, desk, f"{where} works again.")
    return True


def _name(where: str) -> str:
    """An account's lanes for agents and for automatic answers have their troubles together."""
    return f"trouble:{where.removesuffix(AUTOMATIC)}"


def _tell(unit: Unit, desk: Desk, text: str) -> None:
    if desk.operations is not None:
        alert = Alert(channel=desk.operations, text=text)
        unit.outbox.add([NewItem(effect=alert, lane=slack_lane(desk.operations))])
