"""X through the whole product: a post becomes a card, the agent's reply stands under the post."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.feed import Feed
from sandbox.x import activity
from sandbox.x.accounts import CONSUMER_SECRET
from sandbox.x.world import World as XWorld
from tests.contract.x_world import secrets
from tests.product_steps import (
    CARE,
    MIHAI,
    PRIVATE,
    answer,
    card_says,
    press,
    shown,
    thread_says,
    told,
    window_of,
    written,
)
from tests.world import World

ACCOUNT = """accounts:
  onx:
    network: x
    base_url: {sandbox}/x
    web_url: {sandbox}/x
    handle: "@brightleaf"
    poll_every: 1s
    import_since: 2020-01-01T00:00:00Z
    search: [walrus]
    per_day: 5
  hooked:
    network: x
    base_url: {sandbox}/x
    poll_every: 7 days
    webhook: true
"""


def with_x(text: str) -> str:
    """The demo's settings with an account on X beside the one on Mastodon."""
    found = re.search(r"base_url: (\S+)/mastodon", text)
    assert found
    return text.replace("accounts:\n", ACCOUNT.replace("{sandbox}", found[1]))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    env = secrets(account="ONX") | secrets(account="HOOKED")
    world = World(tmp_path_factory.mktemp("x"), change=with_x, env=env)
    world.start()
    world.control(action="rate-limit", on=False)
    yield world
    world.close()


def on_x(world: World, acct: str, kind: str = "post", **more: Any) -> str:
    done = world.http.post("/x/people/act", json={"as": acct, "type": kind, **more})
    done.raise_for_status()
    return str(done.json()["id"])


def answers(world: World) -> list[dict[str, Any]]:
    return [one for one in world.dump()["x"] if one["through_api"]]


def test_a_mention_is_answered_under_the_post(world: World) -> None:
    post = on_x(world, "tom", text="When does the flamingo lamp come back?")
    card = world.card(CARE, "flamingo lamp")
    assert "X" in written(card)

    said = answer(world, MIHAI, card, "On Monday.")

    line = thread_says(world, card, "sent by")
    assert not said["errors"]
    [reply] = [one for one in answers(world) if one["in_reply_to_id"] == post]
    assert (reply["author"], reply["text"]) == ("brightleaf", "@tom On Monday.")
    assert reply["id"] in written(line)
    card_says(world, card, "waiting for Tom")


def test_a_post_that_did_not_call_us_cannot_be_answered_and_the_agent_reads_why(
    world: World,
) -> None:
    on_x(world, "nina", text="My walrus lamp flickers, sigh.", visibility="unmentioned")
    card = world.card(CARE, "walrus lamp")

    press(world, MIHAI, card, "case.reply")

    window = window_of(world, MIHAI, "window.reply")
    assert "only where its author mentioned" in written(window)


def test_what_it_cost_is_told_in_slack(world: World) -> None:
    world.agent("U0SAM", "command", channel=CARE, text="report costs")
    costs = told(world, "U0SAM", "post read")
    assert "onx" in written(costs)


def test_x_may_ask_whether_the_webhook_is_ours(world: World) -> None:
    assert world.product
    asked = httpx.get(f"{world.product.url}/webhooks/x/hooked", params={"crc_token": "from-x"})
    assert asked.json() == {"response_token": activity.signature(b"from-x", CONSUMER_SECRET)}


def test_what_x_delivers_becomes_a_card_at_once_and_only_once(world: World) -> None:
    assert world.product
    elsewhere = XWorld(Feed())
    post = elsewhere.post("mehmet", "@brightleaf is the narwhal stool back?")
    body = json.dumps(activity.posted(post, elsewhere, "post.mention.create")).encode()
    address = f"{world.product.url}/webhooks/x/hooked"
    signed = {"x-twitter-webhooks-signature": activity.signature(body, CONSUMER_SECRET)}

    assert httpx.post(address, content=body).status_code == 401
    for _ in range(2):
        assert httpx.post(address, content=body, headers=signed).status_code == 200

    world.card(CARE, "narwhal stool")
    assert len([m for m in shown(world, "narwhal stool") if m["channel"] == CARE]) == 1


def test_a_direct_message_is_a_private_case_and_its_answer_is_private(world: World) -> None:
    on_x(world, "ana", "message", text="The koala order was charged twice to my card.")
    card = world.card(PRIVATE, "koala order", "U0KENJI")

    answer(world, "U0KENJI", card, "We give the money back today.", PRIVATE)

    thread_says(world, card, "sent by", PRIVATE)
    [reply] = [one for one in answers(world) if one["visibility"] == "private"]
    assert (reply["to"], reply["text"]) == ("ana", "We give the money back today.")


def test_an_edit_which_has_an_id_of_its_own_changes_the_card(world: World) -> None:
    post = on_x(world, "yuki", text="Is the lemur tray oak?")
    card = world.card(CARE, "lemur tray")

    on_x(world, "yuki", "edit", id=post, text="Is the lemur tray walnut?")

    thread_says(world, card, "edited what they wrote")
    card_says(world, card, "walnut")
