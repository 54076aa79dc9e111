"""Buttons on a card that do their work at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from slack_bolt import App

from inbox import deskwork, moderation
from inbox.case import Case
from inbox.desk import Desk
from inbox.errors import Refusal
from inbox.ports import Unit
from workspace import ids, words
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
}
_ON_NEWEST: dict[str, Work] = {
    ids.HIDE: moderation.hide,
    ids.UNHIDE: moderation.unhide,
    ids.LIKE: moderation.like,
    ids.UNLIKE: moderation.unlike,
}


def listen(app: App, desk: Workspace) -> None:
    app.action(ids.OPEN)(_opens_by_itself)
    for action, work in _WORKS.items():
        app.action(action)(_listener(desk, work))
    for action, work in _ON_NEWEST.items():
        app.action(action)(_asker(desk, work))


def _opens_by_itself(ack: Ack) -> None:
    """The button leads to an address; Slack only waits to hear that we know of it."""
    ack()


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


def _asker(desk: Workspace, work: Work) -> Callable[..., Any]:
    """For what is done to the newest public message: only to the one that the card showed."""

    def pressed_button(ack: Ack, body: Body) -> None:
        ack()
        pressed = press(desk, body)
        shown = str(body["actions"][0].get("value", "")).rpartition(":")[0]

        def on_shown(
            unit: Unit, of: Desk, number: int, user: str, /, *, seen_in: str | None, at: datetime
        ) -> Case:
            case = deskwork.case_here(unit, number, seen_in)
            if shown and shown != str(case.messages):
                raise Refusal(words.WROTE_ON.format(number=number))
            return work(unit, of, number, user, seen_in=seen_in, at=at)

        do(desk, pressed, on_shown)

    return pressed_button
