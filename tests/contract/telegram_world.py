"""Telegram, with a bot in a group and people who write to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette

from inbox.message import Event
from inbox.ports import Connection
from integrations.telegram import integration as telegram
from sandbox.faults import Fault
from tests.contract.worlds import NOBODY, Answer, World, now
from tests.hosts import a_host
from tests.networks.telegram import ANA, BOT, GROUP, TOKEN, USERNAME, Telegram
from tests.servers import Loopback


@dataclass
class TelegramWorld:
    net: Telegram
    opened: ExitStack
    base_url: str
    secret: str = TOKEN
    tells = frozenset({"edits"})

    def __post_init__(self) -> None:
        self.connection = self.with_secret(self.secret)
        self._cursor: str | None = None
        self.arrivals()

    def with_secret(self, secret: str) -> Connection:
        return self._at(self.base_url, secret)

    def unreachable(self) -> Connection:
        return self._at(NOBODY, self.secret)

    def _at(self, base_url: str, secret: str) -> Connection:
        settings = {"base_url": base_url, "username": USERNAME, "long_poll": 0}
        secrets = {"TELEGRAM_CARE_TOKEN": secret}
        connection = telegram.connect("care", settings, secrets, host=a_host(now))
        self.opened.callback(connection.close)
        return connection

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

    def arrivals(self) -> list[Event]:
        assert self.connection.poller
        events: list[Event] = []
        more = True
        while more:
            page = self.connection.poller.poll(self._cursor)
            self._cursor, more = page.cursor, page.more
            events += page.events
        return events

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

    def fault(self, kind: str, *, retry_after: float = 30) -> None:
        fault = Fault(target="network", method="sendMessage", kind=kind, retry_after=retry_after)
        self.net.faults.add(fault)


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
        yield TelegramWorld(net, opened, server.url)
