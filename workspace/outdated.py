"""What stands in Slack since an older version: whoever presses it is told so, and what to do."""

from __future__ import annotations

import re
from datetime import datetime

from slack_bolt import App

from inbox import deskwork
from inbox.ports import Card, Unit
from workspace import words
from workspace.office import Ack, Body, Press, Workspace, press
from workspace.reactions import card_at
from workspace.submitting import refuse

ANY = re.compile("")


def listen(app: App, desk: Workspace) -> None:
    """The last of all rooms: what no other one knows comes here."""

    def pressed_something(ack: Ack, body: Body) -> None:
        ack()
        explain(desk, body)

    def submitted(ack: Ack, body: Body) -> None:
        refuse(desk, ack, body, "", words.GONE_META)

    app.action(ANY)(pressed_something)
    app.view(ANY)(submitted)


def explain(desk: Workspace, body: Body) -> None:
    """Nothing is done but this: the card is drawn as it would be now."""
    pressed = press(desk, body)
    place = pressed.channel_id or pressed.user
    desk.explained(place, pressed.user, lambda: _explain(desk, body, pressed, place))


def _explain(desk: Workspace, body: Body, pressed: Press, place: str) -> None:
    container = body.get("container") or {}
    card = card_at(desk, place, str(container.get("message_ts", "")))

    def job(unit: Unit, at: datetime) -> bool:
        if card is not None:
            deskwork.draw_anew(unit, card)
        return True

    if desk.once(pressed.name, job):
        desk.tell(place, pressed.user, _sentence(body, card))


def _sentence(body: Body, card: Card | None) -> str:
    if body.get("view"):
        return words.GONE_META
    return words.OLD_CARD if card else words.OLD_BUTTON
