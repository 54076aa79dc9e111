"""“Should have been …”: one choice notes where a message belonged, wherever it is told why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from slack_bolt import App

from inbox import deskwork, ignored
from inbox.case import Case
from inbox.changes import Received
from inbox.desk import Desk
from inbox.errors import IntegrationError, Refusal
from inbox.message import Ref
from inbox.ports import Unit
from workspace import ids, rule_words, words
from workspace.blocks import Block, Element, actions, option, section, select, window
from workspace.errors import asking
from workspace.mrkdwn import plain
from workspace.office import Ack, Body, Press, Workspace, dedupe_key, press
from workspace.reading import CaseView

NOT_FOR_US = "X"
MOST_REMEMBERED, MOST_NAMED = 3000, 255
"""Characters of a window's metadata, and of a block's name. Source: docs.slack.dev."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a window or an answer remembers: the case, where it was opened, the message decided on.

    `case` is None where a rule set the message aside.
    """

    case: int | None
    channel_id: str
    message: Ref

    def dumped(self) -> str:
        ref = self.message
        return json.dumps([self.case, self.channel_id, ref.network, ref.account, ref.id])


def judged(metadata: str) -> Judged:
    """Raises Refusal where the window is of another version."""
    try:
        case, channel_id, network, account, name = json.loads(metadata)
        ref = Ref(str(network), str(account), str(name))
        number = None if case is None else int(case)
        return Judged(case=number, channel_id=str(channel_id), message=ref)
    except (TypeError, ValueError):
        raise Refusal(words.GONE_META) from None


def should_have_been(view: CaseView) -> Block:
    return actions([_choice(ids.CORRECT, view.desk)])


def in_an_answer(desk: Desk, was: Judged) -> tuple[Element, str] | None:
    """The choice, and the name of its block, which remembers what it is about."""
    name = was.dumped()
    return (_choice(ids.CORRECT_TOLD, desk), name) if len(name) <= MOST_NAMED else None


def on_the_card(view: CaseView, message: Ref) -> Element | None:
    """Each choice names the event by which the message came: its own name may be too long."""
    came = view.received(message)
    if came is None:
        return None
    options = [
        option(name, f"{where}:{came.seq}:{view.case.number}") for name, where in _places(view.desk)
    ]
    return select(ids.SHOULD_HAVE_BEEN, options, hint=rule_words.SHOULD_HAVE_BEEN)


def _choice(action: str, desk: Desk) -> Element:
    options = [option(name, where) for name, where in _places(desk)]
    return select(action, options, hint=rule_words.SHOULD_HAVE_BEEN)


def _places(desk: Desk) -> Iterator[tuple[str, str]]:
    """Every tier, and not for us at all."""
    for number in sorted(desk.tiers):
        yield place(desk, number), str(number)
    yield rule_words.NOT_FOR_US, NOT_FOR_US


def place(desk: Desk, tier: int | None) -> str:
    """Where a message belonged, in words; a tier may be gone."""
    if tier is None:
        return rule_words.NOT_FOR_US
    known = desk.tiers.get(tier)
    return f"Tier {tier} · {known.name}" if known else f"Tier {tier}"


def listen(app: App, desk: Workspace) -> None:
    def chose(ack: Ack, body: Body) -> None:
        ack()
        user = str(body["user"]["id"])
        metadata = str((body.get("view") or {}).get("private_metadata") or "")
        try:
            place = judged(metadata).channel_id
        except Refusal:
            place = user
        desk.explained(place, user, lambda: _correct(desk, body, user, judged(metadata)))

    def chose_on_the_card(ack: Ack, body: Body) -> None:
        ack()
        pressed = press(desk, body)
        desk.explained(
            pressed.channel_id, pressed.user, lambda: _correct_here(desk, pressed, _chosen(body))
        )

    def chose_in_an_answer(ack: Ack, body: Body) -> None:
        ack()
        user, channel_id = str(body["user"]["id"]), str(body["channel"]["id"])

        def work() -> None:
            was = judged(str(body["actions"][0].get("block_id") or ""))
            if noted := _note(desk, body, user, was):
                desk.tell(channel_id, user, noted)

        desk.explained(channel_id, user, work)

    app.action(ids.CORRECT)(chose)
    app.action(ids.CORRECT_TOLD)(chose_in_an_answer)
    app.action(ids.SHOULD_HAVE_BEEN)(chose_on_the_card)


def _correct(desk: Workspace, body: Body, user: str, was: Judged) -> None:
    if noted := _note(desk, body, user, was):
        _thank(desk, body, user, was, noted)


def _note(desk: Workspace, body: Body, user: str, was: Judged) -> str | None:
    """What to say of it; None where nothing was chosen, or it was noted before."""
    if not (chosen := _chosen(body)):
        return None
    tier, number = _tier(chosen), was.case

    def job(unit: Unit, at: datetime) -> object:
        if number is None:
            return ignored.correct(unit, desk.desk, was.message, user, tier, at=at)
        return deskwork.correct(
            unit, desk.desk, number, user, was.message, tier, seen_in=None, at=at
        )

    done = desk.once(dedupe_key(body), job)
    return None if done is None else _noted(desk, number, tier)


def _correct_here(desk: Workspace, pressed: Press, chosen: str) -> None:
    """From the card, while it is the card of a case that is worked there."""
    where, seq, _ = chosen.split(":")
    tier = _tier(where)

    def job(unit: Unit, at: datetime) -> Case:
        message = _that_came(unit, pressed.number, int(seq))
        return deskwork.correct(
            unit,
            desk.desk,
            pressed.number,
            pressed.user,
            message,
            tier,
            seen_in=pressed.seen_in,
            at=at,
        )

    if desk.once(pressed.name, job) is not None:
        desk.tell(pressed.channel_id, pressed.user, _noted(desk, pressed.number, tier))


def _that_came(unit: Unit, number: int, seq: int) -> Ref:
    for event in unit.cases.history(number, after=seq - 1, upto=seq):
        if isinstance(event.change, Received):
            return event.change.message
    raise Refusal(deskwork.no_such_case(number))


def _chosen(body: Body) -> str:
    return str((body["actions"][0].get("selected_option") or {}).get("value") or "")


def _tier(where: str) -> int | None:
    return None if where == NOT_FOR_US else int(where)


def _noted(desk: Workspace, number: int | None, tier: int | None) -> str:
    where = plain(place(desk.desk, tier))
    if number is None:
        return rule_words.CORRECTED_IGNORED.format(where=where)
    return rule_words.CORRECTED.format(where=where, number=number)


def _thank(desk: Workspace, body: Body, user: str, was: Judged, noted: str) -> None:
    """In the window, in the place of the choice; beside it where the window is gone."""
    opened = body["view"]
    shown = window(
        ids.WHY_WINDOW,
        opened["title"]["text"],
        [*opened["blocks"][:-1], section(noted)],
        submit=None,
        cancel=words.DONE,
        metadata=opened["private_metadata"],
    )
    try:
        asking(lambda: desk.client.views_update(view_id=opened["id"], view=shown), post=False)
    except IntegrationError:
        desk.tell(was.channel_id, user, noted)
