"""Self-service through the whole product: an article, a person, a menu."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from tests.product_steps import (
    CARE,
    KENJI,
    MIHAI,
    OPERATIONS,
    PRIVATE,
    card_now,
    card_says,
    comment,
    press,
    thread_says,
    window_of,
    written,
)
from tests.world import PATIENCE, World

ADDRESS = "https://brightleaf.example/help"


def _look_often(settings: str) -> str:
    return f"{settings}\npolling:\n  look_again: 1s\n"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("articles"), change=_look_often)
    world.start()
    world.control(action="rate-limit", on=False)
    yield world
    world.close()


@pytest.fixture(autouse=True)
def well_afterwards(world: World) -> Iterator[None]:
    yield
    world.control(action="clear")


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


POST = "POST /api/v1/statuses"
NUMBER = "4111 1111 1111 1111"


def test_an_article_that_waits_stays_out_once_its_question_is_a_private_matter(
    world: World,
) -> None:
    world.fault("network", POST, "503", times=0)
    post = comment(world, "mehmet", "How long does shipping take?")
    card = world.card(CARE, "How long does shipping take?")
    card_says(world, card, "An answer may be on Mastodon")

    world.customer_acts("mehmet", "edit", id=post, text=f"I was charged twice with card {NUMBER}")
    home = world.card(PRIVATE, "I was charged twice", KENJI)
    world.control(action="clear")

    thread_says(world, home, "Not sent: The customer edited", PRIVATE, patience=3 * PATIENCE)
    assert "nobody has it" in written(card_now(world, PRIVATE, home["ts"]))
    assert answers(world, post) == []


def test_an_article_that_waits_stays_out_once_the_customer_wrote_more(world: World) -> None:
    world.fault("network", POST, "429", times=0, retry_after=1)
    post = comment(world, "ana", "Do you ship to other countries?")
    card = world.card(CARE, "Do you ship to other countries?")
    card_says(world, card, "An answer waits for Mastodon")

    more = "The lamp gave my daughter an electric shock"
    world.customer("ana", more, in_reply_to_id=post)
    home = world.card(PRIVATE, "an electric shock", KENJI)
    world.control(action="clear")

    thread_says(world, home, "Not sent: The customer wrote more", PRIVATE, patience=3 * PATIENCE)
    assert not [said for said in answers(world, post) if ADDRESS in said]


def test_who_answers_an_article_by_direct_message_gets_a_person_in_the_same_case(
    world: World,
) -> None:
    post = comment(world, "nina", "How much is delivery?")
    [said] = world.wait(
        lambda: [r for r in world.replies_to(post) if r["author"] == "brightleaf"], "the article"
    )
    card = world.card(CARE, "How much is delivery?")
    thread_says(world, card, "sent automatically")

    world.customer(
        "nina",
        "That does not help. Is the Fern lamp dimmable?",
        visibility="direct",
        in_reply_to_id=said["id"],
    )

    thread_says(world, card, "That does not help")
    assert "nobody has it" in written(card_says(world, card, "Tier 1"))
    assert not [m for m in world.direct("nina") if m["author"] == "brightleaf"]


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
