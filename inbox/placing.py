"""Where a decision leads a case: by rule it only ever moves up."""

from __future__ import annotations

from inbox.case import Case
from inbox.changes import Change, Moved, Routed
from inbox.decision import Decision, in_short
from inbox.desk import Desk
from inbox.message import Ref


def routed(desk: Desk, case: Case, message: Ref, decision: Decision, tier: int) -> list[Change]:
    """What a decision on a message changes where it leads to this tier."""
    raised = _raised(desk, case, tier, decision.rule)
    channel = raised[0].channel if raised else case.channel
    return [*raised, Routed(message=message, decision=in_short(decision), channel=channel)]


def _raised(desk: Desk, case: Case, tier: int, reason: str) -> list[Moved]:
    if tier <= case.tier:
        return []
    return [
        Moved(
            tier=tier,
            channel=desk.channel_of(tier),
            before=case.tier,
            before_channel=case.channel,
            reason=reason,
        )
    ]
