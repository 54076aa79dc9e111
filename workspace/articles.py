"""Articles at work: the search field of the Reply window, and the button of a suggestion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from inbox.errors import Refusal
from inbox.knowledge import Hit
from workspace import ids, words
from workspace.knowledge import MOST_FOUND, options
from workspace.office import Ack, Body, Workspace, log, press
from workspace.reply import open_reply
from workspace.reply_window import noted

MOST_TYPED = 200


def listen(app: App, desk: Workspace) -> None:
    app.options(ids.ARTICLE)(_finder(desk))
    app.action(ids.USE_ARTICLE)(_user(desk))


def search(desk: Workspace, text: str, language: str | None) -> list[Hit]:
    """For agents: internal articles too. Raises Refusal where there is no knowledge base."""
    if desk.knowledge is None:
        raise Refusal(words.NO_KNOWLEDGE)
    typed = text[:MOST_TYPED]
    found = desk.knowledge.search(typed, language=language, limit=MOST_FOUND, internal=True)
    if language is not None and not found:
        found = desk.knowledge.search(typed, language=None, limit=MOST_FOUND, internal=True)
    return list(found)


def _finder(desk: Workspace) -> Callable[..., Any]:
    """Agents type in their own language or the customer's."""

    def typed(ack: Ack, body: Body) -> None:
        try:
            noted(body["view"]["private_metadata"])
            hits = search(desk, str(body.get("value") or ""), None)
        except Refusal:
            hits = []
        except Exception as error:  # outer loop: the field must be answered
            log.error("articles were not searched: %s", type(error).__name__)
            hits = []
        ack(options=options(hits))

    return typed


def _user(desk: Workspace) -> Callable[..., Any]:
    def pressed_use(ack: Ack, body: Body) -> None:
        ack()
        pressed = press(desk, body)
        key = str(body["actions"][0].get("value", "")).rpartition(":")[0]
        desk.explained(
            pressed.channel_id, pressed.user, lambda: open_reply(desk, pressed, article=key)
        )

    return pressed_use
