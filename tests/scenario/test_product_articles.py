"""Self-service through the whole product: an article, a person, a menu."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from tests.product_steps import (
    CARE,
    MIHAI,
    OPERATIONS,
    PRIVATE,
    card_says,
    comment,
    press,
    thread_says,
    window_of,
    written,
)
from tests.world import World

ADDRESS = "https://brightleaf.example/help"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("articles"))
    world.start()
    world.control(action="rate-limit", on=False)
    yield world
    world.close()


def answers(world: World, post: str) -> list[str]:
    return [reply["text"] for reply in world.replies_to(post) if reply["author"] == "brightleaf"]


def test_an_article_answers_says_so_and_the_next_word_brings_a_person(world: World) -> None:
    post = comment(world, "tom", "Do you ship abroad, to Japan for example?")

    [said] = world.wait(lambda: answers(world, post), "the article")
    card = world.card(CARE, "to Japan for example")
    card_says(world, card, "Tier 0")
    thread_says(world, card, "sent automatically")
    again = world.customer("tom", "And could you gift-wrap it, with a card?", in_reply_to_id=post)

    assert "From 60 euro it is free" in said
    assert f"{ADDRESS}/delivery" in said
    assert "This is an automatic answer of Brightleaf" in said
    now = card_says(world, card, "Tier 1")
    assert "gift-wrap" in written(card_says(world, card, "gift-wrap"))
    assert "nobody has it" in written(card_says(world, now, "nobody has it"))
    assert answers(world, again) == []


def test_a_customer_is_answered_in_their_language(world: World) -> None:
    post = comment(world, "mehmet", "Yurt dışına kargo gönderiyor musunuz?")
    [said] = world.wait(lambda: answers(world, post), "the article")
    assert "yurt dışında sekiz güne kadar" in said
    assert "otomatik bir yanıttır" in said


@pytest.mark.parametrize(
    "text",
    [
        "Do you ship abroad, to Japan? My order BL-204817 should go there.",
        "Do you ship abroad, to Japan? I was charged twice for it.",
        "Do you rent lamps for weddings?",
    ],
)
def test_what_is_personal_private_or_unanswered_gets_no_article(world: World, text: str) -> None:
    post = comment(world, "yuki", text)
    held = world.card(PRIVATE if "charged" in text else CARE, text[-18:])
    world.wait(lambda: held, "the card")
    assert not [said for said in answers(world, post) if ADDRESS in said]


PAINT = """\
---
title: Paint
language: en
questions:
  en: ["Which paint is on the wood?"]
visibility: public
updated: "2026-11-20"
---

It is linseed oil.
"""


def test_an_article_that_is_written_now_answers_after_a_signal(world: World) -> None:
    (world.config / "knowledge" / "paint.md").write_text(PAINT, encoding="utf-8")
    assert world.product is not None
    os.kill(world.product.pid, signal.SIGHUP)
    world.wait(
        lambda: "read anew: 6 articles" in world.errors.read_text("utf-8"), "the new article"
    )

    post = comment(world, "ana", "Which paint is on the wood?")

    [said] = world.wait(lambda: answers(world, post), "the article")
    assert "linseed oil" in said


def test_a_broken_article_keeps_no_desk_from_starting_and_operations_hears_of_it(
    world: World,
) -> None:
    assert world.product is not None
    world.product.stop()
    glue = world.config / "knowledge" / "glue.md"
    glue.write_text("broken", encoding="utf-8")

    world.start()

    alert = world.card(OPERATIONS, "glue.md")
    post = comment(world, "tom", "And which paint is on the wood?")
    [said] = world.wait(lambda: answers(world, post), "the article")
    glue.unlink()
    assert "It is not in use" in written(alert)
    assert "linseed oil" in said


def test_the_card_s_article_is_used_with_one_click(world: World) -> None:
    comment(world, "nina", "Parcel BL-204818: how do I track my parcel?")
    card = world.card(CARE, "how do I track my parcel")
    assert "Where is my parcel" in written(card)

    press(world, MIHAI, card, "article.use")

    window = window_of(world, MIHAI, "window.reply")
    assert "has a link that shows where the parcel is" in written(window)


def test_a_greeting_in_private_is_offered_a_menu_and_the_choice_routes(world: World) -> None:
    world.customer("olga", "Здравствуйте! Помогите, пожалуйста.", visibility="direct")
    offered = world.wait(
        lambda: next((m for m in world.direct("olga") if "2. Оплата" in written(m)), None), "a menu"
    )

    world.customer("olga", "2", visibility="direct", in_reply_to_id=offered["id"])

    card = world.card(PRIVATE, "Chose payment or account")
    assert "Tier 2" in written(card)
