"""Held answers: a person looked at the network and says what is true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import App

from inbox import deliveries
from inbox.outbox import Item
from inbox.ports import Unit
from workspace import ids, words
from workspace.alerts import decided
from workspace.errors import asking
from workspace.office import Ack, Body, Workspace, press

Decide = Callable[[Unit, int, datetime], Item]


def listen(app: App, desk: Workspace) -> None:
    def there(unit: Unit, item: int, at: datetime) -> Item:
        return deliveries.it_is_there(unit, desk.desk, item, at=at)

    def again(unit: Unit, item: int, at: datetime) -> Item:
        return deliveries.send_again(unit, item)

    app.action(ids.IT_IS_THERE)(_decider(desk, there, words.IT_IS_THERE))
    app.action(ids.SEND_AGAIN)(_decider(desk, again, words.SEND_AGAIN))


def _decider(desk: Workspace, decide: Decide, word: str) -> Callable[..., Any]:
    def pressed_button(ack: Ack, body: Body) -> None:
        ack()
        pressed = press(desk, body)

        def work() -> None:
            job = desk.once(pressed.name, lambda unit, at: decide(unit, pressed.number, at))
            if job is not None:
                _say_who(desk, body, pressed.user, pressed.channel_id, word)

        desk.explained(pressed.channel_id, pressed.user, work)

    return pressed_button


def _say_who(desk: Workspace, body: Body, user: str, channel_id: str, word: str) -> None:
    """The alert loses its buttons and says who decided."""
    message = body.get("message") or {}
    shown = decided(str(message.get("text", "")), user, word)
    asking(
        lambda: desk.client.chat_update(
            channel=channel_id,
            ts=str(message.get("ts", "")),
            text=shown.text,
            blocks=[*shown.blocks],
        ),
        post=False,
    )
