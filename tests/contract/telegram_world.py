"""Telegram, with a bot in a group and people who write to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette

from inbox.ports import Connection
from integrations.telegram import integration as telegram
from tests.contract.polled import Polled
from tests.contract.worlds import Answer, World, now
from tests.hosts import a_host
from tests.networks.telegram import ANA, BOT, GROUP, TOKEN, USERNAME, Telegram
from tests.servers import Loopback


@dataclass(kw_only=True)
class TelegramWorld(Polled):
    net: Telegram
    secret: str = TOKEN
    tells = frozenset({"edits"})
    sends: tuple[str, ...] = ("sendMessage",)

    def connect(self, base_url: str, secret: str) -> Connection:
        settings = {"base_url": base_url, "username": USERNAME, "long_poll": 0}
        secrets = {"TELEGRAM_CARE_TOKEN": secret}
        return telegram.connect("care", settings, secrets, host=a_host(now))

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        chat = ANA if private else GROUP
        above = _number(under) if under else None
        return _name(self.net.write(text, chat=chat, under=above))

    def echo(self) -> None:
        """Telegram gives a bot its own messages never; somebody's answer holds one."""
        self.net.push(message=self.net._new(GROUP, {"id": BOT, "is_bot": True}, None))

    def edit(self, message: str, text: str) -> None:
        self.net.edit(GROUP, _number(message), text)

    def delete(self, message: str) -> None:
        self.net.delete(GROUP, _number(message))

    def liked(self) -> set[str]:
        return {f"{chat}/{message}" for chat, message in self.net.reactions}

    def answers(self) -> Sequence[Answer]:
        return [self._answer(one) for one in self.net.sent]

    def _answer(self, one: dict[str, object]) -> Answer:
        above, chat = one.get("reply_to_message"), one["chat"]
        assert isinstance(chat, dict)
        to = above["from"] if isinstance(above, dict) else chat
        return Answer(
            id=_name(one),
            text=str(one["text"]),
            to=to["username"],
            in_reply_to=_name(above) if isinstance(above, dict) else None,
            private=chat["type"] == "private",
        )


def _name(message: dict[str, object]) -> str:
    chat = message["chat"]
    assert isinstance(chat, dict)
    return f"{chat['id']}/{message['message_id']}"


def _number(message: str) -> int:
    return int(message.split("/")[1])


@contextmanager
def a_telegram_world() -> Iterator[World]:
    net = Telegram(clock=now)
    with Loopback(Starlette(routes=net.routes)) as server, ExitStack() as opened:
        yield TelegramWorld(net=net, faults=net.faults, opened=opened, base_url=server.url)
