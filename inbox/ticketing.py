"""Which helpdesk gets a ticket for a case, where somebody wants one. Pure."""

from __future__ import annotations

from inbox.case import Case
from inbox.changes import TicketWanted
from inbox.desk import Desk
from inbox.errors import Refusal

SOLVED = "solved in the helpdesk"
"""The resolution of a case whose ticket was solved."""


def ticket_wanted(desk: Desk, case: Case, name: str) -> TicketWanted | None:
    """None where the case has its ticket there, or will have it. Raises Refusal."""
    if name not in desk.helpdesks:
        raise Refusal(f"There is no helpdesk “{name}” any more. Open the window again.")
    return None if case.helpdesk == name else TicketWanted(desk=name)


def helpdesk_for(desk: Desk, tier: int | None, named: str | None) -> str | None:
    """The helpdesk that a rule names, else its tier's, else the only one."""
    home = desk.tiers.get(tier) if tier is not None else None
    only = next(iter(desk.helpdesks)) if len(desk.helpdesks) == 1 else None
    return named or (home.helpdesk if home else None) or only
