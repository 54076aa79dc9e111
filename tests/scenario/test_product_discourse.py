"""From a topic in the community forum to the answer seen there, through the whole product."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette

from tests.networks.discourse import (
    ANA,
    BRAND,
    KEY,
    NINA,
    SECRET,
    SUE,
    TOM,
    Discourse,
    Json,
)
from tests.product_steps import CARE, KENJI, MIHAI, PRIVATE, answer, shown, thread_says, written
from tests.servers import Loopback
from tests.world import World

ACCOUNT = """accounts:
  forum:
    network: discourse
    base_url: {url}
    username: {username}
    webhook: true
    requests_per_minute: 600
    poll_every: 1s
"""


@dataclass
class Community:
    """The product with an account on a forum beside its sandbox."""

    net: Discourse
    world: World
    edge: str

    def asked_long_ago(self, text: str, who: str) -> Json:
        """A topic whose time for the community is over when it is first seen."""
        at = datetime.now(UTC) - timedelta(minutes=40)
        return self.net.topic(text, who, created_at=at.isoformat())

    def answers(self, topic: int) -> list[str]:
        posts = self.net.posts.values()
        return [p["raw"] for p in posts if p["topic_id"] == topic and p["username"] == BRAND]

    def deliver(self) -> list[int]:
        """What the webhook has to say; the answers' status."""
        sent = []
        while self.net.queue:
            one = self.net.queue.pop(0)
            sent.append(httpx.post(self.edge, content=one.body, headers=dict(one.headers)))
        return [response.status_code for response in sent]


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    net = Discourse()
    with ExitStack() as opened:
        url = opened.enter_context(Loopback(Starlette(routes=net.routes))).url
        account = ACCOUNT.format(url=url, username=BRAND)
        world = World(
            tmp_path_factory.mktemp("forum"),
            change=lambda text: text.replace("accounts:\n", account, 1),
            env={"DISCOURSE_FORUM_API_KEY": KEY, "DISCOURSE_FORUM_WEBHOOK_SECRET": SECRET},
        )
        opened.callback(world.close)
        product = world.start()
        world.wait(lambda: net.calls.count("GET /private-posts.json") >= 2, "the first polls")
        yield Community(net, world, f"{product.url}/webhooks/discourse/forum")


def test_a_topic_that_nobody_answered_becomes_a_card_and_is_answered_under_its_post(
    forum: Community,
) -> None:
    solved = forum.asked_long_ago("Which bulb fits the quokka lamp?", TOM)
    forum.net.reply(solved["topic_id"], "An E14 bulb fits it, quokka or not.", SUE)
    asked = forum.asked_long_ago("Which bulb fits the badger lamp?", ANA)

    card = forum.world.card(CARE, "badger lamp")
    said = answer(forum.world, MIHAI, card, "An E27 bulb fits the badger lamp.")

    thread_says(forum.world, card, "sent by")
    assert not said["errors"]
    for words in ("Ana", "Discourse", "Which bulb fits"):
        assert words in written(card)
    assert forum.answers(asked["topic_id"]) == ["An E27 bulb fits the badger lamp."]
    assert not shown(forum.world, "quokka")


def test_what_staff_answers_in_a_topic_of_a_case_is_shown_there(forum: Community) -> None:
    asked = forum.asked_long_ago("How heavy is the heron lamp, please?", NINA)
    card = forum.world.card(CARE, "heron lamp")
    forum.net.queue.clear()

    forum.net.reply(asked["topic_id"], "It weighs two kilos, I have one at home.", SUE)

    assert forum.deliver() == [200]
    thread_says(forum.world, card, "two kilos")


def test_a_personal_message_that_the_webhook_brings_is_answered_in_its_topic(
    forum: Community,
) -> None:
    forum.net.queue.clear()
    letter = forum.net.topic("I was charged twice for the lynx tray.", TOM, to=BRAND)

    assert forum.deliver() == [200]
    card = forum.world.card(PRIVATE, "lynx tray", KENJI)
    answer(forum.world, KENJI, card, "We pay one of them back today.", PRIVATE)

    thread_says(forum.world, card, "sent by", PRIVATE)
    assert forum.answers(letter["topic_id"]) == ["We pay one of them back today."]


def test_a_delivery_with_another_secret_is_refused_without_a_word(forum: Community) -> None:
    forum.net.queue.clear()
    forum.net.topic("The puffin lamp is dark, please help", ANA, to=BRAND)
    one = forum.net.queue.pop(0)
    wrong = {**one.headers, "x-discourse-event-signature": "sha256=" + "0" * 64}

    refused = httpx.post(forum.edge, content=one.body, headers=wrong)

    assert (refused.status_code, "puffin" in refused.text) == (401, False)


def test_what_the_community_answers_again_and_again_is_told_as_a_missing_article(
    forum: Community,
) -> None:
    for who in (ANA, TOM, NINA):
        topic = forum.asked_long_ago("Does the walrus lantern float on water?", who)
        forum.net.reply(topic["topic_id"], "It floats, walrus lanterns do.", SUE)

    command = ("-m", "tierdesk", "kb", "gaps", "--config", str(forum.world.config))
    forum.world.wait(lambda: "walrus" in _output(command), "the gaps")

    assert "3 of them where the community answered" in _output(command)
    assert not shown(forum.world, "walrus")


def _output(command: tuple[str, ...]) -> str:
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True)
    return done.stdout
