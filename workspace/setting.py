"""Owner, priority, tags, hold, closing: windows with one small use case each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from slack_bolt import App

from inbox import deskwork
from inbox.case import Case
from inbox.changes import MessageEdited, Received
from inbox.decision import Priority
from inbox.errors import Refusal
from inbox.ports import Unit
from workspace import ids, words
from workspace.blocks import Block
from workspace.office import Workspace
from workspace.reading import CaseView
from workspace.submitting import AtField, Job, Submission, on_press, on_submit
from workspace.windows import (
    OWNER,
    PRIORITY,
    RESOLUTION,
    TAGS,
    UNTIL,
    About,
    change_window,
    close_window,
    drawn,
    given,
    given_choice,
    given_text,
    snooze_window,
)

MORNING = 9
"""The hour of the desk at which a hold ends if nobody chooses another time."""


def listen(app: App, desk: Workspace) -> None:
    on_press(app, desk, ids.CLOSE, lambda _, view, told: close_window(view, told))
    on_submit(app, desk, ids.CLOSE_WINDOW, _close, field=RESOLUTION)
    on_submit(app, desk, ids.CHANGE_WINDOW, _change, field=TAGS)
    on_submit(app, desk, ids.SNOOZE_WINDOW, _snooze, field=UNTIL)


def draw_change(_: Workspace, view: CaseView, told: About) -> Block:
    return change_window(view, told)


def draw_snooze(desk: Workspace, view: CaseView, told: About) -> Block:
    local = desk.clock().astimezone(view.zone)
    morning = (local + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return snooze_window(told, morning)


def _close(desk: Workspace, sent: Submission) -> Job:
    resolution = given_choice(sent.values, RESOLUTION) or "answered"

    def job(unit: Unit, at: datetime) -> Case:
        told = sent.told
        _nothing_new(unit, told)
        return deskwork.close(
            unit, desk.desk, told.case, sent.user, resolution, seen_in=told.channel, at=at
        )

    return job


def _snooze(desk: Workspace, sent: Submission) -> Job:
    chosen = given(sent.values, UNTIL).get("selected_date_time")
    until = datetime.fromtimestamp(int(chosen or 0), UTC)
    if until <= desk.clock():
        raise AtField(words.TIME_IS_OVER, UNTIL)

    def job(unit: Unit, at: datetime) -> Case:
        told = sent.told
        _nothing_new(unit, told)
        return deskwork.snooze(
            unit, desk.desk, told.case, sent.user, until, seen_in=told.channel, at=at
        )

    return job


def _nothing_new(unit: Unit, told: About) -> None:
    """Raises Refusal where the customer wrote while the window was open: nobody has read it."""
    deskwork.case_here(unit, told.case, told.channel)  # locks it
    wrote = (Received, MessageEdited)
    if unit.cases.history(told.case, kinds=wrote, after=told.seen, newest=1):
        raise Refusal(words.WROTE_MEANWHILE.format(number=told.case))


def _change(desk: Workspace, sent: Submission) -> Job:
    """One event for each field that the agent changed; what others changed meanwhile stays."""
    owner = given(sent.values, OWNER).get("selected_user")
    priority = given_choice(sent.values, PRIORITY)
    tags = given_text(sent.values, TAGS)
    was_owner = drawn(sent.blocks, OWNER).get("initial_user")
    was_priority = drawn(sent.blocks, PRIORITY).get("initial_option", {}).get("value")
    was_tags = drawn(sent.blocks, TAGS).get("initial_value", "").strip()
    told, user = sent.told, sent.user

    def job(unit: Unit, at: datetime) -> Case:
        case = deskwork.case_here(unit, told.case, told.channel)
        about = (unit, desk.desk, told.case, user)
        if owner and owner not in (was_owner, case.owner):
            case = deskwork.assign(*about, owner, seen_in=told.channel, at=at)
        if was_owner and not owner and case.owner == was_owner:
            case = deskwork.release(*about, seen_in=told.channel, at=at)
        if priority and priority not in (was_priority, case.priority):
            urgent = Priority(priority)
            case = deskwork.set_priority(*about, urgent, seen_in=told.channel, at=at)
        if tags != was_tags:
            case = deskwork.set_tags(*about, tuple(tags.split(",")), seen_in=told.channel, at=at)
        return case

    return job
