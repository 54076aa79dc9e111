"""Cases that are worked in a channel which the settings do not name any more."""

from __future__ import annotations

from inbox.case import Case
from inbox.changes import Moved
from inbox.desk import Desk

GONE = "The settings name its channel no more"


def move_home(desk: Desk, case: Case) -> Moved | None:
    """To the channel of its tier; None where it has one.

    Where the tier is gone, too, nobody knows whether it was private: it goes to a private one.
    """
    if case.channel in desk.channels:
        return None
    tier = case.tier
    if tier not in desk.tiers:
        tier = (desk.private_tier() or desk.person_tier()).number
    return Moved(
        tier=tier,
        channel=desk.channel_of(tier),
        before=case.tier,
        before_channel=case.channel,
        reason=GONE,
    )
