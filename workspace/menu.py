"""The card's menu: what is needed less often."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from slack_bolt import App

from workspace import ids
from workspace.blocks import Block
from workspace.explanation import why_window
from workspace.moving import draw_swarm
from workspace.office import Ack, Body, Press, Workspace, press
from workspace.outdated import explain
from workspace.profiles import draw_profile
from workspace.reading import CaseView
from workspace.setting import draw_change, draw_snooze
from workspace.submitting import opens
from workspace.windows import About


def listen(app: App, desk: Workspace) -> None:
    choices: Mapping[str, Callable[[Press], None]] = {
        ids.PROFILE: opens(desk, draw_profile),
        ids.SWARM: opens(desk, draw_swarm),
        ids.CHANGE: opens(desk, draw_change),
        ids.SNOOZE: opens(desk, draw_snooze),
        ids.WHY: opens(desk, _draw_why),
    }

    def chose(ack: Ack, body: Body) -> None:
        ack()
        chosen = (body["actions"][0].get("selected_option") or {}).get("value", "")
        choice = choices.get(str(chosen).split(":")[0])
        if choice is None:
            explain(desk, body)
        else:
            choice(press(desk, body))

    app.action(ids.MORE)(chose)


def _draw_why(desk: Workspace, view: CaseView, told: About) -> Block:
    return why_window(view, desk.lens(told.channel), told.channel_id)
