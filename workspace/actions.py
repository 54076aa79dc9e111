"""Buttons on a card that do their work at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from slack_bolt import App

from inbox import deskwork, moderation
from inbox.case import Case
from inbox.desk import Desk
from inbox.ports import Unit
from workspace import ids
from workspace.office import Ack, Body, Press, Workspace, press


class Work(Protocol):
    """A use case that needs nothing but the case and the agent."""

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
    ) -> Case: ...


_WORKS: dict[str, Work] = {
    ids.CLAIM: deskwork.claim,
    ids.RELEASE: deskwork.release,
    ids.REOPEN: deskwork.reopen,
    ids.HIDE: moderation.hide,
    ids.UNHIDE: moderation.unhide,
    ids.LIKE: moderation.like,
    ids.UNLIKE: moderation.unlike,
}


def listen(app: App, desk: Workspace) -> None:
    for action, work in _WORKS.items():
        app.action(action)(_listener(desk, work))


def do(desk: Workspace, pressed: Press, work: Work) -> None:
    """One use case, once, in one transaction; a refusal is told to the agent."""

    def job(unit: Unit, at: datetime) -> Case:
        return work(unit, desk.desk, pressed.number, pressed.user, seen_in=pressed.seen_in, at=at)

    desk.explained(pressed.channel_id, pressed.user, lambda: desk.once(pressed.name, job))


def _listener(desk: Workspace, work: Work) -> Callable[..., Any]:
    def pressed_button(ack: Ack, body: Body) -> None:
        ack()
        do(desk, press(desk, body), work)

    return pressed_button
