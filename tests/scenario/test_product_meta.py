"""Facebook and Instagram through the whole product: from a comment into private, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.meta.accounts import (
    APP,
    APP_SECRET,
    INSTAGRAM,
    INSTAGRAM_NAME,
    PAGE,
    PHONE,
    THREADS,
    THREADS_NAME,
    VERIFY_TOKEN,
)
from sandbox.meta.world import US
from tests.product_steps import (
    CARE,
    KENJI,
    MIHAI,
    PRIVATE,
    answer,
    card_says,
    choose,
    number,
    picked,
    press,
    shown,
    submit,
    thread_says,
    told,
    window_of,
    written,
)
from tests.world import World

PRIVATELY: dict[str, Any] = {"reply.where": picked("private")}

NETWORKS = ("facebook", "instagram", "whatsapp", "threads")
ACCOUNTS = f"""
  page:
    network: facebook
    graph_base: {{sandbox}}/meta/graph
    page_id: "{PAGE}"
    app_id: "{APP}"
    human_agent: true
  insta:
    network: instagram
    graph_base: {{sandbox}}/meta/instagram
    account_id: "{INSTAGRAM}"
    username: {INSTAGRAM_NAME}
    app_id: "{APP}"
    human_agent: true
  phone:
    network: whatsapp
    graph_base: {{sandbox}}/meta/graph
    phone_number_id: "{PHONE}"
  threads:
    network: threads
    graph_base: {{sandbox}}/meta/threads
    user_id: "{THREADS}"
    username: {THREADS_NAME}

languages:"""
SECRETS = {
    "FACEBOOK_PAGE_TOKEN": "sandbox-page-token",
    "INSTAGRAM_INSTA_TOKEN": "sandbox-instagram-token",
    "WHATSAPP_PHONE_TOKEN": "sandbox-whatsapp-token",
    "THREADS_THREADS_TOKEN": "sandbox-threads-token",
    **{
        f"{account}_{name}": value
        for account in ("FACEBOOK_PAGE", "INSTAGRAM_INSTA", "WHATSAPP_PHONE", "THREADS_THREADS")
        for name, value in (("APP_SECRET", APP_SECRET), ("VERIFY_TOKEN", VERIFY_TOKEN))
    },
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    def change(text: str) -> str:
        sandbox = text.partition("base_url: ")[2].partition("/mastodon")[0]
        return text.replace("\nlanguages:", ACCOUNTS.replace("{sandbox}", sandbox), 1)

    world = World(tmp_path_factory.mktemp("meta"), change=change, env=SECRETS)
    product = world.start()
    world.control(action="rate-limit", on=False)
    for network in NETWORKS:
        callback = f"{product.url}/webhooks/{network}"
        assert act(world, type="subscribe", network=network, callback_url=callback)["ok"]
    yield world
    world.close()


def act(world: World, **given: Any) -> dict[str, Any]:
    done = world.http.post("/meta/people/act", json=given)
    done.raise_for_status()
    return dict(done.json())


def post(world: World, network: str, who: str, text: str, **more: Any) -> str:
    given = {"as": who, "network": network, "type": "post", "text": text, **more}
    return str(act(world, **given)["id"])


def ours(world: World, network: str, words: str) -> dict[str, Any]:
    """What stands there in our name with these words; waits for it."""

    def look() -> dict[str, Any] | None:
        found = [o for o in world.dump()["meta"] if (o["network"], o["author"]) == (network, US)]
        return next((one for one in found if words in one["text"]), None)

    return world.wait(look, f"“{words}” on {network}")


def under(world: World, network: str, words: str, who: str) -> tuple[str, dict[str, Any]]:
    """A comment under a new post of the brand, and its card."""
    above = post(world, network, US, "News from our workshop.")
    comment = post(world, network, who, words, in_reply_to_id=above)
    return comment, world.card(CARE, words)


@pytest.mark.parametrize(
    ("network", "who", "animal"), [("facebook", "tom", "badger"), ("instagram", "nina", "heron")]
)
def test_a_reply_stands_under_the_comment_once_and_its_echo_starts_nothing(
    world: World, network: str, who: str, animal: str
) -> None:
    comment, card = under(world, network, f"How wide is the {animal} stool?", who)

    answer(world, MIHAI, card, f"The {animal} stool measures 40 cm.")

    thread_says(world, card, "sent by")
    reply = ours(world, network, f"The {animal} stool measures")
    assert reply["in_reply_to_id"] == comment
    post(world, network, who, f"Thank you, {animal}", in_reply_to_id=comment)
    thread_says(world, card, f"Thank you, {animal}")
    assert len([o for o in world.dump()["meta"] if f"{animal} stool measures" in o["text"]]) == 1
    lines = [written(m) for m in world.thread(CARE, card["ts"])]
    assert len([line for line in lines if f"{animal} stool measures" in line]) == 1


@pytest.mark.parametrize(
    ("network", "who", "animal"), [("facebook", "ana", "wombat"), ("instagram", "olga", "otter")]
)
def test_a_comment_goes_private_and_the_answer_comes_into_the_same_case(
    world: World, network: str, who: str, animal: str
) -> None:
    comment, card = under(world, network, f"My {animal} lamp flickers, who helps?", who)
    press(world, MIHAI, card, "case.take_private")
    window = window_of(world, MIHAI, "window.take_private")
    submit(world, MIHAI, window, invitation=f"Tell us here, {animal}.", note="We wrote to you.")
    home = world.card(PRIVATE, f"{animal} lamp", KENJI)
    invitation = ours(world, network, f"Tell us here, {animal}.")
    assert (invitation["about"], invitation["to"]) == (comment, who)
    ours(world, network, "We wrote to you.")

    post(world, network, who, f"It blinks, says the {animal}", visibility="direct")

    thread_says(world, home, f"It blinks, says the {animal}", PRIVATE)
    assert {m["channel"] for m in shown(world, f"It blinks, says the {animal}")} == {PRIVATE}
    assert f"#{number(home)}" in written(card_says(world, home, "It blinks", PRIVATE))
    answer(world, KENJI, home, f"A new {animal} is on its way.", PRIVATE)
    sent = ours(world, network, f"A new {animal} is on its way.")
    assert (sent["to"], sent["tag"], sent["app"]) == (who, None, APP)


@pytest.mark.parametrize(
    ("network", "who", "animal"), [("facebook", "yuki", "lynx"), ("instagram", "mehmet", "gecko")]
)
def test_a_second_private_reply_to_a_comment_is_refused_before_anybody_writes(
    world: World, network: str, who: str, animal: str
) -> None:
    _, card = under(world, network, f"Is the {animal} tray in stock?", who)
    private = {"reply.where": picked("private")}
    press(world, MIHAI, card, "case.reply")
    submit(world, MIHAI, window_of(world, MIHAI, "window.reply"), text="One word.", **private)
    thread_says(world, card, "sent by")

    press(world, MIHAI, card, "case.reply")

    window = window_of(world, MIHAI, "window.reply")
    assert "has had its one private reply" in written(window)
    assert "reply.where" not in written(window)
    world.agent(MIHAI, "close_view", view_id=window["id"])


def test_a_commenter_on_instagram_has_one_name_everywhere_as_soon_as_it_is_known(
    world: World,
) -> None:
    comment, card = under(world, "instagram", "Is the genet lamp heavy?", "ana")
    texts = written(card["blocks"])
    assert texts.count('"text": "ana"') == 1
    assert "@ana" not in texts
    answer(world, MIHAI, card, "Tell us here.", **PRIVATELY)
    post(world, "instagram", "ana", "The genet, the big one", visibility="direct")

    line = thread_says(world, card, "The genet, the big one")
    assert "Ana Popescu, " in written(line)
    assert "@ana" in written(card_says(world, card, '"text": "Ana Popescu"'))
    choose(world, MIHAI, card, "profile")
    window = window_of(world, MIHAI, "window.profile")
    assert '"text": "Ana Popescu"' in written(window)
    world.agent(MIHAI, "close_view", view_id=window["id"])
    post(world, "instagram", "ana", "And the genet stool?", in_reply_to_id=comment)
    assert "Ana Popescu, " in written(thread_says(world, card, "And the genet stool?"))
    above = post(world, "instagram", US, "More news.")
    post(world, "instagram", "ana", "Is the serval lamp new?", in_reply_to_id=above)
    assert '"text": "Ana Popescu"' in written(world.card(CARE, "serval lamp"))


@pytest.mark.parametrize(
    ("network", "who", "animal"), [("facebook", "olga", "tapir"), ("instagram", "yuki", "quoll")]
)
def test_a_newer_comment_takes_the_private_reply_where_the_conversation_is_over(
    world: World, network: str, who: str, animal: str
) -> None:
    comment, card = under(world, network, f"My {animal} lamp hums, who helps?", who)
    answer(world, MIHAI, card, "Tell us here.", **PRIVATELY)
    thread_says(world, card, "sent by")
    post(world, network, who, f"It is the {animal} one", visibility="direct", hours_ago=24 * 8)
    thread_says(world, card, f"It is the {animal} one")
    newer = post(world, network, who, f"No word about my {animal}?", in_reply_to_id=comment)
    thread_says(world, card, f"No word about my {animal}?")

    answer(world, MIHAI, card, f"A new {animal} comes.", **PRIVATELY)

    sent = ours(world, network, f"A new {animal} comes.")
    assert (sent["about"], sent["to"]) == (newer, who)


@pytest.mark.parametrize(
    ("network", "who", "animal"), [("facebook", "nina", "puffin"), ("instagram", "tom", "newt")]
)
def test_after_a_day_a_persons_answer_bears_the_human_agent_tag(
    world: World, network: str, who: str, animal: str
) -> None:
    text = f"Is there a {animal} lamp for children?"
    post(world, network, who, text, visibility="direct", hours_ago=25)
    card = world.card(CARE, f"{animal} lamp")
    press(world, MIHAI, card, "case.reply")
    window = window_of(world, MIHAI, "window.reply")
    assert "human agent tag" in written(window)

    submit(world, MIHAI, window, text=f"Yes, the {animal} night light.")

    assert ours(world, network, f"the {animal} night light")["tag"] == "HUMAN_AGENT"


def test_an_answer_from_metas_own_inbox_is_shown_on_the_case(world: World) -> None:
    post(world, "facebook", "mehmet", "Do you ship the ibis shelf?", visibility="direct")
    card = world.card(CARE, "ibis shelf")

    post(world, "facebook", US, "We ship it, says Mara.", visibility="direct", to="mehmet")

    thread_says(world, card, "We ship it, says Mara.")


def test_what_whatsapp_could_not_deliver_reaches_the_case_and_its_agent(world: World) -> None:
    post(world, "whatsapp", "olga", "Is the zebra lamp waterproof?")
    card = world.card(CARE, "zebra lamp")
    act(world, **{"as": "olga", "network": "whatsapp", "type": "unreachable"})

    answer(world, MIHAI, card, "The zebra is, yes.")

    thread_says(world, card, "WhatsApp cannot deliver to this person")
    told(world, MIHAI, "The zebra is, yes.")


def test_a_reply_on_threads_stands_under_the_customers(world: World) -> None:
    reply, card = under(world, "threads", "Does the moth lamp dim?", "tom")

    answer(world, MIHAI, card, "The moth lamp dims.")

    assert ours(world, "threads", "The moth lamp dims.")["in_reply_to_id"] == reply


def test_what_meta_delivers_again_does_nothing_twice(world: World) -> None:
    _, card = under(world, "facebook", "Where is the crane lamp made?", "nina")
    answer(world, MIHAI, card, "The crane is made in Iași.")
    thread_says(world, card, "sent by")
    before = len(shown(world, "crane"))

    again = act(world, type="redeliver")

    assert again["sent"] >= 1
    post(world, "facebook", "nina", "After all that: the ferret lamp?", visibility="direct")
    world.card(CARE, "ferret lamp")
    assert len(shown(world, "crane")) == before
