"""Personal data goes only where it may, through the whole product."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.product_steps import (
    CARE,
    IOANA,
    KENJI,
    MARKETING,
    MIHAI,
    PRIVATE,
    answer,
    card_says,
    choose,
    comment,
    number,
    picked,
    posted,
    press,
    shown,
    submit,
    thread_says,
    window_of,
    written,
)
from tests.world import World

CARD_NUMBER = "4111 1111 1111 1111"
OPEN_TO_ALL = (CARE, MARKETING, "C0GENERAL", "C0OPS")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("private"))
    world.start()
    world.control(action="rate-limit", on=False)
    yield world
    world.close()


@pytest.mark.parametrize(
    ("acct", "draft", "named"),
    [
        ("olga", "Your order BL-123456 left today.", "order number"),
        ("yuki", "Write to ana.popescu@post.example please.", "e-mail address"),
        ("nina", f"We refunded the card {CARD_NUMBER}.", "card number"),
    ],
)
def test_an_answer_with_personal_data_is_stopped_in_public_and_can_go_in_private(
    world: World, acct: str, draft: str, named: str
) -> None:
    comment(world, acct, f"Any news for {acct}?")
    card = world.card(CARE, f"Any news for {acct}?")

    stopped = answer(world, MIHAI, card, draft)

    [complaint] = stopped["errors"].values()
    assert named in complaint
    assert "In private" in complaint
    window = window_of(world, MIHAI, "window.reply")
    assert not posted(world, draft)
    submit(world, MIHAI, window, text=draft, **{"reply.where": picked("private")})
    thread_says(world, card, "sent by")
    [sent] = posted(world, draft)
    assert sent["visibility"] == "direct"


def test_a_card_number_in_public_is_taken_private_by_rule(world: World) -> None:
    post = comment(world, "mehmet", f"You charged {CARD_NUMBER} twice, pangolin!")

    home = world.card(PRIVATE, "pangolin", KENJI)

    [invitation] = world.wait(lambda: world.direct("mehmet"), "the invitation")
    [note] = world.wait(lambda: world.replies_to(post), "the public word")
    assert invitation["author"] == note["author"] == "brightleaf"
    assert str(number(home)) in invitation["text"]
    assert CARD_NUMBER not in note["text"]
    thread_says(world, home, "sent automatically", PRIVATE)
    everywhere = world.dump()["slack"]
    assert not [m["channel"] for m in everywhere if re.search("4111.?1111", written(m))]
    assert not [m["channel"] for m in shown(world, "pangolin") if m["channel"] in OPEN_TO_ALL]


def test_the_customers_private_answer_lands_in_the_same_case(world: World) -> None:
    comment(world, "tom", "I was charged twice for the capybara tray.")
    home = world.card(PRIVATE, "capybara tray", KENJI)
    [invitation] = world.wait(lambda: world.direct("tom"), "the invitation")

    world.customer(
        "tom", "It was on Monday, iguana.", visibility="direct", in_reply_to_id=invitation["id"]
    )

    thread_says(world, home, "iguana", PRIVATE)
    assert {m["channel"] for m in shown(world, "iguana")} == {PRIVATE}
    assert f"#{number(home)}" in written(card_says(world, home, "iguana", PRIVATE))


def test_a_case_taken_private_leaves_a_link_and_no_private_word(world: World) -> None:
    post = comment(world, "ana", "My wombat lamp flickers, who can help?")
    card = world.card(CARE, "wombat lamp")
    press(world, MIHAI, card, "case.take_private")
    window = window_of(world, MIHAI, "window.take_private")

    done = submit(
        world, MIHAI, window, invitation="Tell us more here, ferret.", note="We wrote to you."
    )

    assert not done["errors"]
    left = written(card_says(world, card, "moved to a private channel"))
    assert "wombat" not in left
    assert "case.claim" not in left
    home = world.card(PRIVATE, "wombat lamp", KENJI)
    thread_says(world, home, "ferret", PRIVATE)
    assert home["ts"].replace(".", "") in written(card_says(world, card, "Open it there"))
    assert "ferret" in world.direct("ana")[-1]["text"]
    assert [reply["text"] for reply in world.replies_to(post)] == ["@ana We wrote to you."]
    assert {m["channel"] for m in shown(world, "ferret")} == {PRIVATE}


def test_a_word_for_the_public_with_personal_data_stops_the_move(world: World) -> None:
    comment(world, "olga", "Is my gecko lamp on its way?")
    card = world.card(CARE, "gecko lamp")
    press(world, IOANA, card, "case.take_private")
    window = window_of(world, IOANA, "window.take_private")

    stopped = submit(world, IOANA, window, note="Order BL-654321 is late.", invitation="Hello.")

    assert "order number" in stopped["errors"]["note"]
    assert not posted(world, "BL-654321")
    card_says(world, card, "gecko lamp")
    world.agent(IOANA, "close_view", view_id=window["id"])


def test_an_explanation_does_not_repeat_what_its_channel_may_not_see(world: World) -> None:
    comment(world, "yuki", "My e-mail is coati@post.example, is the coati lamp in stock?")
    home = world.card(PRIVATE, "coati lamp", KENJI)

    choose(world, KENJI, home, "why", PRIVATE)
    why = written(window_of(world, KENJI, "window.why"))
    world.agent(MIHAI, "command", channel=CARE, text=f"case {number(home)}")

    assert "Contact details" in why
    refused = world.wait(lambda: world.slack(MIHAI)["ephemerals"].get(CARE), "an answer")
    assert "private channel that you are not in" in written(refused)
    assert "coati@post.example" not in written(world.slack(MIHAI))
