"""A message with a question loses its buttons once somebody has decided."""

from __future__ import annotations

from workspace.alerts import decided
from workspace.errors import asking
from workspace.office import Body, Press, Workspace


def say_who(desk: Workspace, body: Body, pressed: Press, word: str) -> None:
    """It says who decided, and what."""
    message = body.get("message") or {}
    shown = decided(str(message.get("text", "")), pressed.user, word)
    asking(
        lambda: desk.client.chat_update(
            channel=pressed.channel_id,
            ts=str(message.get("ts", "")),
            text=shown.text,
            blocks=[*shown.blocks],
        ),
        post=False,
    )
