"""The thin path through the whole product: a post, a card, a claim, a reply."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.product_steps import (
    CARE,
    IOANA,
    KENJI,
    MARKETING,
    MIHAI,
    answer,
    card_now,
    card_says,
    comment,
    number,
    picked,
    posted,
    press,
    shown,
    submit,
    thread_says,
    told,
    window_of,
    written,
)
from tests.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("path"))
    world.start()
    world.control(action="rate-limit", on=False)
    yield world
    world.close()


def test_a_mention_becomes_one_card_with_its_buttons(world: World) -> None:
    world.customer("tom", "My parcel with the walnut tray is three days late.")

    card = world.card(CARE, "walnut tray")

    for words in ("Tom Becker", "Mastodon", "Why here", "case.claim", "case.reply", "case.more"):
        assert words in written(card)
    assert len([m for m in shown(world, "walnut tray") if m["channel"] == CARE]) == 1


def test_a_complaint_is_shown_to_marketing_where_a_rule_asks(world: World) -> None:
    comment(world, "ana", "Terrible quality, the zebra lamp broke after a day, I am disappointed.")

    watched = world.card(MARKETING, "zebra lamp")

    assert "Watched" in written(watched)
    assert "case.claim" not in written(watched)


def test_an_ordinary_question_is_not_shown_to_marketing(world: World) -> None:
    comment(world, "nina", "Which bulb fits the quokka lamp?")

    world.card(CARE, "quokka lamp")

    assert not [m for m in shown(world, "quokka lamp") if m["channel"] == MARKETING]


def test_of_two_agents_who_claim_at_once_one_has_it_and_the_other_is_told(world: World) -> None:
    comment(world, "yuki", "Is the heron lamp dimmable?")
    card = world.card(CARE, "heron lamp")

    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda user: press(world, user, card, "case.claim"), (MIHAI, IOANA)))

    claimed = written(card_says(world, card, "Claimed by"))
    first, second = (MIHAI, IOANA) if f"<@{MIHAI}>" in claimed else (IOANA, MIHAI)
    told(world, second, f"<@{first}> has it")
    assert f"Claimed by <@{first}>" in written(card_now(world, CARE, card["ts"]))


def test_a_reply_stands_under_the_right_post_once_and_the_case_waits(world: World) -> None:
    post = comment(world, "olga", "How wide is the badger stool?")
    card = world.card(CARE, "badger stool")

    said = answer(world, MIHAI, card, "The stool measures 40 cm.")

    line = thread_says(world, card, "sent by")
    assert not said["errors"]
    [reply] = world.replies_to(post)
    assert reply["author"] == "brightleaf"
    assert reply["text"] == "@olga The stool measures 40 cm."
    assert reply["visibility"] == "public"
    assert reply["id"] in written(line)
    assert f"<@{MIHAI}>" in written(card_says(world, card, "waiting for"))


def test_a_window_that_is_sent_twice_sends_once(world: World) -> None:
    post = comment(world, "mehmet", "Does the otter table fold?")
    card = world.card(CARE, "otter table")
    press(world, MIHAI, card, "case.reply")
    window = window_of(world, MIHAI, "window.reply")

    with ThreadPoolExecutor() as pool:
        sent = [pool.submit(submit, world, MIHAI, window, text="It folds flat.") for _ in range(2)]
        assert any(one.result()["ok"] for one in sent)

    thread_says(world, card, "sent by")
    world.customer("mehmet", "Thank you, otter.", in_reply_to_id=post)
    thread_says(world, card, "Thank you, otter.")
    assert len(posted(world, "It folds flat.")) == 1


def test_what_slack_delivers_again_does_nothing_twice(world: World) -> None:
    comment(world, "tom", "Where is the lynx lamp made?")
    card = world.card(CARE, "lynx lamp")
    press(world, IOANA, card, "case.claim")
    card_says(world, card, f"Claimed by <@{IOANA}>")
    press(world, IOANA, card, "case.release")
    card_says(world, card, "nobody has it")
    world.agent(MIHAI, "react", channel=CARE, ts=card["ts"], name="eyes")
    card_says(world, card, f"Claimed by <@{MIHAI}>")
    press(world, MIHAI, card, "case.release")
    card_says(world, card, "nobody has it")

    again = world.http.post("/slack/control", json={"action": "redeliver", "last": 200}).json()
    answer(world, IOANA, card, "It is made in Iași.")

    assert again["sent"] >= 1
    thread_says(world, card, "sent by Ioana")
    card_says(world, card, f", <@{IOANA}> has it")


def test_a_button_that_is_too_late_says_so(world: World) -> None:
    comment(world, "nina", "Can I return the puffin tray?")
    card = world.card(CARE, "puffin tray")
    press(world, MIHAI, card, "case.escalate")
    window = window_of(world, MIHAI, "window.escalate")
    press(world, IOANA, card, "case.close")
    closing = window_of(world, IOANA, "window.close")
    submit(world, MIHAI, window, reason="needs a specialist", tier=picked("2"))
    card_says(world, card, "moved to")

    submit(world, IOANA, closing, resolution=picked("answered"))

    told(world, IOANA, f"Case {number(card)} has moved to another channel")
    home = world.card("C0PRIVATE", "puffin tray", KENJI)
    assert "Closed as" not in written(home)
