"""Carries answers to their network: looks before a second attempt, never sends blindly twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from inbox import approach
from inbox.approach import answerable
from inbox.changes import Answered
from inbox.deliveries import Unknowable
from inbox.errors import AlreadyThere, Rejected, Unsupported
from inbox.excerpt import MOST_EVENTS
from inbox.meanwhile import why_unwanted
from inbox.message import Account, Draft, Sent, Visibility
from inbox.outbox import HideMessage, Item, LikeMessage, SendAnswer
from inbox.ports import Approach, Connection, Delivered, Knowledge, Store

LOOK_BACK = timedelta(minutes=2)
"""Clocks of networks differ from ours: look for the answer from this long before the attempt."""


class Clock(Protocol):
    def __call__(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCourier:
    """Delivers SendAnswer, HideMessage and LikeMessage through the account's connection.

    `knowledge` are the articles in use, of which automatic answers are made.
    """

    connections: Mapping[Account, Connection]
    store: Store
    now: Clock
    knowledge: Knowledge | None = None

    def deliver(self, item: Item) -> Delivered:
        """Raises an IntegrationError; Unknowable where only a person can decide."""
        match item.effect:
            case SendAnswer() as effect:
                sent = self._send(item, effect)
                return Delivered(ref=sent.ref, url=sent.url)
            case HideMessage() as effect:
                self._hide(effect)
                return Delivered()
            case LikeMessage() as effect:
                self._like(effect)
                return Delivered()
            case _:
                raise Rejected(f"{type(item.effect).__name__} is not for this courier.")

    def _hide(self, effect: HideMessage) -> None:
        moderator = self._connection(effect.message.at()).moderator
        if moderator is None:
            raise Unsupported(f"{effect.message.network} cannot hide comments.")
        (moderator.hide if effect.hidden else moderator.unhide)(effect.message)

    def _like(self, effect: LikeMessage) -> None:
        liker = self._connection(effect.message.at()).liker
        if liker is None:
            raise Unsupported(f"{effect.message.network} has no likes.")
        (liker.like if effect.liked else liker.unlike)(effect.message)

    def _send(self, item: Item, effect: SendAnswer) -> Sent:
        draft = effect.draft
        if item.maybe_done and draft.account not in self.connections:
            raise Unknowable(f"the account {draft.account} is not set up any more.")
        connection = self._connection(draft.account)
        if item.maybe_done and (found := self._look(item, draft, connection)):
            return found
        self._still_right(item, effect, connection)
        try:
            return _given(draft, connection, key=item.key)
        except AlreadyThere:
            if item.maybe_done:
                raise Unknowable(
                    "the network says that it has such an answer already, and does not show it."
                ) from None
            raise

    def _still_right(self, item: Item, effect: SendAnswer, connection: Connection) -> None:
        """Raises Rejected where it shall not go out any more. Where an attempt may have gone
        through and the network shows nothing, nobody knows that it did not: then Unknowable.
        """
        try:
            self._is_true(effect)
            self._is_wanted(item, effect)
            self._is_said(effect)
            self._stands(effect.draft)
            self._may(effect, connection)
        except Rejected as why:
            if item.maybe_done and connection.readback is None:
                raise Unknowable(f"it may stand there. Else it stays out: {why}") from None
            raise

    def _is_true(self, effect: SendAnswer) -> None:
        """Raises Rejected where the answer that this one speaks of did not go out.

        They share a lane, so the other one was tried before.
        """
        if effect.only_after is None:
            return
        with self.store.read() as unit:
            history = unit.cases.history(effect.case, kinds=(Answered,), newest=MOST_EVENTS)
        if not any(
            isinstance(e.change, Answered) and e.change.key == effect.only_after for e in history
        ):
            raise Rejected(
                "The private message that it speaks of did not go out, so this was kept back, too."
            )

    def _is_wanted(self, item: Item, effect: SendAnswer) -> None:
        """Raises Rejected where an automatic answer was overtaken while it waited."""
        if not effect.automatic:
            return
        with self.store.read() as unit:
            why_not = why_unwanted(unit, effect, item.key)
        if why_not is not None:
            raise Rejected(why_not)

    def _is_said(self, effect: SendAnswer) -> None:
        """Raises Rejected where the article that it was made of says something else by now."""
        made_of = effect.article
        if made_of is None or self.knowledge is None:
            return
        now = self.knowledge.article(made_of.article)
        if now is None or now.edition != made_of:
            raise Rejected(
                "The article that it was made of was changed or taken out meanwhile. Answer with"
                " what holds now."
            )

    def _stands(self, draft: Draft) -> None:
        """Raises Rejected where a public answer would be one to nothing: some networks take it."""
        target = draft.in_reply_to
        if target is None or draft.visibility is Visibility.PRIVATE:
            return
        with self.store.read() as unit:
            stored = unit.messages.find({target}).get(target)
        if stored is not None and stored.deleted_at is not None:
            raise Rejected("The post that it answers was deleted on the network meanwhile.")

    def _may(self, effect: SendAnswer, connection: Connection) -> None:
        """Raises Rejected where the network's preconditions hold no more: time may have passed."""
        now = self.now()
        window = approach.window(connection, lambda: self._approach(effect), at=now)
        if window.why_not is not None:
            raise Rejected(window.why_not)

    def _approach(self, effect: SendAnswer) -> Approach:
        draft = effect.draft
        named = draft.in_reply_to or draft.about
        with self.store.read() as unit:
            case = unit.cases.get(effect.case)
            messages = answerable(unit, case, named) if case is not None else ()
        target = next((s.message for s in messages if s.message.ref == named), None)
        return approach.approach(
            messages, target, draft.visibility, draft.to, automatic=draft.automatic
        )

    def _look(self, item: Item, draft: Draft, connection: Connection) -> Sent | None:
        """The answer if it stands there; None where a second attempt is safe."""
        first = item.first_tried or item.created_at
        if connection.readback is not None:
            try:
                return connection.readback.find(draft, key=item.key, since=first - LOOK_BACK)
            except (Rejected, Unsupported) as error:
                raise Unknowable(f"the network does not let us look: {error}") from None
        repeatable = connection.repeatable
        if repeatable is not None and self.now() - first < repeatable:
            return None
        raise Unknowable("the network cannot be asked whether it has it.")

    def _connection(self, account: Account) -> Connection:
        connection = self.connections.get(account)
        if connection is None:
            raise Rejected(f"The account {account} is not set up any more.")
        return connection


def _given(draft: Draft, connection: Connection, *, key: str) -> Sent:
    if draft.visibility is Visibility.PRIVATE:
        if connection.private is None:
            raise Unsupported(f"{draft.account} has no private messages.")
        return connection.private.message(draft, key=key)
    if connection.public is None:
        raise Unsupported(f"{draft.account} has no public replies.")
    return connection.public.reply(draft, key=key)
