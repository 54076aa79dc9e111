"""From a message on Telegram to the answer seen there, and a menu by its buttons."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette

from sandbox.faults import Fault
from tests.networks.telegram import OLGA, TOKEN, TOM, USERNAME, Json, Telegram
from tests.product_steps import CARE, MIHAI, PRIVATE, answer, card_says, thread_says, written
from tests.servers import Loopback
from tests.world import World

ACCOUNT = """accounts:
  bot:
    network: telegram
    base_url: {url}
    username: {username}
    long_poll: 0
    poll_every: 1s
"""


@dataclass
class Chat:
    """The product with a bot on a Telegram beside its sandbox."""

    net: Telegram
    world: World

    def sent(self, words: str) -> Json | None:
        return next((one for one in self.net.sent if words in one["text"]), None)


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    net = Telegram()
    with ExitStack() as opened:
        url = opened.enter_context(Loopback(Starlette(routes=net.routes))).url
        account = ACCOUNT.format(url=url, username=USERNAME)
        world = World(
            tmp_path_factory.mktemp("telegram"),
            change=lambda text: text.replace("accounts:\n", account, 1),
            env={"TELEGRAM_BOT_TOKEN": TOKEN},
        )
        opened.callback(world.close)
        world.start()
        world.wait(lambda: "getUpdates" in [call for call, _ in net.calls], "the first poll")
        yield Chat(net, world)


def test_a_mention_in_a_group_becomes_a_card_and_its_answer_stands_under_it(chat: Chat) -> None:
    message = chat.net.write(f"@{USERNAME} Which bulb fits the quokka lamp?")

    card = chat.world.card(CARE, "quokka lamp")
    said = answer(chat.world, MIHAI, card, "E14, two of them.")

    thread_says(chat.world, card, "sent by")
    assert not said["errors"]
    for words in ("Ana", "Telegram", "Which bulb"):
        assert words in written(card)
    reply = chat.sent("E14")
    assert reply
    assert reply["reply_to_message"]["message_id"] == message["message_id"]


def test_a_greeting_is_offered_a_menu_and_the_pressed_button_routes(chat: Chat) -> None:
    chat.net.write("Здравствуйте! Помогите, пожалуйста.", who=OLGA, chat=OLGA)

    menu = chat.world.wait(lambda: chat.sent("2. Оплата"), "the menu")
    assert len(menu["reply_markup"]["inline_keyboard"]) > 1
    chat.net.press(menu, 1, who=OLGA)

    card = chat.world.card(PRIVATE, "Оплата или мой аккаунт")
    assert "Tier 2" in written(card)
    assert chat.net.told.wait(10)


def test_an_answer_whose_arrival_nobody_saw_is_held_for_a_person(chat: Chat) -> None:
    chat.net.write("How heavy is the badger lamp?", who=TOM)
    card = chat.world.card(CARE, "badger lamp")
    chat.net.faults.add(Fault(target="network", method="sendMessage", kind="reset_after"))

    answer(chat.world, MIHAI, card, "It weighs two kilos.")

    card_says(chat.world, card, "An answer is held")
    assert [one["text"] for one in chat.net.sent].count("It weighs two kilos.") == 1
