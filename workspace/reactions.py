"""Emoji shortcuts on a card: eyes claim it, a check closes it as answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_bolt import App

from inbox import deskwork
from inbox.case import Case
from inbox.changes import Received
from inbox.desk import Desk
from inbox.errors import Refusal
from inbox.excerpt import MOST_EVENTS
from inbox.outbox import ShowEntry, slack_lane
from inbox.ports import Card, Unit
from workspace import words
from workspace.office import Ack, Body, Workspace, dedupe_key

MOST_WAITING = 1_000
"""Of a channel so far behind nobody can say what stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An emoji: by whom, on which card, when."""

    user: str
    card: Card
    at: datetime


def _claim(unit: Unit, desk: Desk, given: Given, at: datetime) -> Case:
    return deskwork.claim(
        unit, desk, given.card.case, given.user, seen_in=given.card.channel, at=at
    )


def _close(unit: Unit, desk: Desk, given: Given, at: datetime) -> Case:
    number, channel = given.card.case, given.card.channel
    deskwork.case_here(unit, number, channel)  # locks it
    if _wrote_since(unit, given):
        raise Refusal(words.WROTE_SINCE.format(number=number))
    resolution = desk.resolutions[0] if desk.resolutions else "answered"
    return deskwork.close(unit, desk, number, given.user, resolution, seen_in=channel, at=at)


def _wrote_since(unit: Unit, given: Given) -> bool:
    """Whether the customer wrote what did not stand in Slack yet when the emoji was given."""
    channel = given.card.channel
    waiting = unit.outbox.undone(slack_lane(channel), limit=MOST_WAITING)
    hidden = {
        item.effect.seq
        for item in waiting
        if isinstance(item.effect, ShowEntry) and item.effect.case == given.card.case
    }
    return len(waiting) == MOST_WAITING or any(
        event.seq in hidden or event.at > given.at
        for event in unit.cases.history(given.card.case, kinds=(Received,), newest=MOST_EVENTS)
    )


_WORKS: Mapping[str, Callable[[Unit, Desk, Given, datetime], Case]] = {
    "eyes": _claim,
    "white_check_mark": _close,
}


def listen(app: App, desk: Workspace) -> None:
    """Taking a reaction away does nothing: a case is released by its button."""

    def reacted(ack: Ack, body: Body) -> None:
        ack()
        event = body["event"]
        card = meant(desk, event)
        if card is None:
            return
        work = _WORKS[event["reaction"]]
        channel_id, user = str(event["item"]["channel"]), str(event["user"])
        when = datetime.fromtimestamp(float(event["event_ts"]), UTC)
        given = Given(user=user, card=card, at=when)

        def job(unit: Unit, at: datetime) -> Case:
            return work(unit, desk.desk, given, at)

        desk.explained(channel_id, user, lambda: desk.once(dedupe_key(body), job))

    app.event("reaction_added")(reacted)


def meant(desk: Workspace, event: Body) -> Card | None:
    """The card on which an emoji was given that does something."""
    item = event.get("item") or {}
    if event.get("reaction") not in _WORKS or item.get("type") != "message":
        return None
    return card_at(desk, str(item["channel"]), str(item["ts"]))


def card_at(desk: Workspace, channel_id: str, ts: str) -> Card | None:
    """The card that stands at this message."""
    with desk.store.read() as unit:
        return unit.cards.at(desk.key_of(channel_id), ts)
