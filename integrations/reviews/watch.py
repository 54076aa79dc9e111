"""What a poll knows of a shop's reviews, and what is new since. Pure.

Shops tell of nothing, and some give an edited review no new date. So the newest reviews are
looked at again; what is known of them stands in the poll's cursor.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from inbox.message import Account, Author, Echoed, Edited, Message, Posted
from integrations.reviews.review import Reply, Review, digest, mark, to_answer, to_message
from integrations.reviews.standing import Standing

MOST = 1000
"""Reviews that are remembered; more than are watched, for the shops' own order may change."""
_SECOND = timedelta(seconds=1)
_LONG_AGO = datetime(2005, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """`changed` in seconds since 1970; `answer` is the standing answer's digest, "" for none."""

    changed: int
    mark: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`horizon`: an unknown review that was last changed before it is an old one."""

    horizon: datetime = _LONG_AGO
    reviews: dict[str, Known] = field(default_factory=dict)

    def is_new(self, review: Review) -> bool:
        return review.id not in self.reviews and review.changed >= self.horizon

    def after(self, listed: Sequence[Review], *, complete: bool) -> State:
        """What is known after a poll. What is older than all that was listed is old."""
        known = self.reviews | {one.id: _known(one) for one in listed}
        newest = dict(sorted(known.items(), key=lambda item: item[1].changed)[-MOST:])
        oldest = min((one.changed for one in listed), default=_LONG_AGO)
        horizon = self.horizon if complete else max(self.horizon, oldest + _SECOND)
        return replace(self, horizon=horizon, reviews=newest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Turns what changed into events."""

    account: Account
    handle: str
    standing: Standing
    now: datetime

    def of(self, state: State, listed: Sequence[Review]) -> Iterator[Posted | Edited | Echoed]:
        """Oldest first, as `listed` reversed."""
        for review in reversed(listed):
            known = state.reviews.get(review.id)
            if known is None:
                if state.is_new(review):
                    yield from self._new(review)
            else:
                yield from self._changed(review, known)

    def _new(self, review: Review) -> Iterator[Posted | Echoed]:
        reply = self._foreign(review)
        message = to_message(review, self.account, answered=reply is not None)
        yield Posted(message=message)
        if reply is not None:
            yield self._echo(review, reply, message)

    def _changed(self, review: Review, known: Known) -> Iterator[Edited | Echoed]:
        reply = self._foreign(review)
        message = to_message(review, self.account, answered=reply is not None)
        if known.mark != mark(review):
            # Where the shop does not date the change it is dated by when it was seen.
            dated = review.changed > datetime.fromtimestamp(known.changed + 1, UTC)
            yield Edited(
                message=message, at=(review.changed if dated else self.now).astimezone(UTC)
            )
        if reply is not None and known.answer != digest(reply.text):
            yield self._echo(review, reply, message)

    def _foreign(self, review: Review) -> Reply | None:
        reply = review.reply
        return None if reply is None or self.standing.is_ours(review.id, reply.text) else reply

    def _echo(self, review: Review, reply: Reply, message: Message) -> Echoed:
        to: Author = message.author
        return Echoed(message=to_answer(review, reply, self.account, self.handle), to=to)


def dump(state: State) -> str:
    reviews = {id_: [one.changed, one.mark, one.answer] for id_, one in state.reviews.items()}
    data = {"horizon": int(state.horizon.timestamp()), "reviews": reviews}
    return json.dumps(data, separators=(",", ":"))


def load(cursor: str) -> State:
    data = json.loads(cursor)
    return State(
        horizon=datetime.fromtimestamp(data["horizon"], UTC),
        reviews={id_: Known(*known) for id_, known in data["reviews"].items()},
    )


def _known(review: Review) -> Known:
    answer = digest(review.reply.text) if review.reply else ""
    return Known(int(review.changed.timestamp()), mark(review), answer)
