"""“Should have been …”: one choice in the window *Why here?* notes where a message belonged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from slack_bolt import App

from inbox import deskwork
from inbox.case import Case
from inbox.errors import IntegrationError, Refusal
from inbox.message import Ref
from inbox.ports import Unit
from workspace import ids, words
from workspace.blocks import Block, actions, option, section, select, window
from workspace.errors import asking
from workspace.mrkdwn import plain
from workspace.office import Ack, Body, Workspace, dedupe_key
from workspace.reading import CaseView

NOT_FOR_US = "X"
MOST_REMEMBERED = 3000
"""Characters of a window's metadata. Source: "Views" of docs.slack.dev."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the window remembers: the case, where it was opened, the message decided on."""

    case: int
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
        return Judged(case=int(case), channel_id=str(channel_id), message=ref)
    except (TypeError, ValueError):
        raise Refusal(words.GONE_META) from None


def should_have_been(view: CaseView) -> Block:
    """Every tier, and not for us at all."""
    tiers = sorted(view.desk.tiers.values(), key=lambda tier: tier.number)
    options = [option(f"Tier {tier.number} · {tier.name}", str(tier.number)) for tier in tiers]
    options.append(option(words.NOT_FOR_US, NOT_FOR_US))
    return actions([select(ids.CORRECT, options, hint=words.SHOULD_HAVE_BEEN)])


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

    app.action(ids.CORRECT)(chose)


def _correct(desk: Workspace, body: Body, user: str, was: Judged) -> None:
    chosen = (body["actions"][0].get("selected_option") or {}).get("value")
    if chosen is None:
        return
    tier = None if chosen == NOT_FOR_US else int(chosen)

    def job(unit: Unit, at: datetime) -> Case:
        return deskwork.correct(unit, desk.desk, was.case, user, was.message, tier, at=at)

    if desk.once(dedupe_key(body), job) is not None:
        where = words.NOT_FOR_US if tier is None else _named(desk, tier)
        _thank(desk, body, user, was, words.CORRECTED.format(where=where, number=was.case))


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


def _named(desk: Workspace, tier: int) -> str:
    return plain(f"Tier {tier} · {desk.desk.tiers[tier].name}")
