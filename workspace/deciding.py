"""A message with a question loses its buttons once somebody has decided."""

from __future__ import annotations

from inbox.errors import IntegrationError
from workspace import words
from workspace.alerts import decided
from workspace.errors import asking
from workspace.office import Body, Press, Workspace


def say_who(desk: Workspace, body: Body, pressed: Press, word: str) -> None:
    """It says who decided, and what; who decided is told alone where Slack does not take that."""
    message = body.get("message") or {}
    shown = decided(str(message.get("text", "")), pressed.user, word)
    try:
        asking(
            lambda: desk.client.chat_update(
                channel=pressed.channel_id,
                ts=str(message.get("ts", "")),
                text=shown.text,
                blocks=[*shown.blocks],
            ),
            post=False,
        )
    except IntegrationError:
        desk.tell(pressed.channel_id, pressed.user, words.DECIDED.format(word=word))
