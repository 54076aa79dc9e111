"""The seeded story, played on the page: what it shows at the desk, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_desk_by_clicks import act_as, become, card
from tests.browser.test_helpdesk_by_clicks import ticket
from tests.world import World

pytestmark = pytest.mark.browser

PLAYED = 180_000
"""Milliseconds until the whole story must have been told, at ten times its speed."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(Path(tmp_path_factory.mktemp("story")), further=("instagram",), helpdesk=True)
    try:
        world.start()
        yield world
    finally:
        world.close()


@pytest.fixture
def told(page: Page) -> Page:
    """The page once the whole story was told."""
    if "Story told" not in page.get_by_role("group", name="Story").inner_text():
        page.get_by_test_id("story-speed").select_option("10")
        page.get_by_test_id("story-toggle").click()
    expect(page.get_by_role("group", name="Story")).to_contain_text("Story told", timeout=PLAYED)
    return page


def test_the_story_ends_with_the_helpdesks_answer_in_the_customers_messages(
    told: Page, world: World
) -> None:
    told.get_by_test_id("network-instagram").click()
    become(told, "tom")
    told.get_by_test_id("feed-messages").click()
    messages = told.get_by_test_id("dms")
    expect(messages).to_contain_text("It is order BL-203977")
    expect(messages).to_contain_text("a new stool leaves us tomorrow")
    act_as(told, "U0KENJI", "C0PRIVATE")
    expect(card(told, "It is order BL-203977")).to_contain_text("Ticket support #")
    entries = ticket(told, "my oak stool has cracked")
    for words in ("It is order BL-203977", "Third cracked seat", "a new stool leaves us tomorrow"):
        expect(entries).to_contain_text(words)
    said = [one for one in world.dump()["meta"] if "a new stool" in one["text"]]
    assert [one["visibility"] for one in said] == ["direct"]


def test_in_the_story_an_agent_uses_an_article_and_says_where_a_message_belonged(
    told: Page, world: World
) -> None:
    answers = [one["text"] for one in world.feed()["posts"] if "Livrarea costă" in one["text"]]
    assert len(answers) == 1
    assert "https://brightleaf.example/help/delivery" in answers[0]
    act_as(told, "U0MIHAI", "C0CARE")
    expect(card(told, "livrarea gratuită")).to_contain_text("@Mihai Ionescu has it")
    expect(told.get_by_text("Noted: “Spam or not for us”")).to_be_visible()
    expect(told.get_by_test_id("modal")).to_be_hidden()


def test_in_the_story_a_rule_is_tried_in_shadow_and_why_here_tells_what_it_would_have_done(
    told: Page, world: World
) -> None:
    assert "New rules are in use" in str(world.messages("C0OPS"))
    act_as(told, "U0MIHAI", "C0CARE")
    why = card(told, "A crack runs through")
    why.get_by_role("button", name="More actions").first.click()
    told.get_by_text("Why here?", exact=True).click()
    window = told.get_by_test_id("modal")
    expect(window).to_contain_text("rule “Cracked seats” would have decided: tier 2")
    told.get_by_test_id("modal-close").click()


def test_in_the_story_a_new_list_is_replayed_before_it_is_in_force(
    told: Page, world: World
) -> None:
    replayed = next(text for text in said(world, "C0CARE") if "I replayed it" in text)
    assert "With the new list 2 would move" in replayed
    assert "The seat of my oak stool" in replayed
    assert "from “Ordinary public messages” to “Cracked seats”" in replayed
    assert not (world.config / "tried.yaml").exists()
    assert "shadow: true" not in (world.config / "rules.yaml").read_text(encoding="utf-8")


def said(world: World, channel: str) -> list[str]:
    return [message["text"] for message in world.messages(channel)]


def test_starting_over_takes_the_storys_rule_back(told: Page, world: World) -> None:
    rules = world.config / "rules.yaml"
    assert "Cracked seats" in rules.read_text(encoding="utf-8")

    world.http.post("/sandbox/reset").raise_for_status()

    assert "Cracked seats" not in rules.read_text(encoding="utf-8")
