"""A small Telegram on loopback: the Bot API for one bot, strict where the real one is.

Source of every rule: core.telegram.org/bots/api (Bot API 10.0).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.length import units
from sandbox.faults import Faults, perform

BOT, ANA, TOM, OLGA = 7000000001, 101, 102, 103
TOKEN = f"{BOT}:AAexample-token-of-the-tests_0123456789"
USERNAME = "BrightleafBot"
GROUP, SMALL, CHANNEL = -1001234567890, -55, -1009999999999
Json = dict[str, Any]
PEOPLE: dict[int, Json] = {
    ANA: {"id": ANA, "is_bot": False, "first_name": "Ana", "username": "ana"},
    TOM: {"id": TOM, "is_bot": False, "first_name": "Tom", "last_name": "Berg"},
    OLGA: {"id": OLGA, "is_bot": False, "first_name": "Olga", "language_code": "ru"},
    BOT: {"id": BOT, "is_bot": True, "first_name": "Brightleaf", "username": USERNAME},
}


class Refused(Exception):
    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        body: Json = {"ok": False, "error_code": status, "description": description}
        if parameters:
            body["parameters"] = parameters
        self.answer = JSONResponse(body, status)


@dataclass
class Telegram:
    """`started` are the people who pressed Start; `blocked` those who blocked the bot."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    faults: Faults = field(default_factory=Faults)
    started: set[int] = field(default_factory=lambda: {ANA, OLGA})
    blocked: set[int] = field(default_factory=set)
    migrated: dict[int, int] = field(default_factory=dict)
    webhook: Json = field(default_factory=lambda: {"url": "", "pending_update_count": 0})
    second_poller: bool = False
    reads_all: bool = True
    groups: set[int] = field(default_factory=lambda: {GROUP, SMALL})
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    sent: list[Json] = field(default_factory=list)
    reactions: dict[tuple[int, int], str] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    told: threading.Event = field(default_factory=threading.Event)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    queue: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._last_update = 880_000
        self._last_message = 10

    # --- people ----------------------------------------------------------------------------

    def write(
        self, text: str, *, who: int = ANA, chat: int = GROUP, under: int | None = None, **more: Any
    ) -> Json:
        """Somebody writes; in a chat with the person's own id it is private."""
        message = self._new(chat, PEOPLE[who], under)
        message |= {"text": text, **more} if text else more
        self.push(message=message)
        return message

    def edit(self, chat: int, message: int, text: str) -> None:
        now = self.messages[chat, message]
        now |= {"text": text, "edit_date": int(self.clock().timestamp())}
        self.push(edited_message=now)

    def delete(self, chat: int, message: int) -> None:
        """Nobody is told."""
        del self.messages[chat, message]

    def press(self, message: Json, number: int, *, who: int = ANA) -> None:
        """Press a button of the bot's message."""
        button = message["reply_markup"]["inline_keyboard"][number][0]
        self.push(
            callback_query={
                "id": f"43{number}7",
                "from": PEOPLE[who],
                "message": message,
                "chat_instance": "-1",
                "data": button["callback_data"],
            }
        )

    def push(self, **what: Any) -> Json:
        self._last_update += 1
        update = {"update_id": self._last_update, **what}
        self.queue.append(update)
        return update

    def _new(self, chat: int, sender: Json, under: int | None) -> Json:
        self._last_message += 1
        message: Json = {
            "message_id": self._last_message,
            "date": int(self.clock().timestamp()),
            "from": sender,
            "chat": chat_of(chat),
        }
        if under is not None:
            above = {k: v for k, v in self.messages[chat, under].items() if k != "reply_to_message"}
            message["reply_to_message"] = above
            if chat == GROUP:
                message["message_thread_id"] = above.get("message_thread_id", under)
        self.messages[chat, message["message_id"]] = message
        return message

    # --- the server ------------------------------------------------------------------------

    @property
    def routes(self) -> list[Route]:
        return [Route("/bot{token}/{method}", self._serve, methods=["POST"])]

    async def _serve(self, request: Request) -> Response:
        method, body = request.path_params["method"], json.loads(await request.body())
        self.calls.append((method, body))

        async def work() -> Response:
            try:
                result = self._answer(request.path_params["token"], method, body)
                return JSONResponse({"ok": True, "result": result})
            except Refused as refused:
                return refused.answer

        def limited(seconds: float) -> Response:
            wait = int(seconds)
            return Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait).answer

        return await perform(self.faults.take("network", method), work, limited)

    def _answer(self, token: str, method: str, body: Json) -> Any:
        if token != TOKEN:
            raise Refused(401, "Unauthorized")
        methods: dict[str, Callable[[Json], Any]] = {
            "getMe": lambda _: PEOPLE[BOT] | {"can_read_all_group_messages": self.reads_all},
            "getWebhookInfo": lambda _: self.webhook,
            "getUpdates": self._updates,
            "getChat": self._chat,
            "sendMessage": self._sent,
            "setMessageReaction": self._reacted,
            "answerCallbackQuery": self._acknowledged,
        }
        if method not in methods:
            raise Refused(404, "Not Found")
        return methods[method](body)

    def _updates(self, body: Json) -> list[Json]:
        if self.webhook["url"]:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        if self.second_poller:
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        offset, limit = body.get("offset", 0), body.get("limit", 100)
        if not 1 <= limit <= 100:
            raise Refused(400, "Bad Request: limit must be between 1 and 100")
        if offset < 0:
            self.queue = self.queue[offset:]
        elif offset:
            self.queue = [one for one in self.queue if one["update_id"] >= offset]
        return self.queue[:limit]

    def _chat(self, body: Json) -> Json:
        self._open(body["chat_id"])
        return chat_of(body["chat_id"])

    def _open(self, chat: int) -> None:
        if new := self.migrated.get(chat):
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=new,
            )
        if chat < 0 and chat not in self.groups:
            raise Refused(403, "Forbidden: bot was kicked from the supergroup chat")
        if chat > 0 and chat in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if chat > 0 and chat not in self.started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")

    def _sent(self, body: Json) -> Json:
        chat, text, under = body["chat_id"], body["text"], None
        self._open(chat)
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if units(text) > 4096:
            raise Refused(400, "Bad Request: message is too long")
        if "reply_parameters" in body:
            under = body["reply_parameters"]["message_id"]
            if (chat, under) not in self.messages:
                raise Refused(400, f"Bad Request: message to be replied not found: {text}")
        for row in body.get("reply_markup", {}).get("inline_keyboard", ()):
            if any(not 1 <= len(b["callback_data"].encode()) <= 64 for b in row):
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        message = self._new(chat, PEOPLE[BOT], under) | {"text": text}
        if "reply_markup" in body:
            message["reply_markup"] = body["reply_markup"]
        self.messages[chat, message["message_id"]] = message
        self.sent.append(message)
        return message

    def _reacted(self, body: Json) -> bool:
        place = (body["chat_id"], body["message_id"])
        if place not in self.messages:
            raise Refused(400, "Bad Request: message to react not found")
        if any(one["emoji"] not in ("👍", "❤") for one in body["reaction"]):
            raise Refused(400, "Bad Request: REACTION_INVALID")
        self.reactions.pop(place, None)
        for one in body["reaction"]:
            self.reactions[place] = one["emoji"]
        return True

    def _acknowledged(self, body: Json) -> bool:
        self.acknowledged.append(body["callback_query_id"])
        self.told.set()
        return True


def chat_of(chat: int) -> Json:
    if chat > 0:
        return {"type": "private", **{k: v for k, v in PEOPLE[chat].items() if k != "is_bot"}}
    kind = "supergroup" if chat <= -1_000_000_000_000 else "group"
    return {"id": chat, "type": kind, "title": "Brightleaf friends"}
