"""Messages that a rule set aside: they open no case, so nobody sees them who does not look."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from inbox.decision import Correction
from inbox.desk import Desk
from inbox.deskwork import no_such_tier
from inbox.errors import Refusal
from inbox.message import Ref
from inbox.ports import Stored, Unit

GONE = (
    "Nothing was noted: this message is not kept any more, as old ones are where "
    "`retention.cases` says so, or somebody was forgotten."
)


def correct(
    unit: Unit, desk: Desk, message: Ref, user: str, tier: int | None, *, at: datetime
) -> Stored:
    """Note where a message of no case belonged, None for not to us. It stays set aside.

    There is no history to write it into, so the message itself keeps it; the last word counts.
    """
    stored = unit.messages.find([message]).get(message)
    if stored is None:
        raise Refusal(GONE)
    if tier is not None and tier not in desk.tiers:
        raise Refusal(no_such_tier(tier))
    noted = replace(stored, corrected=Correction(tier=tier, by=user, at=at))
    unit.messages.replace(noted)
    return noted
