"""Emoji shortcuts on a card: eyes claim it, a check closes it as answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from slack_bolt import App

from inbox import deskwork
from inbox.case import Case
from inbox.desk import Desk
from inbox.ports import Card, Unit
from workspace.actions import Work
from workspace.office import Ack, Body, Workspace, dedupe_key


def close_as_answered(
    unit: Unit, desk: Desk, number: int, user: str, /, *, seen_in: str | None, at: datetime
) -> Case:
    resolution = desk.resolutions[0] if desk.resolutions else "answered"
    return deskwork.close(unit, desk, number, user, resolution, seen_in=seen_in, at=at)


_WORKS: Mapping[str, Work] = {"eyes": deskwork.claim, "white_check_mark": close_as_answered}


def listen(app: App, desk: Workspace) -> None:
    """Taking a reaction away does nothing: a case is released by its button."""

    def reacted(ack: Ack, body: Body) -> None:
        ack()
        event = body["event"]
        work = _WORKS.get(event.get("reaction", ""))
        item = event.get("item") or {}
        if work is None or item.get("type") != "message":
            return
        channel_id, user = str(item["channel"]), str(event["user"])
        card = card_at(desk, channel_id, str(item["ts"]))
        if card is None:
            return
        number, seen_in = card.case, card.channel

        def job(unit: Unit, at: datetime) -> Case:
            return work(unit, desk.desk, number, user, seen_in=seen_in, at=at)

        desk.explained(channel_id, user, lambda: desk.once(dedupe_key(body), job))

    app.event("reaction_added")(reacted)


def card_at(desk: Workspace, channel_id: str, ts: str) -> Card | None:
    """The card that stands at this message."""
    with desk.store.read() as unit:
        return unit.cards.at(desk.key_of(channel_id), ts)
