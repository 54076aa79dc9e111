"""From a post on Bluesky to the answer seen there, through the whole product."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette

from sandbox.faults import Fault
from tests.networks.bluesky import (
    BRAND,
    HANDLES,
    NINA,
    PASSWORD,
    POSTS,
    TOM,
    YUKI,
    Bluesky,
    Stored,
)
from tests.product_steps import (
    CARE,
    KENJI,
    MIHAI,
    PRIVATE,
    answer,
    press,
    thread_says,
    window_of,
    written,
)
from tests.servers import Loopback
from tests.world import World

ACCOUNT = """accounts:
  sky:
    network: bluesky
    base_url: {url}
    identifier: {handle}
    poll_every: 1s
"""


@dataclass
class Sky:
    """The product with an account on a Bluesky beside its sandbox."""

    net: Bluesky
    world: World

    def answers(self, under: str) -> list[Stored]:
        return [
            one
            for one in self.net.records.values()
            if f"{BRAND}/{POSTS}/" in one.uri and one.value["reply"]["parent"]["uri"] == under
        ]


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sky]:
    net = Bluesky()
    with ExitStack() as opened:
        url = opened.enter_context(Loopback(Starlette(routes=net.routes))).url
        account = ACCOUNT.format(url=url, handle=HANDLES[BRAND])
        world = World(
            tmp_path_factory.mktemp("bluesky"),
            change=lambda text: text.replace("accounts:\n", account, 1),
            env={"BLUESKY_SKY_PASSWORD": PASSWORD},
        )
        opened.callback(world.close)
        world.start()
        world.wait(lambda: "chat.bsky.convo.listConvos" in net.calls, "the first poll")
        yield Sky(net, world)


def test_a_mention_becomes_a_card_and_its_answer_stands_under_the_post_once(sky: Sky) -> None:
    post = sky.net.mention("Which bulb fits the quokka lamp?")

    card = sky.world.card(CARE, "quokka lamp")
    said = answer(sky.world, MIHAI, card, "E14, see https://shop.example/größe")

    thread_says(sky.world, card, "sent by")
    assert not said["errors"]
    for words in ("Ana", "Bluesky", "Which bulb"):
        assert words in written(card)
    [reply] = sky.answers(post)
    assert reply.value["text"] == "E14, see https://shop.example/größe"
    assert reply.value["reply"] == sky.net.reply_to(post)
    assert reply.value["facets"][0]["features"][0]["uri"] == "https://shop.example/größe"
    assert sky.net.calls.count("com.atproto.server.createSession") == 1


def test_an_answer_whose_arrival_nobody_saw_is_found_and_not_sent_twice(sky: Sky) -> None:
    post = sky.net.mention("How heavy is the badger lamp?", NINA)
    card = sky.world.card(CARE, "badger lamp")
    sky.net.faults.add(Fault(target="network", method="send", kind="reset_after"))

    answer(sky.world, MIHAI, card, "It weighs two kilos.")

    thread_says(sky.world, card, "sent by")
    assert [one.value["text"] for one in sky.answers(post)] == ["It weighs two kilos."]


def test_a_direct_message_is_answered_in_its_conversation(sky: Sky) -> None:
    sky.net.chats.say("I was charged twice for the heron lamp", YUKI)

    card = sky.world.card(PRIVATE, "heron lamp", KENJI)
    answer(sky.world, KENJI, card, "We look into it.", PRIVATE)

    thread_says(sky.world, card, "sent by", PRIVATE)
    said = [(one["sender"]["did"], one["text"]) for one in sky.net.chats.with_(YUKI)]
    assert said[-1] == (BRAND, "We look into it.")


def test_who_takes_no_direct_message_is_said_before_anything_is_written(sky: Sky) -> None:
    sky.net.mention("Where is my lynx tray?", TOM)
    card = sky.world.card(CARE, "lynx tray")

    press(sky.world, MIHAI, card, "case.reply")

    window = written(window_of(sky.world, MIHAI, "window.reply"))
    assert "direct messages only from people they follow" in window
    assert "reply.where" not in window
