"""What X makes possible, before anybody writes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from inbox.message import Message, Visibility
from inbox.ports import Approach, Window
from integrations.x import XSettings
from integrations.x.convert import CLOSED, SUMMONED
from integrations.x.errors import NO_MESSAGES, NOT_SUMMONED
from integrations.x.till import MICRO

_NOT_AUTOMATIC = (
    "Automatic answers are off for X, which allows them only to labelled accounts."
    " A person can answer, or the setting automatic_replies turns them on."
)
_WRITE_FIRST = "X allows automatic direct messages only to those who wrote to us first."


@dataclass(frozen=True, slots=True)
class Rules:
    """Implements Windows."""

    settings: XSettings

    def look(self, approach: Approach, *, at: datetime) -> Window:
        if approach.automatic and not self.settings.automatic_replies:
            return Window(why_not=_NOT_AUTOMATIC)
        if approach.visibility is Visibility.PRIVATE:
            return self._private(approach)
        return self._public(approach)

    def _public(self, approach: Approach) -> Window:
        target = approach.target
        if target is not None and not self._allowed(target):
            return Window(why_not=NOT_SUMMONED)
        return Window(note=self._note())

    def _private(self, approach: Approach) -> Window:
        target, wrote = approach.target, approach.wrote_at is not None
        if approach.automatic and not wrote:
            return Window(why_not=_WRITE_FIRST)
        if target is not None and CLOSED in target.native and not wrote:
            return Window(why_not=NO_MESSAGES)
        return Window()

    def _allowed(self, target: Message) -> bool:
        if self.settings.enterprise:
            return True
        how = target.native.get(SUMMONED)
        return how in ("mention", "quote") or (how == "reply" and self.settings.replies_summon)

    def _note(self) -> str | None:
        prices = self.settings.prices
        if prices.post_with_link <= prices.summoned_reply:
            return None
        return (
            f"A link makes this reply cost {_dollars(prices.post_with_link)}"
            f" instead of {_dollars(prices.summoned_reply)}."
        )


def _dollars(micro: int) -> str:
    return f"${Decimal(micro) / MICRO:.2f}"
