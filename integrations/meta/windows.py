"""When Messenger and Instagram take a private message. Pure.

A private reply to a comment: one, within seven days. After that only when the person wrote in
private: 24 hours for everything, seven days for what a person wrote, with the human agent tag
(Messenger Platform: "Private Replies", "Policy", "Message Tags"; Instagram: the same).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox.message import Visibility
from inbox.ports import Approach, Window

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
LIVE = "live"
"""Key of `Message.native` for a comment under a live video."""

_ONE = (
    "Meta takes one private reply to a comment: say all in this one. The next is possible when"
    " they have answered."
)
_NEW = (
    "Their last private message is too long ago for Meta to take an answer to it: this goes out as"
    " the private reply to their newest comment. Meta takes one: say all in this one."
)
_UNTIL_THEY_WRITE = "Answer in public, or wait until they write in private."


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The preconditions of one account; `human_agent`: Meta granted it that permission."""

    human_agent: bool

    def look(self, approach: Approach, *, at: datetime) -> Window:
        if approach.visibility is Visibility.PUBLIC:
            return _public(approach)
        target = approach.target
        under_comment = target is not None and target.visibility is Visibility.PUBLIC
        if approach.wrote_at is not None and not under_comment:
            return self._going_on(approach.wrote_at, at, automatic=approach.automatic)
        return _first(approach, at)

    def _going_on(self, wrote_at: datetime, at: datetime, *, automatic: bool) -> Window:
        if at < wrote_at + DAY:
            return Window(until=wrote_at + DAY, note=self._later(automatic=automatic))
        if not self.human_agent:
            return Window(
                why_not="Meta takes a private answer only within 24 hours of the customer's last"
                f" private message; that is over. {_UNTIL_THEY_WRITE}"
            )
        if at >= wrote_at + WEEK:
            return Window(
                why_not="The customer's last private message is more than seven days ago; Meta"
                f" takes nothing any more. {_UNTIL_THEY_WRITE}"
            )
        if automatic:
            return Window(
                why_not="Meta takes automatic answers only within 24 hours of the customer's last"
                " private message. A person can still answer."
            )
        return Window(
            until=wrote_at + WEEK,
            note="More than 24 hours have passed: it goes out with Meta's human agent tag, for"
            " answers that a person wrote.",
        )

    def _later(self, *, automatic: bool) -> str | None:
        if automatic or not self.human_agent:
            return None
        return "After that a person can still answer until seven days after their message."


def _public(approach: Approach) -> Window:
    if approach.target is not None and approach.target.native.get(LIVE):
        return Window(
            why_not="Instagram takes no answers under a live video through other programs."
            " Answer in private while it runs."
        )
    return Window()


def _first(approach: Approach, at: datetime) -> Window:
    """A private reply to a comment, where no private message can be answered."""
    target = approach.target
    if target is None or target.visibility is Visibility.PRIVATE:
        return Window(
            why_not=f"The customer has never written in private. {_UNTIL_THEY_WRITE}",
        )
    if approach.invited:
        return Window(
            why_not="This comment has had its one private reply; the conversation goes on when"
            f" they answer it. {_UNTIL_THEY_WRITE}"
        )
    if at >= target.created_at + WEEK:
        return Window(
            why_not="Meta takes a private reply only within seven days of the comment; that is"
            f" over. {_UNTIL_THEY_WRITE}"
        )
    return Window(until=target.created_at + WEEK, note=_ONE if approach.wrote_at is None else _NEW)
