"""What is asked of the network about a customer's public message: hide it, like it, undo that.

An agent asks by a button, a rule by its decision. The case itself stays; what became of it is told
in its thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from inbox.case import Actor, ActorKind, Case
from inbox.decision import Decision
from inbox.desk import Desk
from inbox.deskwork import agent, case_here
from inbox.errors import Refusal
from inbox.message import Message, Ref, Visibility
from inbox.outbox import HideMessage, LikeMessage, NewItem, account_lane
from inbox.ports import Unit
from inbox.record import record


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that a network can do to a public message; `verb` is how agents call it."""

    verb: str
    effect: Callable[[int, Ref, Actor], HideMessage | LikeMessage]

    def __call__(
        self,
        unit: Unit,
        desk: Desk,
        number: int,
        user: str,
        /,
        *,
        seen_in: str | None,
        at: datetime,
    ) -> Case:
        """Ask it for the newest public message. Two agents who press at once ask once."""
        case = case_here(unit, number, seen_in)
        if case.last_public is None:
            raise Refusal(
                f"Nothing of case {number} stands in public; there is nothing to {self.verb}."
            )
        item = NewItem(
            effect=self.effect(number, case.last_public, agent(user)),
            lane=account_lane(case.account),
            key=f"{self.verb}:{case.last_public}:{case.version}",
        )
        unit.outbox.add([item])
        return record(unit, desk, case, [], actor=agent(user), at=at)


hide = Wish("hide", lambda case, ref, by: HideMessage(case=case, message=ref, by=by))
unhide = Wish(
    "show again", lambda case, ref, by: HideMessage(case=case, message=ref, hidden=False, by=by)
)
like = Wish("like", lambda case, ref, by: LikeMessage(case=case, message=ref, by=by))
unlike = Wish(
    "like no more", lambda case, ref, by: LikeMessage(case=case, message=ref, liked=False, by=by)
)


def hiding(case: Case, message: Message, decision: Decision) -> list[NewItem]:
    """A customer publishes what should not stand there: ask the network to hide it."""
    if not decision.hide or message.visibility is Visibility.PRIVATE:
        return []
    rule = Actor(kind=ActorKind.RULE, id=decision.rule)
    effect = HideMessage(case=case.number, message=message.ref, by=rule)
    lane = account_lane(case.account, automatic=True)
    key = f"hide:{message.ref.network}:{message.ref.account}:{message.ref.id}"
    return [NewItem(effect=effect, lane=lane, key=key)]
