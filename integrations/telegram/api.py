"""The Bot API over httpx, with the token where nothing can log it.

python-telegram-bot and aiogram are asynchronous, with an event loop and a time-out policy of
their own; of the Bot API six plain calls are needed, and httpx can be shared by threads.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from pydantic import BaseModel, ValidationError

from inbox.errors import Retryable
from inbox.unread import left_out
from integrations.http import TIMEOUT, JsonApi, trust, unknown
from integrations.telegram.errors import explain
from integrations.telegram.wire import Bot, Hook, Update, Written

PAGE = 100
ALLOWED = ("message", "edited_message", "callback_query")
_UNREADABLE = "Telegram gave an answer that could not be read."

log = logging.getLogger(__name__)
_Model = TypeVar("_Model", bound=BaseModel)


class Tokened(httpx.BaseTransport):
    """Puts the token into the address on its way out: /bot/getMe becomes /bot<token>/getMe.

    Telegram wants it in the path, and paths stand in logs and in the errors of libraries.
    """

    def __init__(self, base_url: str, token: str) -> None:
        self._token = token
        self._inner = httpx.HTTPTransport(verify=trust(), proxy=_proxy(base_url))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        before, _, method = request.url.path.rpartition("/bot/")
        sent = httpx.Request(
            request.method,
            request.url.copy_with(path=f"{before}/bot{self._token}/{method}"),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return self._inner.handle_request(sent)

    def close(self) -> None:
        self._inner.close()


def _proxy(base_url: str) -> str | None:
    """The environment's, as every other network takes it: httpx leaves a transport of ours out."""
    address = urlsplit(base_url)
    known = getproxies()
    found = known.get(address.scheme) or known.get("all")
    return None if proxy_bypass(address.hostname or "") else found


class BotApi:
    """Reads raise Retryable, AuthFailed, Rejected; writes also Uncertain."""

    def __init__(self, base_url: str, token: str, clock: Callable[[], datetime]) -> None:
        self._api = JsonApi(
            f"{base_url.rstrip('/')}/bot",
            name="Telegram",
            clock=clock,
            explain=explain,
            transport=Tokened(base_url, token),
        )

    def close(self) -> None:
        self._api.close()

    def updates(self, offset: int, *, wait: int, limit: int = PAGE) -> Sequence[Update | int]:
        """What came since, oldest first; only the id of one that cannot be read.

        `offset` confirms everything below it; -1 gives the newest alone and confirms the rest.
        """
        answer = self._call(
            "getUpdates",
            {"offset": offset, "limit": limit, "timeout": wait, "allowed_updates": list(ALLOWED)},
            writes=False,
            timeout=httpx.Timeout(TIMEOUT.connect, read=(TIMEOUT.read or 0) + wait),
        )
        if not isinstance(answer, list):
            raise Retryable(_UNREADABLE)
        return [read_update(one) for one in answer]

    def me(self) -> Bot:
        return self._model(Bot, "getMe", {})

    def hook(self) -> Hook:
        return self._model(Hook, "getWebhookInfo", {})

    def chat(self, chat: int) -> None:
        """Raises Rejected where the bot is not in it."""
        self._call("getChat", {"chat_id": chat}, writes=False)

    def send(self, body: dict[str, Any]) -> Written:
        answer = self._call("sendMessage", body, writes=True)
        try:
            return Written.model_validate(answer)
        except ValidationError:
            raise unknown(_UNREADABLE, writes=True) from None

    def react(self, chat: int, message: int, emoji: str | None) -> None:
        """None takes the reaction back. May be repeated."""
        reaction = [{"type": "emoji", "emoji": emoji}] if emoji else []
        self._call(
            "setMessageReaction",
            {"chat_id": chat, "message_id": message, "reaction": reaction},
            writes=True,
        )

    def acknowledge(self, pressed: str) -> None:
        """Ends the waiting sign on the button that was pressed."""
        self._call("answerCallbackQuery", {"callback_query_id": pressed}, writes=True)

    def _model(self, model: type[_Model], method: str, body: dict[str, Any]) -> _Model:
        try:
            return model.model_validate(self._call(method, body, writes=False))
        except ValidationError:
            raise Retryable(_UNREADABLE) from None

    def _call(self, method: str, body: dict[str, Any], *, writes: bool, **more: Any) -> Any:
        answer = self._api.call("POST", f"/{method}", writes=writes, json=body, **more)
        if not isinstance(answer, dict) or answer.get("ok") is not True:
            raise unknown(_UNREADABLE, writes=writes)
        return answer.get("result")


def read_update(one: Any) -> Update | int:
    try:
        return Update.model_validate(one)
    except ValidationError as error:
        id_ = one.get("update_id") if isinstance(one, dict) else None
        if not isinstance(id_, int):
            raise Retryable(_UNREADABLE) from None
        log.warning("update %d left out: %d unreadable fields", id_, error.error_count())
        left_out()
        return id_
