"""The Reply window at work: opened at once, checked before it closes, sent once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_bolt import App

from inbox.answering import MEANWHILE, Answer
from inbox.case import ActorKind, Case
from inbox.changes import AnsweredElsewhere, AnswerQueued, CaseEvent, Closed
from inbox.errors import AnsweredMeanwhile, Refusal, WouldPublish
from inbox.message import Visibility
from inbox.ports import Unit
from workspace import ids, words
from workspace.blocks import Block, moment
from workspace.knowledge import read_by_agents, text_of
from workspace.mrkdwn import clip, plain, short
from workspace.office import Ack, Body, Press, Workspace, fields_of, log, press
from workspace.opening import draw_anew, open_window
from workspace.reading import CaseView
from workspace.reply_window import (
    Note,
    Typed,
    Ways,
    chosen_place,
    filled,
    first_place,
    noted,
    reply_window,
    typed,
)
from workspace.showing import Lens
from workspace.ticket_cards import in_private


def listen(app: App, desk: Workspace) -> None:
    app.action(ids.REPLY)(_opener(desk))
    app.action(ids.WHERE)(_changer(desk, _moved))
    app.action(ids.SAVED)(_changer(desk, _with_saved))
    app.action(ids.ARTICLE)(_changer(desk, _with_article))
    app.view(ids.REPLY_WINDOW)(_submitter(desk))


# --- opening -----------------------------------------------------------------------------


def _opener(desk: Workspace) -> Callable[..., Any]:
    def pressed_reply(ack: Ack, body: Body) -> None:
        ack()
        pressed = press(desk, body)
        desk.explained(pressed.channel_id, pressed.user, lambda: open_reply(desk, pressed))

    return pressed_reply


def open_reply(
    desk: Workspace,
    pressed: Press,
    *,
    article: str | None = None,
    privately: str | None = None,
) -> None:
    """The window for a card's case, with the text of an article where one is to be used.

    `privately`: a text that may be sent in private only.
    """
    view = desk.view_here(pressed.number, pressed.seen_in)
    ways = ways_of(desk, view)
    note = Note(
        case=pressed.number,
        channel=pressed.seen_in,
        channel_id=pressed.channel_id,
        seen=view.case.version,
        visibility=first_place(view, ways).value,
    )
    so_far = Typed()
    if privately is not None:
        note = replace(note, visibility=Visibility.PRIVATE.value, secret=True)
        so_far = Typed(text=privately)
    if article is not None:
        note, so_far = _used(desk, view, article, note, so_far)
    open_window(desk, pressed.trigger, _drawn(desk, view, ways, note, so_far))


def ways_of(desk: Workspace, view: CaseView) -> Ways:
    """What the network makes possible for this case now."""
    with desk.store.read() as unit:
        at, case = desk.clock(), view.case
        windows = {v: desk.answering.window(unit, case, v, at=at) for v in Visibility}
        possible = [v for v, window in windows.items() if window.why_not is None]
        return Ways(
            public=windows[Visibility.PUBLIC],
            private=windows[Visibility.PRIVATE],
            room={v: desk.answering.room(unit, case, v, at=at) for v in possible},
        )


def _drawn(
    desk: Workspace,
    view: CaseView,
    ways: Ways,
    note: Note,
    so_far: Typed,
    *,
    notice: str | None = None,
) -> Block:
    ways = ways.only_private() if note.secret else ways
    saved = desk.saved_replies.saved(view.case.language)
    lens = desk.lens(note.channel)
    read = desk.knowledge.article(note.article) if desk.knowledge and note.article else None
    return reply_window(
        view,
        lens,
        ways,
        note,
        so_far,
        saved=saved,
        notice=notice,
        articles=desk.knowledge is not None,
        aside=read_by_agents(read) if read else None,
    )


# --- while it is open --------------------------------------------------------------------


Change = Callable[[Workspace, CaseView, Body, Note], tuple[Note, Typed]]
"""What a choice makes of the window's memory and of what was typed."""


def _changer(desk: Workspace, change: Change) -> Callable[..., Any]:
    """A choice in the window: drawn anew, with what was typed."""

    def chose(ack: Ack, body: Body) -> None:
        ack()
        user = body["user"]["id"]

        def work() -> None:
            note = noted(body["view"]["private_metadata"])
            desk.explained(note.channel_id, user, lambda: _redraw(desk, change, body, note))

        desk.explained(user, user, work)

    return chose


def _redraw(desk: Workspace, change: Change, body: Body, note: Note) -> None:
    opened = body["view"]
    view = desk.view_here(note.case, note.channel)
    after, so_far = change(desk, view, body, note)
    drawn = _drawn(desk, view, ways_of(desk, view), after, so_far)
    draw_anew(desk, opened, drawn, as_it_was=True)


def _moved(desk: Workspace, view: CaseView, body: Body, note: Note) -> tuple[Note, Typed]:
    values = body["view"]["state"]["values"]
    place = chosen_place(values) or Visibility(note.visibility)
    return replace(note, visibility=place.value), typed(values)


def _with_saved(desk: Workspace, view: CaseView, body: Body, note: Note) -> tuple[Note, Typed]:
    so_far = typed(body["view"]["state"]["values"])
    chosen = body["actions"][0].get("selected_option")
    if not chosen:
        return note, so_far
    case = view.case
    text = desk.saved_replies.render(
        chosen["value"], language=case.language, case=case, author=case.author
    )
    return filled(note), _added(so_far, text)


def _with_article(desk: Workspace, view: CaseView, body: Body, note: Note) -> tuple[Note, Typed]:
    so_far = typed(body["view"]["state"]["values"])
    chosen = body["actions"][0].get("selected_option")
    return _used(desk, view, chosen["value"], note, so_far) if chosen else (note, so_far)


def _used(
    desk: Workspace, view: CaseView, key: str, note: Note, so_far: Typed
) -> tuple[Note, Typed]:
    """The text of a public article; an internal one only beside it."""
    article = desk.knowledge.article(key) if desk.knowledge else None
    if article is None:
        raise Refusal(words.NO_SUCH_ARTICLE)
    if not article.public:
        return replace(filled(note), article=key), so_far
    text = text_of(article, view.case.language)
    link = f"\n\n{article.url}" if article.url else ""
    return filled(note), _added(so_far, text + link)


def _added(so_far: Typed, text: str) -> Typed:
    before = f"{so_far.text.rstrip()}\n\n" if so_far.text.strip() else ""
    return replace(so_far, text=before + text)


# --- sending -----------------------------------------------------------------------------


def _submitter(desk: Workspace) -> Callable[..., Any]:
    def submitted(ack: Ack, body: Body) -> None:
        try:
            note, so_far = _sent(body)
            again = _refused(desk, note, so_far, str(body["user"]["id"]))
        except Refusal as refusal:
            ack(response_action="errors", errors=_errors(body, str(refusal)))
            return
        except Exception as error:  # outer loop: the window must answer
            log.error("an answer could not be checked: %s", type(error).__name__)
            ack(response_action="errors", errors=_errors(body, words.NOT_DONE))
            return
        if again is not None:
            ack(response_action="update", view=again)
            return
        ack()
        _send(desk, note, so_far, body)

    return submitted


def _sent(body: Body) -> tuple[Note, Typed]:
    opened = body["view"]
    return _where_to(noted(opened["private_metadata"]), opened), typed(opened["state"]["values"])


def _where_to(note: Note, opened: Body) -> Note:
    if note.secret:
        return note
    place = chosen_place(opened["state"]["values"])
    return replace(note, visibility=place.value) if place else note


def _errors(body: Body, text: str) -> dict[str, str]:
    block = next((name for name in fields_of(body) if name.startswith("text")), "text:0")
    return {block: clip(text, 1500, "…")}


def _refused(desk: Workspace, note: Note, so_far: Typed, user: str) -> Block | None:
    """Looks before the window closes. Raises Refusal; a window where the agent must confirm."""
    view = desk.view_here(note.case, note.channel)
    visibility = Visibility(note.visibility)
    try:
        _nobody_answered(view, desk.lens(note.channel), note, user)
        with desk.store.read() as unit:
            draft = desk.answering.draft(unit, view.case, so_far.text, visibility, at=desk.clock())
        desk.answering.check(draft, view.case.number)
    except AnsweredMeanwhile as answered:
        again = replace(note, anyway=True, seen=view.case.version)
        return _drawn(desk, view, ways_of(desk, view), again, so_far, notice=str(answered))
    except WouldPublish as would:
        instead = ways_of(desk, view).private.why_not is None
        way = words.PRIVATELY_INSTEAD if instead else words.PRIVATE_NO_WAY
        raise Refusal(f"{would} {way}") from None
    return None


def _nobody_answered(view: CaseView, lens: Lens, note: Note, user: str) -> None:
    """Raises AnsweredMeanwhile with who, when and what, as the window's channel may see it."""
    for event in reversed(view.history):
        meanwhile = event.seq > note.seen and event.actor.id != user
        if meanwhile and isinstance(event.change, MEANWHILE):
            raise AnsweredMeanwhile(_meanwhile(event, event.change, lens, view))


def _meanwhile(
    event: CaseEvent, change: AnswerQueued | AnsweredElsewhere | Closed, lens: Lens, view: CaseView
) -> str:
    if isinstance(change, Closed):
        who = f"<@{event.actor.id}>" if event.actor.kind is ActorKind.AGENT else words.SOMEBODY
        why, when = plain(short(change.resolution, 80)), moment(event.at, view.zone)
        return words.CLOSED_MEANWHILE.format(who=who, when=when, why=why)
    who, what = "Tierdesk", plain(short(lens.text(change.text), 300))
    if event.actor.kind is ActorKind.AGENT:
        who = f"<@{event.actor.id}>"
    elif event.actor.kind is ActorKind.HELPDESK:
        who, what = words.THE_HELPDESK, what if in_private(view) else words.READ_IN_HELPDESK
    elif isinstance(change, AnsweredElsewhere):
        who = plain(short(lens.line(change.by), 80)) or words.SOMEBODY
    return words.ANSWERED_MEANWHILE.format(who=who, when=moment(event.at, view.zone), what=what)


def _send(desk: Workspace, note: Note, so_far: Typed, body: Body) -> None:
    """After the window has closed; what was typed comes back if it cannot be sent after all."""
    user = body["user"]["id"]
    answer = Answer(
        text=so_far.text,
        visibility=Visibility(note.visibility),
        afterwards=so_far.afterwards,
        key=f"reply:{body['view']['id']}",
        seen=note.seen,
    )

    def job(unit: Unit) -> Case:
        at: datetime = desk.clock()
        return desk.answering.reply(unit, note.case, user, answer, seen_in=note.channel, at=at)

    desk.explained(note.channel_id, user, lambda: desk.run(job), quote=so_far.text)
