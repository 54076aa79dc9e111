"""Automatic answers, edits and deletions, through the whole product."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.product_steps import (
    CARE,
    KENJI,
    MIHAI,
    PRIVATE,
    card_says,
    comment,
    press,
    shown,
    thread_says,
    written,
)
from tests.world import World


def _look_often(settings: str) -> str:
    return f"{settings}\npolling:\n  look_again: 1s\n"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("automatic"), change=_look_often)
    world.start()
    world.control(action="rate-limit", on=False)
    yield world
    world.close()


def answered(world: World, post: str) -> list[str]:
    return [reply["text"] for reply in world.replies_to(post) if reply["author"] == "brightleaf"]


def test_a_question_with_a_known_answer_gets_it_once_and_says_who_speaks(world: World) -> None:
    post = comment(world, "tom", "What are your opening hours?")

    [said] = world.wait(lambda: answered(world, post), "the automatic answer")

    assert "automatic assistant" in said
    assert "a person will take over" in said
    card = world.card(CARE, "What are your opening hours?")
    thread_says(world, card, "sent automatically")


def test_a_second_question_in_the_gap_is_left_to_a_person(world: World) -> None:
    post = comment(world, "nina", "When do you open?")
    world.wait(lambda: answered(world, post), "the automatic answer")
    card = world.card(CARE, "When do you open?")
    thread_says(world, card, "sent automatically")

    again = world.customer("nina", "And when do you close?", in_reply_to_id=post)

    card_says(world, card, "And when do you close?")
    card_says(world, card, "nobody has it")
    assert not answered(world, again)


def test_a_case_that_somebody_has_gets_no_automatic_answer(world: World) -> None:
    post = comment(world, "ana", "Do you sell the marmot lamp in town?")
    card = world.card(CARE, "marmot lamp")
    press(world, MIHAI, card, "case.claim")
    card_says(world, card, "Claimed by")

    again = world.customer("ana", "What are your opening hours?", in_reply_to_id=post)

    thread_says(world, card, "opening hours")
    other = comment(world, "olga", "Когда вы работаете, режим работы?")
    world.wait(lambda: answered(world, other), "the answer to a later question")
    assert not answered(world, again)


def test_a_bot_gets_no_automatic_answer(world: World) -> None:
    post = comment(world, "bargains", "What are your opening hours, dear shop?")

    world.card(CARE, "dear shop")

    other = comment(world, "mehmet", "çalışma saatleri nedir?")
    world.wait(lambda: answered(world, other), "the answer to a later question")
    assert not answered(world, post)


def test_an_edit_that_adds_a_card_number_raises_the_case_and_shows_it_masked(world: World) -> None:
    post = comment(world, "yuki", "The numbat lamp was charged.")
    other = comment(world, "tom", "Which bulb does the jerboa lamp take?")
    card = world.card(CARE, "jerboa lamp")
    world.card(PRIVATE, "numbat lamp", KENJI)

    number = "4111111111111111"
    for acct, id_, lamp in (("tom", other, "jerboa"), ("yuki", post, "numbat")):
        world.customer_acts(acct, "edit", id=id_, text=f"My card is {number}, {lamp} lamp.")

    card_says(world, card, "moved to a private channel")
    home = world.card(PRIVATE, "jerboa lamp", KENJI)
    assert "[card number]" in written(home)
    assert "edited on Mastodon" in written(home)
    assert "Tier 2 · Specialists" in written(home)
    assert "Payment data and identity papers" in written(home)
    thread_says(world, home, "Which bulb does", PRIVATE)
    assert not shown(world, number)


def test_a_deletion_shows_on_the_card_and_in_its_thread(world: World) -> None:
    post = comment(world, "olga", "How heavy is the fossa stool?")
    card = world.card(CARE, "fossa stool")

    world.customer_acts("olga", "delete", id=post)

    card_says(world, card, "deleted on Mastodon")
    thread_says(world, card, "deleted a message")
