"""A customer's profile: opened from a card or a list, turned by the page; who is whom is said here.

The channel from which a window was opened decides what stands in it, as long as it is open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from slack_bolt import App

from inbox import contacts
from inbox.contacts import Sight
from inbox.errors import IntegrationError, Refusal
from inbox.message import Author, Ref
from inbox.ports import Unit
from inbox.profile import profile
from workspace import ids, words
from workspace.blocks import Block, Shown
from workspace.office import Ack, Body, Workspace, dedupe_key, log, number_of
from workspace.opening import draw_anew, open_window
from workspace.profile_window import (
    Eye,
    Looking,
    candidates,
    looking,
    people,
    person_of,
    profile_window,
)
from workspace.reading import CaseView
from workspace.windows import About

MOST_FOUND = 10
MOST_TYPED = 200


def listen(app: App, desk: Workspace) -> None:
    app.action(ids.PERSON)(_from_list(desk))
    app.action(ids.OLDER)(_inside(desk, _turn))
    app.action(ids.NEWER)(_inside(desk, _turn))
    app.action(ids.SAME_PERSON)(_inside(desk, _link))
    app.action(ids.NOT_THE_SAME)(_inside(desk, _unlink))
    app.options(ids.SAME_PERSON)(_finder(desk))


def who(desk: Workspace, text: str, channel_id: str) -> Shown:
    """Whom a channel may see of those that are called so. Raises Refusal for nothing asked."""
    if not text:
        raise Refusal(words.WHO_MISSING)
    found = _found(desk, text, channel_id, MOST_FOUND + 1)
    eye = _eye(desk, channel_id)
    return people(text, found[:MOST_FOUND], eye, more=len(found) > MOST_FOUND)


def draw_profile(desk: Workspace, view: CaseView, told: About) -> Block:
    return _draw(desk, Looking(channel_id=told.channel_id, author=view.case.author.ref))


# --- looking -----------------------------------------------------------------------------


def _sight(desk: Workspace, channel_id: str) -> Sight:
    return Sight(desk=desk.desk, channel=desk.key_of(channel_id))


def _eye(desk: Workspace, channel_id: str) -> Eye:
    key = desk.key_of(channel_id)
    home = desk.desk.channels.get(key)
    return Eye(
        lens=desk.lens(key),
        zone=desk.desk.hours.zone,
        accounts=[*desk.connections],
        private=home is not None and home.private,
    )


def _draw(desk: Workspace, at: Looking, notice: str | None = None) -> Block:
    with desk.store.read() as unit:
        told = profile(unit, _sight(desk, at.channel_id), at.author, skip=at.skip)
    return profile_window(told, _eye(desk, at.channel_id), at, notice=notice)


def _found(
    desk: Workspace, text: str, channel_id: str, limit: int, *, but: Ref | None = None
) -> Sequence[tuple[Author, int]]:
    """Authors of this name and the number of their cases, without those who are one with `but`."""
    with desk.store.read() as unit:
        person = contacts.reached(but, contacts.standing(unit, {but})) if but else {}
        sight = _sight(desk, channel_id)
        room = limit + len(person)
        found = contacts.search(unit, sight, text[:MOST_TYPED], limit=room)
        others = [author for author in found if author.ref not in person][:limit]
        known = unit.cases.contacts([author.ref for author in others])
    return [(author, known[author.ref].cases) for author in others]


def _from_list(desk: Workspace) -> Callable[..., Any]:
    def pressed_person(ack: Ack, body: Body) -> None:
        ack()
        channel_id = str(body["channel"]["id"])

        def work() -> None:
            author = person_of(str(body["actions"][0].get("value")))
            at = Looking(channel_id=channel_id, author=author)
            open_window(desk, str(body.get("trigger_id", "")), _draw(desk, at))

        desk.explained(channel_id, str(body["user"]["id"]), work)

    return pressed_person


def _finder(desk: Workspace) -> Callable[..., Any]:
    def typed(ack: Ack, body: Body) -> None:
        try:
            at = looking(body["view"]["private_metadata"])
            text = str(body.get("value") or "")
            found = _found(desk, text, at.channel_id, MOST_FOUND, but=at.author)
            listed = candidates(found, _eye(desk, at.channel_id))
        except Refusal:
            listed = []
        except Exception as error:  # outer loop: the field must be answered
            log.error("nobody was searched for: %s", type(error).__name__)
            listed = []
        ack(options=listed)

    return typed


# --- inside the window -------------------------------------------------------------------

Step = Callable[[Workspace, Looking, Body], tuple[Looking, str | None] | None]
"""Does what was chosen; gives what to show now and what to say, None where it was done before."""


def _inside(desk: Workspace, step: Step) -> Callable[..., Any]:
    def chose(ack: Ack, body: Body) -> None:
        ack()
        user, opened = str(body["user"]["id"]), body.get("view") or {}
        metadata = str(opened.get("private_metadata") or "")

        def work() -> None:
            done = step(desk, looking(metadata), body)
            if done is not None:
                _show(desk, opened, user, *done)

        desk.explained(_place(metadata, user), user, work)

    return chose


def _place(metadata: str, user: str) -> str:
    """Where an agent is told what went wrong: alone, where nobody knows better."""
    try:
        return looking(metadata).channel_id
    except Refusal:
        return user


def _show(desk: Workspace, opened: Body, user: str, at: Looking, notice: str | None) -> None:
    """In the window; what was done is told beside it where the window is gone."""
    try:
        shown = draw_anew(desk, opened, _draw(desk, at, notice))
    except IntegrationError:
        if notice is None:
            raise
        shown = False
    if notice is not None and not shown:
        desk.tell(at.channel_id, user, notice)


def _turn(desk: Workspace, at: Looking, body: Body) -> tuple[Looking, str | None]:
    return at.at(number_of(str(body["actions"][0].get("value")))), None


def _link(desk: Workspace, at: Looking, body: Body) -> tuple[Looking, str | None] | None:
    chosen = (body["actions"][0].get("selected_option") or {}).get("value")
    if chosen is None:
        return None
    other, user = person_of(str(chosen)), str(body["user"]["id"])

    def job(unit: Unit, now: datetime) -> bool:
        contacts.link(unit, _sight(desk, at.channel_id), at.author, other, user, at=now)
        return True

    return (at.at(0), words.LINKED) if desk.once(dedupe_key(body), job) else None


def _unlink(desk: Workspace, at: Looking, body: Body) -> tuple[Looking, str | None] | None:
    number, user = number_of(str(body["actions"][0].get("value"))), str(body["user"]["id"])

    def job(unit: Unit, now: datetime) -> bool:
        sight = _sight(desk, at.channel_id)
        contacts.unlink(unit, sight, at.author, number, user, at=now)
        return True

    return (at.at(0), words.UNLINKED) if desk.once(dedupe_key(body), job) else None
