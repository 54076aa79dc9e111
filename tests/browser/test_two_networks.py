"""Two networks on one page and in one desk, by clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_desk_by_clicks import act_as, card, press, write
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(Path(tmp_path_factory.mktemp("networks")), further=("x",))
    try:
        world.start()
        yield world
    finally:
        world.close()


def test_a_post_on_x_is_answered_from_the_same_desk(page: Page) -> None:
    page.get_by_test_id("network-x").click()
    write(page, "tom", "Does the pelican lamp dim?")
    act_as(page, "U0MIHAI", "C0CARE")
    mine = card(page, "pelican lamp")
    expect(mine).to_contain_text("X")
    press(mine, "case.reply")
    window = page.get_by_test_id("modal")
    expect(window).to_contain_text("$0.20")
    window.locator("textarea").fill("It does, from the app.")
    page.get_by_test_id("modal-submit").click()
    expect(window).to_be_hidden()
    answer = page.locator('[data-testid^="post-"]').filter(has_text="It does, from the app.")
    expect(answer).to_contain_text("@tom")
    page.get_by_test_id("network-mastodon").click()
    expect(page.locator('[data-testid^="post-"]').first).to_be_visible()
    expect(answer).to_be_hidden()


def test_who_did_not_call_the_brand_cannot_be_answered_on_x(page: Page) -> None:
    page.get_by_test_id("network-x").click()
    page.get_by_test_id("composer-visibility").select_option("unmentioned")
    write(page, "nina", "This brightleaf toucan lamp flickers.")
    act_as(page, "U0MIHAI", "C0CARE")
    press(card(page, "toucan lamp"), "case.reply")
    expect(page.get_by_test_id("modal")).to_contain_text("only where its author mentioned")
