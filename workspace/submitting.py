"""The form that windows with a plain use case behind them have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt import App

from inbox.errors import Refusal
from inbox.ports import Unit
from workspace import words
from workspace.blocks import Block
from workspace.mrkdwn import clip
from workspace.office import Ack, Body, Press, Workspace, dedupe_key, fields_of, log, press
from workspace.opening import open_window
from workspace.reading import CaseView
from workspace.windows import About, about

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A window as it was sent; `blocks` are those that it was drawn with."""

    told: About
    user: str
    values: Values
    blocks: Sequence[Values]
    name: str
    view_id: str


Job = Callable[[Unit, datetime], object]
Prepare = Callable[[Workspace, Submission], Job]
"""Looks at what was typed and gives the work of one transaction.

Raises Refusal for what the agent must correct first.
"""


def told_of(pressed: Press, view: CaseView) -> About:
    return About(
        case=pressed.number,
        channel=pressed.seen_in,
        channel_id=pressed.channel_id,
        seen=view.case.version,
    )


class AtField(Refusal):
    """A refusal that belongs to one field of the window."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


Draw = Callable[[Workspace, CaseView, About], Block]


def opens(desk: Workspace, draw: Draw) -> Callable[[Press], None]:
    """Opening a window for a case that is still worked where the button is."""

    def open_it(pressed: Press) -> None:
        def work() -> None:
            view = desk.view_here(pressed.number, pressed.seen_in)
            open_window(desk, pressed.trigger, draw(desk, view, told_of(pressed, view)))

        desk.explained(pressed.channel_id, pressed.user, work)

    return open_it


def on_press(app: App, desk: Workspace, action: str, draw: Draw) -> None:
    opening = opens(desk, draw)

    def pressed_button(ack: Ack, body: Body) -> None:
        ack()
        opening(press(desk, body))

    app.action(action)(pressed_button)


def on_submit(
    app: App,
    desk: Workspace,
    callback: str,
    prepare: Prepare,
    *,
    field: str,
    quote: Callable[[Submission], str] | None = None,
) -> None:
    """`field` is where a refusal stands; `quote` what is given back if it fails after all."""

    def submitted(ack: Ack, body: Body) -> None:
        try:
            sent = submission(body)
            job = prepare(desk, sent)
        except Refusal as refusal:
            at = refusal.field if isinstance(refusal, AtField) else field
            refuse(desk, ack, body, at, str(refusal))
            return
        except Exception as error:  # outer loop: the window must answer
            log.error("a window could not be checked: %s", type(error).__name__)
            refuse(desk, ack, body, field, words.NOT_DONE)
            return
        ack()
        desk.explained(
            sent.told.channel_id,
            sent.user,
            lambda: desk.once(sent.name, job),
            quote=quote(sent) if quote else None,
        )

    app.view(callback)(submitted)


def refuse(desk: Workspace, ack: Ack, body: Body, field: str, text: str) -> None:
    """Under the field, or under the first one; to the agent alone where the window has none."""
    fields = fields_of(body)
    if not fields:
        ack()
        user = str(body["user"]["id"])
        desk.explained(user, user, lambda: _raise(text))
        return
    at = field if field in fields else fields[0]
    ack(response_action="errors", errors={at: clip(text, 1500, "…")})


def _raise(text: str) -> None:
    raise Refusal(text)


def submission(body: Body) -> Submission:
    opened = body["view"]
    return Submission(
        told=about(opened["private_metadata"]),
        user=str(body["user"]["id"]),
        values=opened["state"]["values"],
        blocks=opened["blocks"],
        name=dedupe_key(body),
        view_id=str(opened["id"]),
    )
