"""The seeded story, played on the page: it ends with the helpdesk's answer to a customer."""

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


def test_the_story_ends_with_the_helpdesks_answer_in_the_customers_messages(
    page: Page, world: World
) -> None:
    page.get_by_test_id("story-speed").select_option("10")
    page.get_by_test_id("story-toggle").click()
    page.get_by_test_id("network-instagram").click()
    expect(page.get_by_role("group", name="Story")).to_contain_text("Story told", timeout=PLAYED)

    become(page, "tom")
    page.get_by_test_id("feed-messages").click()
    messages = page.get_by_test_id("dms")
    expect(messages).to_contain_text("It is order BL-203977")
    expect(messages).to_contain_text("a new stool leaves us tomorrow")
    act_as(page, "U0KENJI", "C0PRIVATE")
    expect(card(page, "It is order BL-203977")).to_contain_text("Ticket support #")
    entries = ticket(page, "my oak stool has cracked")
    for words in ("It is order BL-203977", "Third cracked seat", "a new stool leaves us tomorrow"):
        expect(entries).to_contain_text(words)
    said = [one for one in world.dump()["meta"] if "a new stool" in one["text"]]
    assert [one["visibility"] for one in said] == ["direct"]
