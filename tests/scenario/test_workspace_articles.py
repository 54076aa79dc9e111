"""Articles at the desk: on the card, in the Reply window, by a command; some stay inside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.articles import GOODWILL, HOURS, RETURNS, an_index
from tests.stage_fakes import CARE
from tests.workspace_stage import Stage, find_element, on_stage, written

MIHAI = "U0MIHAI"
ASKED = "Hello there. How do I return something?"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path, knowledge=an_index()) as stage:
        yield stage


def shown(stage: Stage, words: str) -> dict[str, Any]:
    """The window once it says this."""
    return stage.until(
        lambda: next(
            (
                v
                for v in stage.slack.state(MIHAI)["views"]
                if words in json.dumps(v, ensure_ascii=False)
            ),
            None,
        )
    )


def text_of(view: dict[str, Any]) -> str:
    _, element = find_element(view["blocks"], "text")
    return str(element.get("initial_value", ""))


def search(stage: Stage, view: dict[str, Any], words: str) -> dict[str, str]:
    """What the search field lists: titles by key."""
    block, _ = find_element(view["blocks"], "reply.article")
    found = stage.slack.act(
        MIHAI,
        "options",
        view_id=view["id"],
        block_id=block["block_id"],
        action_id="reply.article",
        value=words,
    )
    return {one["value"]: one["text"]["text"] for one in found["options"]}


def pick(stage: Stage, view: dict[str, Any], key: str, typed: str = "") -> None:
    block, _ = find_element(view["blocks"], "reply.article")
    field, _ = find_element(view["blocks"], "text")
    option = {"text": {"type": "plain_text", "text": key}, "value": key}
    done = stage.slack.act(
        MIHAI,
        "view_action",
        view_id=view["id"],
        block_id=block["block_id"],
        action_id="reply.article",
        values={field["block_id"]: {"text": {"type": "plain_text_input", "value": typed}}},
        selected_option=option,
    )
    assert done["ok"], done


def test_the_card_shows_the_article_and_one_click_puts_it_into_the_reply(stage: Stage) -> None:
    stage.customer(ASKED)
    stage.press(MIHAI, "article.use")

    view = shown(stage, "Reply")

    assert "💡 Article: <https://shop.example/help/returns|Returns>" in written(stage.card())
    assert text_of(view).startswith("Send it back within 30 days.")
    assert text_of(view).endswith(str(RETURNS.url))


@pytest.mark.parametrize("text", ["My lamp is wonderful", "4111 1111 1111 1111"])
def test_a_card_without_a_fitting_article_shows_none(stage: Stage, text: str) -> None:
    stage.customer(text)
    stage.drain()
    assert "💡" not in json.dumps([stage.messages(CARE)], ensure_ascii=False)


def test_personal_data_is_no_part_of_the_search(tmp_path: Path) -> None:
    numbers = an_index(replace(HOURS, questions={"en": ("48213?",)}))
    with on_stage(tmp_path, knowledge=numbers) as stage:
        stage.customer("48213")
        stage.drain()
        assert "💡" not in written(stage.card())


def test_what_was_answered_shows_no_article_any_more(stage: Stage) -> None:
    stage.customer(ASKED)
    stage.press(MIHAI, "article.use")
    view = shown(stage, "Send it back")
    stage.submit(MIHAI, text={"type": "plain_text_input", "value": "Within 30 days."})
    stage.until(lambda: stage.network.sent)
    stage.until(lambda: "💡" not in written(stage.card()) or None)
    assert view["id"]


def test_an_internal_article_is_read_beside_the_answer_and_no_word_of_it_is_put_in(
    stage: Stage,
) -> None:
    stage.customer("My table has a scratch")
    stage.press(MIHAI, "article.use")

    view = shown(stage, "Offer ten percent")

    assert text_of(view) == ""
    assert "no part of it is put into your answer" in json.dumps(view)
    assert "internal" in written(stage.card())


def test_the_reply_window_searches_all_articles_and_adds_what_is_chosen(stage: Stage) -> None:
    stage.customer("Hi")
    stage.press(MIHAI, "case.reply")
    view = stage.window(MIHAI)

    assert search(stage, view, "open sunday") == {"hours": "Opening hours"}
    assert search(stage, view, "scratch") == {"goodwill": "Goodwill after a scratch (internal)"}
    assert search(stage, view, "submarine") == {}
    pick(stage, view, "hours", typed="Hello!")

    added = shown(stage, "nine to six")
    assert text_of(added) == f"Hello!\n\n{HOURS.body}\n\n{HOURS.url}"


def test_an_article_that_is_gone_is_told_and_nothing_typed_is_lost(stage: Stage) -> None:
    stage.customer("Hi")
    stage.press(MIHAI, "case.reply")
    view = stage.window(MIHAI)
    pick(stage, view, "gone", typed="half an answer")

    told = stage.until(lambda: stage.whispers(MIHAI))
    assert "no longer there" in written(told[0])
    assert len(stage.slack.state(MIHAI)["views"]) == 1


def ask(stage: Stage, text: str) -> str:
    before = len(stage.whispers(MIHAI))
    assert stage.slack.act(MIHAI, "command", channel=CARE, text=text)["ok"]
    return written(stage.until(lambda: stage.whispers(MIHAI)[before:] or None)[0])


def test_the_command_finds_articles_internal_ones_too(stage: Stage) -> None:
    assert "Opening hours" in ask(stage, "kb when are you open")
    internal = ask(stage, "kb scratch")
    assert GOODWILL.title in internal
    assert "internal" in internal
    assert "No article answers" in ask(stage, "kb submarines")
    assert "Say what to search for" in ask(stage, "kb")


def test_without_a_knowledge_base_the_window_has_no_search_and_the_command_says_so(
    tmp_path: Path,
) -> None:
    with on_stage(tmp_path) as stage:
        stage.customer(ASKED)
        stage.press(MIHAI, "case.reply")
        assert "reply.article" not in json.dumps(stage.window(MIHAI))
        assert "no knowledge base" in ask(stage, "kb open")
