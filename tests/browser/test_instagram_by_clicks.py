"""Instagram on the page and in the desk, by clicks: comments, private replies, what is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_desk_by_clicks import act_as, become, card, one_line, press, write
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(Path(tmp_path_factory.mktemp("instagram")), further=("instagram",))
    try:
        world.start()
        yield world
    finally:
        world.close()


@pytest.fixture
def feed(page: Page) -> Page:
    page.get_by_test_id("network-instagram").click()
    expect(page.get_by_role("img", name="oak tray")).to_be_visible()
    return page


def comment(page: Page, words: str) -> Locator:
    """The innermost post with these words."""
    return page.locator('[data-testid^="post-"]').filter(has_text=words)


def answer(page: Page, words: str) -> None:
    window = page.get_by_test_id("modal")
    window.locator("textarea").first.fill(words)
    page.get_by_test_id("modal-submit").click()
    expect(window).to_be_hidden()


def test_the_answer_stands_under_the_comment_and_the_tab_tells_of_it(feed: Page) -> None:
    page = feed
    write(page, "tom", "Is the marmot lamp heavy?")
    act_as(page, "U0MIHAI", "C0CARE")
    mine = card(page, "marmot lamp")
    expect(mine).to_contain_text("Instagram")
    page.get_by_test_id("network-mastodon").click()
    expect(comment(page, "Good morning!")).to_be_visible()
    expect(page.get_by_test_id("news-instagram")).to_have_count(0)
    press(mine, "case.reply")
    answer(page, "About two kilograms.")
    expect(page.get_by_test_id("news-instagram")).to_be_visible()
    page.get_by_test_id("network-instagram").click()
    expect(page.get_by_test_id("news-instagram")).to_have_count(0)
    expect(comment(page, "About two kilograms.")).to_contain_text("to Tom Becker")


def test_a_private_reply_is_in_the_customers_messages_with_what_it_answers(feed: Page) -> None:
    page = feed
    write(page, "nina", "My heron stool wobbles, who helps?")
    act_as(page, "U0MIHAI", "C0CARE")
    press(card(page, "heron stool"), "case.take_private")
    answer(page, "Tell us more here.")
    asked = comment(page, "heron stool")
    expect(asked).to_contain_text("answered in private")
    become(page, "tom")
    expect(asked).not_to_contain_text("answered in private")
    become(page, "nina")
    asked.get_by_role("button", name="Read it").click()
    messages = page.get_by_test_id("dms")
    expect(messages).to_contain_text("Tell us more here.")
    expect(messages.locator("q")).to_have_text("My heron stool wobbles, who helps?")
    expect(page.get_by_test_id("dm-window")).to_contain_text("cannot write first")
    write(page, "nina", "It is the left leg.")
    expect(page.get_by_test_id("dm-window")).to_contain_text("may answer until tomorrow")


def test_what_is_hidden_keeps_its_words_for_its_author_alone(feed: Page) -> None:
    page = feed
    write(page, "olga", "This viper shelf is ugly.")
    act_as(page, "U0MIHAI", "C0CARE")
    mine = card(page, "viper shelf")
    assert one_line(mine)
    press(mine, "case.hide")
    page.get_by_test_id("confirm-yes").click()
    expect(comment(page, "viper shelf")).to_contain_text("hid this from others")
    expect(mine.locator('[data-action-id="case.unhide"]')).to_be_visible()
    assert one_line(mine)
    become(page, "tom")
    expect(comment(page, "viper shelf")).to_have_count(0)
    expect(comment(page, "Hidden by Brightleaf")).to_be_visible()


def test_the_link_of_a_card_leads_to_the_post_on_the_page(feed: Page, world: World) -> None:
    write(feed, "ana", "Which screws for the civet tray?")
    link = card(feed, "civet tray").get_by_role("link", name="Open the post")
    address = link.get_attribute("href")
    assert address is not None
    feed.goto(address)
    expect(feed.get_by_test_id("network-instagram")).to_have_attribute("aria-selected", "true")
    expect(comment(feed, "civet tray")).to_be_visible()
