"""The circle by clicks: a comment, the private channel, a ticket, its answer, the customer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_desk_by_clicks import act_as, become, card, press, write
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(Path(tmp_path_factory.mktemp("helpdesk")), further=("instagram",), helpdesk=True)
    try:
        world.start()
        yield world
    finally:
        world.close()


def privately(page: Page, customer: str, text: str) -> None:
    """Write where the brand's invitation stands."""
    page.get_by_test_id("feed-messages").click()
    expect(page.get_by_test_id("dms").locator(".from-brand").first).to_be_visible()
    write(page, customer, text)


def ticket(page: Page, words: str) -> Locator:
    """The conversation of the newest ticket, opened, once it has these words."""
    page.get_by_test_id("desk-helpdesk").click()
    page.locator('[data-testid^="ticket-3"]').first.click()
    entries = page.get_by_test_id("ticket-entries")
    expect(entries).to_contain_text(words)
    return entries


def say(page: Page, kind: str, text: str) -> None:
    way = page.get_by_test_id(f"ticket-{kind}")
    way.click()
    expect(way).to_have_attribute("aria-pressed", "true")  # each has a draft of its own
    page.get_by_test_id("ticket-text").fill(text)
    page.get_by_test_id("ticket-send").click()


def test_a_comment_becomes_a_ticket_and_its_answer_the_customers_private_message(
    page: Page, world: World
) -> None:
    page.get_by_test_id("network-instagram").click()
    write(page, "tom", "The ibex stool cracked, call me: 030 5550147")
    act_as(page, "U0KENJI", "C0PRIVATE")
    case = card(page, "ibex stool")
    privately(page, "tom", "It is order BL-203977, still under warranty, the ibex stool.")
    expect(case).to_contain_text("Ticket support #")
    expect(page.get_by_test_id("desk-helpdesk").locator(".badge")).to_have_text("1")

    entries = ticket(page, "the ibex stool.")
    say(page, "note", "Third cracked seat of the batch.")
    say(page, "reply", "A new ibex stool leaves us tomorrow.")

    expect(entries.locator(".entry-note")).to_contain_text(["The card in Slack", "Third cracked"])
    expect(page.get_by_test_id("dms")).to_contain_text("A new ibex stool leaves us tomorrow.")
    said = [one for one in world.dump()["meta"] if one["author"] == "brightleaf"]
    answers = [one for one in said if "A new ibex" in one["text"]]
    assert [one["visibility"] for one in answers] == ["direct"]
    assert not [one for one in said if "Third cracked" in one["text"]]
    page.get_by_test_id("desk-slack").click()
    case.get_by_role("button", name="replies").click()
    expect(page.get_by_text("noted in support, internal")).to_be_visible()


def test_what_an_agent_escalates_is_a_ticket_and_its_answer_goes_to_the_customer(
    page: Page, world: World
) -> None:
    write(page, "olga", "The dodo shelf came without its screws.")
    act_as(page, "U0MIHAI", "C0CARE")
    press(card(page, "dodo shelf"), "case.escalate")
    window = page.get_by_test_id("modal")
    expect(window.get_by_label("Ticket")).to_have_value("As the tier has it: tier 2: support")
    window.locator("textarea").fill("Only logistics can see the parcel.")
    page.get_by_test_id("modal-submit").click()
    expect(window).to_be_hidden()

    act_as(page, "U0KENJI", "C0PRIVATE")
    case = card(page, "dodo shelf")
    expect(case).to_contain_text("Ticket support #")
    page.get_by_test_id("composer-visibility").select_option("direct")
    write(page, "olga", "@brightleaf It is order BL-310442, the dodo shelf.")
    entries = ticket(page, "BL-310442")
    for words in ("came without its screws", "Only logistics can see the parcel."):
        expect(entries).to_contain_text(words)
    say(page, "reply", "The dodo screws are in the post.")

    expect(page.get_by_test_id("dms")).to_contain_text("The dodo screws are in the post.")
    said = [one for one in world.dump()["network"] if "dodo screws" in one["text"]]
    assert [one["visibility"] for one in said] == ["direct"]


def test_the_tour_leads_to_a_ticket(page: Page) -> None:
    page.get_by_test_id("tour-open").click()
    tour = page.get_by_test_id("tour")
    steps = ("Answer from Slack.", "Ask why.", "Now something private.", "Hand it to the helpdesk.")
    for step in steps:
        page.get_by_test_id("tour-next").click()
        expect(tour).to_contain_text(step)
    expect(tour.locator("li")).to_have_count(6)
    expect(page.get_by_test_id("helpdesk")).to_be_visible()
    become(page, "yuki")
    page.get_by_test_id("tour-sample").click()
    page.get_by_test_id("composer-send").click()
    expect(page.get_by_test_id("helpdesk")).to_contain_text("ゆき")
    page.get_by_test_id("tour-close").click()


def test_what_is_set_in_the_helpdesk_is_told_in_slack(page: Page, world: World) -> None:
    write(page, "nina", "The okapi lamp is dark, mail me: nina.weber@post.example")
    act_as(page, "U0KENJI", "C0PRIVATE")
    case = card(page, "okapi lamp")
    privately(page, "nina", "@brightleaf Is the okapi lamp under warranty?")
    expect(case).to_contain_text("Ticket support #")
    ticket(page, "Is the okapi lamp under warranty?")
    # A helpdesk tells whole seconds: what it says of the second of a message counts as before it.
    page.wait_for_function("second => Math.floor(Date.now() / 1000) > second", arg=int(time.time()))
    page.get_by_test_id("ticket-status").select_option("solved")
    page.get_by_test_id("desk-slack").click()
    expect(case).to_contain_text("· solved")
    case.get_by_role("button", name="replies").click()
    expect(page.get_by_text("Is the case done, too?")).to_be_visible()


def test_the_link_of_a_card_opens_the_ticket(page: Page, world: World) -> None:
    write(page, "ana", "The lynx tray is bent, mail me: ana.popescu@post.example")
    act_as(page, "U0KENJI", "C0PRIVATE")
    case = card(page, "lynx tray")
    privately(page, "ana", "@brightleaf Is the lynx tray under warranty?")
    address = case.get_by_role("link", name="open ↗", exact=True).get_attribute("href")
    assert address is not None
    page.goto(address)
    expect(page.get_by_test_id("ticket-entries")).to_contain_text("lynx tray")
