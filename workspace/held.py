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
from workspace.deciding import say_who
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
                say_who(desk, body, pressed, word)

        desk.explained(pressed.channel_id, pressed.user, work)

    return pressed_button
