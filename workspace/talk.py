"""Talk in a case's thread stays in the team; who writes there first is told so."""

from __future__ import annotations

from slack_bolt import App

from inbox.ports import Card
from workspace import words
from workspace.mrkdwn import plain
from workspace.office import Ack, Body, Workspace
from workspace.reactions import card_at

_WRITTEN = (None, "file_share", "thread_broadcast")
"""A message, one with files, one that is shown in the channel as well."""


def listen(app: App, desk: Workspace) -> None:
    def wrote(ack: Ack, body: Body) -> None:
        ack()
        event = body["event"]
        card = spoken_at(desk, event)
        if card is None:
            return
        channel_id, user, thread = (str(event[key]) for key in ("channel", "user", "thread_ts"))
        desk.explained(
            channel_id,
            user,
            lambda: _hint(desk, card.case, card.channel, channel_id, user, thread),
        )

    app.event("message")(wrote)


def spoken_at(desk: Workspace, event: Body) -> Card | None:
    """The card in whose thread a person wrote; None for talk elsewhere, and for bots."""
    thread, user = event.get("thread_ts"), event.get("user")
    if not thread or not user or event.get("bot_id") or event.get("subtype") not in _WRITTEN:
        return None
    return card_at(desk, str(event["channel"]), str(thread))


def _hint(
    desk: Workspace, case: int, channel: str, channel_id: str, user: str, thread: str
) -> None:
    """Once for each agent; a redelivery of the event finds it said."""
    if desk.once(f"hint:thread:{user}", lambda unit, at: True) is None:
        return
    author = desk.view(case).case.author
    who = plain(desk.lens(channel).name(author))
    desk.tell(channel_id, user, words.THREAD_IS_INTERNAL.format(who=who), thread=thread)
