"""What the Bot API refuses, as what the caller does next.

It answers {"ok": false, "error_code", "description", "parameters"}. The description is looked at
and never repeated.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable
from integrations.http import LONGEST_WAIT

_FORBIDDEN = (
    ("blocked", "This person has blocked the bot, so nothing reaches them on Telegram."),
    ("deactivated", "This person has deleted their Telegram account."),
    (
        "initiate conversation",
        "This person has never started the bot, and Telegram lets a bot write first to nobody."
        " Ask them in public to open the bot and press Start.",
    ),
    ("kicked", "The bot was removed from this group. Ask a manager of the group to add it again."),
    ("not a member", "The bot is not in this group. Ask a manager of the group to add it."),
)
_BAD = (
    ("to be replied not found", "The message was deleted."),
    ("message to react not found", "The message was deleted."),
    ("thread not found", "The topic or thread was deleted."),
    ("chat not found", "Telegram does not know this chat, or the bot was never in it."),
    ("too long", "Telegram finds the text too long."),
    ("message text is empty", "Telegram finds the text empty."),
    ("not enough rights", "The bot may not write in this group. Ask a manager of the group."),
    ("topic_closed", "The topic is closed."),
    ("reaction", "This reaction is not allowed in this chat."),
)
_MIGRATED = (
    "The group has become a supergroup, and what was written before cannot be answered any more."
    " Answer when they write again."
)
_WEBHOOK = (
    "A webhook takes this bot's messages. Delete it with deleteWebhook, or set receive: webhook."
)
_SECOND = "Another program polls with this bot's token. End it, or make a token of our own."


def explain(answer: httpx.Response, writes: bool) -> IntegrationError | None:
    """None where the status alone says it: 5xx."""
    body = _body(answer)
    description = str(body.get("description", "")).lower()
    parameters = body.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    match answer.status_code:
        case 401 | 404:
            error: IntegrationError | None = AuthFailed("Telegram does not accept the bot's token.")
        case 409:
            error = AuthFailed(_WEBHOOK if "webhook" in description else _SECOND)
        case 429:
            error = Retryable("Telegram asked to wait.", after=_after(parameters))
        case 403:
            error = Rejected(_said(_FORBIDDEN, description, "The bot may not write there."))
        case 400 if "migrate_to_chat_id" in parameters:
            error = Rejected(_MIGRATED)
        case 400:
            error = Rejected(_said(_BAD, description, "Telegram refused the request."))
        case _:
            error = None
    return error


def _said(known: tuple[tuple[str, str], ...], description: str, otherwise: str) -> str:
    return next((words for part, words in known if part in description), otherwise)


def _after(parameters: dict[str, Any]) -> timedelta | None:
    seconds = parameters.get("retry_after")
    if not isinstance(seconds, int):
        return None
    return min(timedelta(seconds=max(seconds, 1)), LONGEST_WAIT)


def _body(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
