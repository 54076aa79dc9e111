"""What agents do with a case besides answering it, through the whole product."""

from __future__ import annotations

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
    card_now,
    card_says,
    choose,
    comment,
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


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("moves"))
    world.start()
    world.control(action="rate-limit", on=False)
    yield world
    world.close()


def test_an_escalation_carries_reason_and_history(world: World) -> None:
    post = comment(world, "ana", "The tapir lamp hums at night.")
    card = world.card(CARE, "tapir lamp")
    world.customer("ana", "It also smells, lemur.", in_reply_to_id=post)
    thread_says(world, card, "lemur")
    press(world, MIHAI, card, "case.escalate")
    window = window_of(world, MIHAI, "window.escalate")

    submit(world, MIHAI, window, tier=picked("2"), reason="Perhaps a broken transformer.")

    home = world.card(PRIVATE, "tapir lamp", KENJI)
    thread_says(world, home, "lemur", PRIVATE)
    thread_says(world, home, "broken transformer", PRIVATE)
    assert "tapir" not in written(card_says(world, card, "moved to"))
    assert number(home) == number(card)


def test_an_escalation_needs_a_reason(world: World) -> None:
    comment(world, "tom", "The dingo tray is scratched.")
    card = world.card(CARE, "dingo tray")
    press(world, MIHAI, card, "case.escalate")
    window = window_of(world, MIHAI, "window.escalate")

    refused = submit(world, MIHAI, window, tier=picked("2"), reason="   ")

    assert refused["errors"] or told(world, MIHAI, "Say why")
    assert "moved to" not in written(card_now(world, CARE, card["ts"]))


def test_experts_are_asked_into_the_thread_while_owner_and_tier_stay(world: World) -> None:
    comment(world, "olga", "Which paint is on the newt stool?")
    card = world.card(CARE, "newt stool")
    press(world, MIHAI, card, "case.claim")
    card_says(world, card, f"Claimed by <@{MIHAI}>")
    choose(world, MIHAI, card, "swarm")
    window = window_of(world, MIHAI, "window.swarm")

    experts = {"selected_users": [IOANA]}
    submit(world, MIHAI, window, experts=experts, question="Do you know the paint?")

    line = thread_says(world, card, "Do you know the paint?")
    assert IOANA in written(line)
    now = written(card_now(world, CARE, card["ts"]))
    assert f"Claimed by <@{MIHAI}>" in now
    assert "Tier 1" in now


def test_owner_priority_and_tags_are_set_in_one_window(world: World) -> None:
    comment(world, "yuki", "Is the stoat lamp waterproof?")
    card = world.card(CARE, "stoat lamp")
    choose(world, MIHAI, card, "change")
    window = window_of(world, MIHAI, "window.change")

    submit(
        world,
        MIHAI,
        window,
        owner={"selected_user": IOANA},
        priority=picked("critical"),
        tags="Outdoor, #water",
    )

    now = written(card_says(world, card, f"Claimed by <@{IOANA}>"))
    assert "Critical" in now
    assert "#outdoor" in now
    assert "#water" in now
    told(world, IOANA, f"gave you case {number(card)}")
    thread_says(world, card, "gave the case to")


def test_a_case_on_hold_comes_back_with_the_customers_next_message(world: World) -> None:
    post = comment(world, "nina", "When is the egret lamp back?")
    card = world.card(CARE, "egret lamp")
    choose(world, MIHAI, card, "snooze")
    window = window_of(world, MIHAI, "window.snooze")
    submit(world, MIHAI, window)
    card_says(world, card, "On hold until")

    world.customer("nina", "I need it by Friday.", in_reply_to_id=post)

    card_says(world, card, "nobody has it")
    thread_says(world, card, "I need it by Friday.")


def test_a_closed_case_opens_again_by_button_and_by_a_question_but_not_by_thanks(
    world: World,
) -> None:
    post = comment(world, "mehmet", "Do you ship the ibis table?")
    card = world.card(CARE, "ibis table")
    press(world, MIHAI, card, "case.close")
    submit(
        world, MIHAI, window_of(world, MIHAI, "window.close"), resolution=picked("no reply needed")
    )
    card_says(world, card, "Closed as no reply needed")

    world.customer("mehmet", "Thank you!", in_reply_to_id=post)
    thread_says(world, card, "Thank you!")
    assert "Closed as" in written(card_now(world, CARE, card["ts"]))

    press(world, MIHAI, card, "case.reopen")
    card_says(world, card, "nobody has it")
    press(world, MIHAI, card, "case.close")
    submit(world, MIHAI, window_of(world, MIHAI, "window.close"), resolution=picked("answered"))
    card_says(world, card, "Closed as answered")

    world.customer("mehmet", "And to Izmir?", in_reply_to_id=post)
    card_says(world, card, "And to Izmir?")
    cards = [m for m in shown(world, "ibis table") if m.get("thread_ts", m["ts"]) == m["ts"]]
    assert [m["ts"] for m in cards] == [card["ts"]]


def test_an_answer_may_close_its_case(world: World) -> None:
    comment(world, "ana", "What is the vole tray made of?")
    card = world.card(CARE, "vole tray")

    answer(world, MIHAI, card, "Solid oak.", afterwards=picked("close"))

    card_says(world, card, "Closed as answered")


def test_the_second_of_two_who_answer_is_asked_first(world: World) -> None:
    post = comment(world, "tom", "Is the skink lamp on sale?")
    card = world.card(CARE, "skink lamp")
    press(world, IOANA, card, "case.reply")
    late = window_of(world, IOANA, "window.reply")
    answer(world, MIHAI, card, "It is, until Sunday.")
    thread_says(world, card, "sent by")

    asked = submit(world, IOANA, late, text="Yes, 20 percent off.")

    assert asked["response_action"] == "update"
    again = window_of(world, IOANA, "window.reply")
    assert "answered while you wrote" in written(again)
    assert "It is, until Sunday." in written(again)
    assert "Yes, 20 percent off." in written(again)
    assert len(world.replies_to(post)) == 1
    submit(world, IOANA, again, text="Yes, 20 percent off.")
    world.wait(lambda: len(world.replies_to(post)) == 2, "the second answer")


def test_spam_and_own_posts_start_nothing(world: World) -> None:
    world.customer("brightleaf", "We have a new kudu lamp!")
    world.customer("brightleaf", "@brightleaf kudu, said to ourselves")
    world.customer("bargains", "FREE FOLLOWERS kudu! Click here http://a.example http://b.example")
    comment(world, "olga", "Is this after the spam, kudu?")

    world.card(CARE, "Is this after the spam, kudu?")

    assert len(shown(world, "kudu")) == 1


def test_talk_in_a_thread_stays_inside_and_its_writer_is_told_so_once(world: World) -> None:
    post = comment(world, "yuki", "Does the okapi lamp dim?")
    card = world.card(CARE, "okapi lamp")
    press(world, MIHAI, card, "case.claim")
    card_says(world, card, "Claimed by")

    for words in ("I think it does.", "Let me look."):
        world.agent(MIHAI, "post", channel=CARE, text=words, thread_ts=card["ts"])

    told(world, MIHAI, "Only your team sees this")
    answer(world, MIHAI, card, "It does.")
    thread_says(world, card, "sent by")
    hints = [m for m in world.slack(MIHAI)["ephemerals"][CARE] if "Only your team" in written(m)]
    assert len(hints) == 1
    assert [reply["text"] for reply in world.replies_to(post)] == ["@yuki It does."]


def test_a_message_of_a_case_is_counted_once_however_often_it_is_seen(world: World) -> None:
    comment(world, "nina", "I am disappointed, the civet lamp broke.")
    card = world.card(CARE, "civet lamp")
    world.card(MARKETING, "civet lamp")

    press(world, MIHAI, card, "case.claim")
    card_says(world, card, "Claimed by")

    assert len([m for m in shown(world, "civet lamp") if m["channel"] == CARE]) == 1
    assert len([m for m in shown(world, "civet lamp") if m["channel"] == MARKETING]) == 1
