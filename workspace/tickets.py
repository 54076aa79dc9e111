"""A case's ticket in Slack: notes to the helpdesk, its answers sent on, what solved means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import App

from inbox import deskwork
from inbox.case import Case, Status
from inbox.changes import HelpdeskAnswered
from inbox.clearance import LABELS
from inbox.errors import Refusal
from inbox.ports import Unit
from inbox.ticketing import SOLVED
from workspace import ids, words
from workspace.blocks import Block
from workspace.deciding import say_who
from workspace.mrkdwn import size
from workspace.office import Ack, Body, Press, Workspace, number_of, press
from workspace.reading import CaseView
from workspace.reply import open_reply
from workspace.reply_window import MOST_TYPED
from workspace.submitting import Job, Submission, on_press, on_submit
from workspace.windows import NOTE_FIELD, About, given_text, note_window


def listen(app: App, desk: Workspace) -> None:
    on_press(app, desk, ids.NOTE, _draw_note)
    on_submit(app, desk, ids.NOTE_WINDOW, _note, field=NOTE_FIELD, quote=_what_was_typed)
    app.action(ids.SEND_ON)(_listener(desk, _send_on))
    app.action(ids.CLOSE_SOLVED)(_listener(desk, _close))
    app.action(ids.KEEP_OPEN)(_listener(desk, _keep_open))


def _listener(
    desk: Workspace, work: Callable[[Workspace, Press, Body], object]
) -> Callable[..., Any]:
    def pressed_button(ack: Ack, body: Body) -> None:
        ack()
        pressed = press(desk, body)
        desk.explained(pressed.channel_id, pressed.user, lambda: work(desk, pressed, body))

    return pressed_button


# --- notes -------------------------------------------------------------------------------


def _draw_note(_: Workspace, view: CaseView, told: About) -> Block:
    return note_window(told)


def _note(desk: Workspace, sent: Submission) -> Job:
    text, told = given_text(sent.values, NOTE_FIELD), sent.told

    def job(unit: Unit, at: datetime) -> Case:
        return deskwork.note_for_helpdesk(
            unit, desk.desk, told.case, sent.user, text, seen_in=told.channel, at=at
        )

    return job


def _what_was_typed(sent: Submission) -> str:
    return given_text(sent.values, NOTE_FIELD)


# --- sending on --------------------------------------------------------------------------


def _send_on(desk: Workspace, pressed: Press, body: Body) -> None:
    """The Reply window with what the helpdesk wrote, in private only.

    Raises Refusal where the channel may not show all of it: half of it would mislead.
    """
    view = desk.view_here(pressed.number, pressed.seen_in)
    seq = number_of(str(body["actions"][0].get("value", "")).split(":")[0])
    event = view.event(seq)
    if event is None or not isinstance(event.change, HelpdeskAnswered):
        raise Refusal(words.NO_SUCH_ANSWER)
    clearance = desk.lens(pressed.seen_in).clearance
    hidden = {span.cls for span in event.change.spans if clearance.hides(span.cls)}
    if hidden:
        what = ", ".join(sorted(LABELS[cls] for cls in hidden))
        raise Refusal(words.NOT_FOR_THIS_CHANNEL.format(what=what))
    if size(event.change.text) > MOST_TYPED:
        raise Refusal(words.TOO_LONG_TO_SEND_ON)
    open_reply(desk, pressed, privately=event.change.text)


# --- a solved ticket ---------------------------------------------------------------------


def _close(desk: Workspace, pressed: Press, body: Body) -> None:
    def job(unit: Unit, at: datetime) -> Case:
        return deskwork.close(
            unit, desk.desk, pressed.number, pressed.user, SOLVED, seen_in=pressed.seen_in, at=at
        )

    if desk.once(pressed.name, job) is not None:
        say_who(desk, body, pressed, words.CLOSE_TOO)


def _keep_open(desk: Workspace, pressed: Press, body: Body) -> None:
    if desk.view_here(pressed.number, pressed.seen_in).case.status is Status.CLOSED:
        raise Refusal(f"Case {pressed.number} is closed already. Press Reopen on its card.")
    say_who(desk, body, pressed, words.KEEP_OPEN)
