"""Which messages get a second look, and the order for it."""

from __future__ import annotations

from inbox.case import Case
from inbox.desk import Desk
from inbox.outbox import SECOND_LOOKS, LookAgain, NewItem
from inbox.ports import SecondOpinion, Stored


def look_again(
    desk: Desk, opinion: SecondOpinion | None, case: Case, stored: Stored
) -> list[NewItem]:
    """The order for one, where the case is worked in public and the text leaves a doubt.

    One that waits is enough: the text is judged as it stands then.
    """
    if opinion is None or not in_public(desk, case) or not opinion.wants(stored.findings):
        return []
    ref = stored.message.ref
    return [
        NewItem(
            effect=LookAgain(case=case.number, message=ref),
            lane=SECOND_LOOKS,
            coalesce=f"{SECOND_LOOKS}:{ref.network}:{ref.account}:{ref.id}",
        )
    ]


def in_public(desk: Desk, case: Case) -> bool:
    """Whether the case is below the first private tier."""
    private = desk.private_tier()
    return private is not None and case.tier < private.number
