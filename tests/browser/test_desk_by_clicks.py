"""The whole way by clicks: a post, its card, the answer under the post, the private move."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.world import World

pytestmark = pytest.mark.browser


def become(page: Page, customer: str) -> None:
    """Each customer has a draft of their own: wait until theirs is drawn."""
    page.get_by_test_id("composer-customer").select_option(customer)
    page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


def write(page: Page, customer: str, text: str) -> None:
    become(page, customer)
    page.get_by_test_id("composer-text").fill(text)
    page.get_by_test_id("composer-send").click()


def act_as(page: Page, agent: str, channel: str) -> None:
    page.get_by_test_id("agent-select").select_option(agent)
    page.get_by_test_id(f"channel-{channel}").click()


def card(page: Page, words: str) -> Locator:
    found = page.locator('[data-testid^="message-"]').filter(has_text=words)
    expect(found).to_be_visible()
    return found


def press(card: Locator, action: str) -> None:
    card.locator(f'[data-action-id="{action}"]').click()


def test_a_public_answer_stands_under_the_customers_post(page: Page) -> None:
    write(page, "tom", "Where is my parcel with the green lamp?")
    act_as(page, "U0MIHAI", "C0CARE")
    mine = card(page, "green lamp")
    press(mine, "case.claim")
    expect(mine.locator('[data-action-id="case.release"]')).to_be_visible()
    press(mine, "case.reply")
    window = page.get_by_test_id("modal")
    expect(window).to_contain_text("in public")
    window.locator("textarea").fill("It left our store today, it is with you tomorrow.")
    page.get_by_test_id("modal-submit").click()
    expect(window).to_be_hidden()
    answer = page.locator('[data-testid^="post-"]').filter(has_text="It left our store today")
    expect(answer).to_contain_text("@tom")
    post = page.locator('[data-testid^="post-"]').filter(has_text="green lamp")
    expect(post.first).to_be_visible()
    expect(mine).to_contain_text("waiting for")


def one_line(row: Locator) -> bool:
    """Whether all buttons of a card stand beside one another."""
    tops = "all => all.map(button => Math.round(button.getBoundingClientRect().top))"
    return len(set(row.locator(".block-actions button").evaluate_all(tops))) == 1


def test_the_buttons_of_a_card_stand_on_one_line(page: Page) -> None:
    write(page, "mehmet", "Who carries the birch bench upstairs?")
    act_as(page, "U0MIHAI", "C0CARE")
    mine = card(page, "birch bench")
    assert one_line(mine)
    press(mine, "case.claim")
    press(mine, "case.like")
    expect(mine.locator('[data-action-id="case.unlike"]')).to_be_visible()
    expect(mine.locator('[data-action-id="case.release"]')).to_be_visible()
    assert one_line(mine)


def test_where_a_message_belonged_is_one_choice_on_its_card(page: Page) -> None:
    write(page, "mehmet", "The birch shelf wobbles a little.")
    act_as(page, "U0MIHAI", "C0CARE")
    choice = card(page, "birch shelf").get_by_role("combobox")
    expect(choice).to_have_attribute("placeholder", "Should have been …")
    choice.click()
    page.get_by_role("option", name="Tier 2 · Private").click()
    expect(page.get_by_text("Noted: “Tier 2")).to_be_visible()
    expect(choice).to_have_attribute("placeholder", "Should have been …")  # drawn anew
    expect(choice).to_have_value("")


def test_a_card_number_moves_to_the_private_channel_and_is_shown_nowhere_else(
    page: Page, world: World
) -> None:
    write(page, "ana", "You charged 4111 1111 1111 1111 twice for the oak stool!")
    act_as(page, "U0KENJI", "C0PRIVATE")
    private = card(page, "oak stool")
    expect(private).to_contain_text("[card number]")
    invited = [s["text"] for s in world.direct("ana") if s["author"] == "brightleaf"]
    assert len(invited) == 1
    assert "4111 1111" not in invited[0]
    press(private, "case.claim")
    press(private, "case.reply")
    window = page.get_by_test_id("modal")
    expect(window).to_contain_text("in private")
    window.locator("textarea").fill("We return the second charge today.")
    page.get_by_test_id("modal-submit").click()
    expect(window).to_be_hidden()
    world.wait(
        lambda: [s for s in world.direct("ana") if "second charge" in s["text"]],
        "the private answer",
    )
    assert not re.search("second charge", str(world.feed("tom")["posts"]))
    assert not re.search("4111.?1111", str(world.dump()["slack"]))


def test_an_agent_takes_a_case_private_and_the_old_card_keeps_no_word_of_it(
    page: Page, world: World
) -> None:
    write(page, "nina", "My blue rug has a stain from the courier, who can help?")
    act_as(page, "U0IOANA", "C0CARE")
    public = card(page, "blue rug")
    press(public, "case.take_private")
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal")).to_be_hidden()
    moved = page.locator('[data-testid^="message-"]').filter(has_text=re.compile("private channel"))
    expect(moved.first).to_be_visible()
    page.get_by_test_id("channel-C0PRIVATE").click()
    card(page, "blue rug")
    world.wait(lambda: world.direct("nina"), "the invitation")
    world.customer("nina", "My address is Lindenweg 7, Berlin.", visibility="direct")
    expect(card(page, "blue rug").or_(card(page, "Lindenweg"))).to_have_count(1)


def test_a_draft_with_an_order_number_is_stopped_and_kept(page: Page, world: World) -> None:
    write(page, "tom", "Which courier brings the tall mirror?")
    act_as(page, "U0MIHAI", "C0CARE")
    press(card(page, "tall mirror"), "case.reply")
    window = page.get_by_test_id("modal")
    window.locator("textarea").fill("Your order BL-482135 comes with our own van.")
    page.get_by_test_id("modal-submit").click()
    expect(window).to_contain_text("order number")
    expect(window.locator("textarea")).to_have_value(re.compile("BL-482135"))
    page.get_by_test_id("modal-close").click()
    assert "BL-482135" not in str(world.feed("tom")["posts"])


def test_a_private_channel_is_there_only_for_its_members(page: Page) -> None:
    page.get_by_test_id("agent-select").select_option("U0MIHAI")
    expect(page.get_by_test_id("channel-C0CARE")).to_be_visible()
    expect(page.get_by_test_id("channel-C0PRIVATE")).to_have_count(0)


def test_a_command_is_answered_at_the_end_of_the_channel_for_the_one_who_typed_it(
    page: Page,
) -> None:
    write(page, "olga", "Do you repair the grey armchair?")
    act_as(page, "U0SAM", "C0CARE")
    number = card(page, "grey armchair").locator("h3").inner_text().rpartition("#")[2]
    page.get_by_test_id("messages").evaluate("list => list.scrollTo(0, 0)")
    for command, answer in (("mine", "You have no open cases"), (f"why {number}", "Decided by")):
        page.get_by_test_id("slack-composer-channel").fill(f"/tierdesk {command}")
        page.keyboard.press("Enter")
        told = page.locator(".message.ephemeral").filter(has_text=answer)
        expect(told).to_contain_text("Only visible to you")
        expect(told).to_be_in_viewport()


def test_the_app_itself_says_where_the_work_is(page: Page) -> None:
    page.get_by_test_id("app-home").click()
    expect(page.locator(".home")).to_contain_text("as cards in your channels")


def test_a_window_to_answer_in_opens_with_the_cursor_in_the_text(page: Page) -> None:
    write(page, "tom", "Is the linen curtain washable?")
    act_as(page, "U0MIHAI", "C0CARE")
    press(card(page, "linen curtain"), "case.reply")
    expect(page.get_by_test_id("modal").locator("textarea")).to_be_focused()
    page.get_by_test_id("modal-close").click()


def test_hostile_text_is_shown_as_text(page: Page) -> None:
    hostile = (
        "<img src=x onerror=alert(1)> <!channel> *bold* & <script>document.title='x'</script> lost"
    )
    write(page, "mehmet", hostile)
    act_as(page, "U0MIHAI", "C0CARE")
    shown = card(page, "onerror=alert(1)")
    expect(shown).to_contain_text("<!channel>")
    assert "sandbox" in page.title().lower() or "tierdesk" in page.title().lower()


def test_on_a_phone_nothing_scrolls_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_role("tab").first).to_be_visible()
    root = "document.documentElement"
    page.wait_for_function(f"{root}.scrollWidth <= {root}.clientWidth")  # once it is drawn anew


def test_a_post_is_written_and_answered_with_the_keyboard_alone(page: Page, world: World) -> None:
    become(page, "olga")
    page.get_by_test_id("composer-text").focus()
    page.keyboard.type("Is the walnut shelf still in stock?")
    page.keyboard.press("Control+Enter")
    act_as(page, "U0MIHAI", "C0CARE")
    button = card(page, "walnut shelf").locator('[data-action-id="case.reply"]')
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("modal").locator("textarea").focus()
    page.keyboard.type("Yes, it is.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("modal")).to_be_hidden()
    world.wait(lambda: "Yes, it is." in str(world.feed("tom")["posts"]), "the answer")
