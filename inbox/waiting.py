"""Why an answer does not get to its network at present, told once on the cards of all who wait.

The outbox itself knows: the head of the lane was tried, and says why in vain.
"""

from __future__ import annotations

from msgspec import Struct

from inbox.case import Case
from inbox.changes import AnswerQueued
from inbox.outbox import HideMessage, Item, LikeMessage, SendAnswer, account_lane
from inbox.ports import Unit
from inbox.record import show_card

MOST_TOLD = 100
"""Cards that are drawn anew; those of answers further behind say that they are on their way."""


class Wait(Struct, frozen=True, kw_only=True):
    """`doubtful`: this very answer may be there, and is looked for before it is sent again."""

    why: str
    doubtful: bool


def answer_waits(unit: Unit, case: Case, answer: AnswerQueued) -> Wait | None:
    lane = account_lane(case.account, automatic=answer.automatic)
    for head in unit.outbox.undone(lane, limit=1):
        if head.reason:
            return Wait(why=head.reason, doubtful=head.key == answer.key and head.maybe_done)
    return None


def tell(unit: Unit, item: Item, why: str | None) -> None:
    """After an attempt: `why` its lane waits now, None where it does not. Said when it changes."""
    if not isinstance(item.effect, SendAnswer | HideMessage | LikeMessage) or item.reason == why:
        return
    numbers = {
        each.effect.case
        for each in unit.outbox.undone(item.lane, limit=MOST_TOLD)
        if isinstance(each.effect, SendAnswer)
    }
    cases = [unit.cases.get(number) for number in sorted(numbers)]
    unit.outbox.add(show_card(case, case.channel) for case in cases if case)
