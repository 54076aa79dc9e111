"""Taking a case private, escalating it, asking experts into its thread."""

from __future__ import annotations

from datetime import datetime

from slack_bolt import App

from inbox import deskwork
from inbox.answering import Answer
from inbox.case import Afterwards, Case
from inbox.errors import Refusal, WouldPublish
from inbox.message import Visibility
from inbox.ports import Unit
from workspace import ids, words
from workspace.blocks import Block
from workspace.office import Workspace
from workspace.reading import CaseView
from workspace.reply import ways_of
from workspace.submitting import AtField, Job, Submission, on_press, on_submit
from workspace.windows import (
    EXPERTS,
    INVITATION,
    NOTE,
    QUESTION,
    REASON,
    TIER,
    About,
    chosen_helpdesk,
    drawn,
    escalate_window,
    given,
    given_choice,
    given_text,
    private_window,
    swarm_window,
)


def listen(app: App, desk: Workspace) -> None:
    on_press(app, desk, ids.TAKE_PRIVATE, draw_private)
    on_press(app, desk, ids.ESCALATE, lambda _, view, told: escalate_window(view, told))
    on_submit(app, desk, ids.PRIVATE_WINDOW, _take_private, field=INVITATION, quote=_what_was_typed)
    on_submit(app, desk, ids.ESCALATE_WINDOW, _escalate, field=REASON)
    on_submit(app, desk, ids.SWARM_WINDOW, _swarm, field=QUESTION)


# --- taking private ----------------------------------------------------------------------


def draw_private(desk: Workspace, view: CaseView, told: About) -> Block:
    ways = ways_of(desk, view)
    possible = ways.private.why_not is None
    return private_window(
        view,
        desk.lens(told.channel),
        told,
        ways,
        invitation=_prefilled(desk, view, "invite_private"),
        note=_prefilled(desk, view, "private_note") if possible else "",
    )


def _prefilled(desk: Workspace, view: CaseView, name: str) -> str:
    """The template in the customer's language; an empty field where it cannot be filled."""
    case = view.case
    try:
        return desk.saved_replies.render(
            name, language=case.language, case=case, author=case.author
        )
    except Refusal:
        return ""


def _take_private(desk: Workspace, sent: Submission) -> Job:
    view = desk.view_here(sent.told.case, sent.told.channel)
    invitation = _answer(desk, view, sent, INVITATION, Visibility.PRIVATE, Afterwards.WAIT)
    note = _answer(desk, view, sent, NOTE, Visibility.PUBLIC, Afterwards.KEEP)
    as_filled_in = str(drawn(sent.blocks, NOTE).get("initial_value", "")).strip()
    if invitation is None and note is not None and note.text == as_filled_in:
        raise AtField(words.NOTE_OF_NOTHING, NOTE)

    def job(unit: Unit, at: datetime) -> Case:
        return desk.answering.take_private(
            unit,
            sent.told.case,
            sent.user,
            invitation=invitation,
            note=note,
            seen_in=sent.told.channel,
            at=at,
        )

    return job


def _answer(
    desk: Workspace,
    view: CaseView,
    sent: Submission,
    field: str,
    visibility: Visibility,
    afterwards: Afterwards,
) -> Answer | None:
    """What was typed in a field, checked; None where it was left empty."""
    text = given_text(sent.values, field)
    if not text:
        return None
    try:
        with desk.store.read() as unit:
            draft = desk.answering.draft(unit, view.case, text, visibility, at=desk.clock())
        desk.answering.check(draft, view.case.number)
    except WouldPublish as would:
        raise AtField(f"{would} {words.NOTE_HOLDS_NOTHING}", field) from None
    except Refusal as refusal:
        raise AtField(str(refusal), field) from None
    return Answer(
        text=text,
        visibility=visibility,
        afterwards=afterwards,
        key=f"private:{sent.view_id}:{field}",
        seen=sent.told.seen,
    )


def _what_was_typed(sent: Submission) -> str:
    texts = (given_text(sent.values, field) for field in (INVITATION, NOTE))
    return "\n\n".join(text for text in texts if text)


# --- escalating, asking ------------------------------------------------------------------


def _escalate(desk: Workspace, sent: Submission) -> Job:
    tier, reason = given_choice(sent.values, TIER), given_text(sent.values, REASON)
    if tier is None:
        raise AtField(words.CHOOSE_TIER, TIER)

    helpdesk = chosen_helpdesk(sent.values, desk.desk, int(tier))

    def job(unit: Unit, at: datetime) -> Case:
        told = sent.told
        return deskwork.escalate(
            unit,
            desk.desk,
            told.case,
            sent.user,
            int(tier),
            reason,
            helpdesk=helpdesk,
            seen_in=told.channel,
            at=at,
        )

    return job


def draw_swarm(_: Workspace, view: CaseView, told: About) -> Block:
    return swarm_window(told)


def _swarm(desk: Workspace, sent: Submission) -> Job:
    experts = tuple(str(user) for user in given(sent.values, EXPERTS).get("selected_users") or ())
    question, told = given_text(sent.values, QUESTION), sent.told

    def job(unit: Unit, at: datetime) -> Case:
        return deskwork.swarm(
            unit,
            desk.desk,
            told.case,
            sent.user,
            experts,
            question,
            seen_in=told.channel,
            at=at,
        )

    return job
