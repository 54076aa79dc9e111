"""Lengths as X counts them, links as they were written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.x.text import has_link, length, same_text, to_text
from integrations.x.wire import Url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("Hello", 5),
        ("Bună ziua", 9),
        ("e\u0301", 1),  # composed before it is counted
        ("Привет", 6),
        ("한국", 4),
        ("\u1110\u1161", 2),  # composed, a syllable
        ("こんにちは", 10),
        ("“quoted” – so", 13),
        ("…", 2),
        ("👍", 2),
        ("👍🏽", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("🇷🇴", 2),
        ("1️⃣", 2),
        ("❤️", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("https://shop.example/a/very/long/way/to/the/lamp?x=1&y=2", 23),
        ("See https://shop.example.", 4 + 23 + 1),
        ("shop.example is ours", 23 + 8),
        ("brightleaf.com", 23),
        ("e.g. this.Or that", 17),
        ("mail care@brightleaf.com", 24),
    ],
)
def test_a_text_is_as_long_as_x_says(text: str, expected: int) -> None:
    assert length(text) == expected


@given(st.text(max_size=200), st.text(max_size=200))
def test_words_side_by_side_are_as_long_as_both_and_the_space(one: str, other: str) -> None:
    assert 0 <= length(f"{one} a") <= 2 * len(f"{one} a") + 23 * one.count(".")


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Look at https://shop.example/x", True),
        ("brightleaf.com/help", True),
        ("We are open. Come by", False),
        ("Write to care@brightleaf.com", False),
    ],
)
def test_a_link_is_known_before_it_is_paid_for(text: str, link: bool) -> None:
    assert has_link(text) is link


def test_links_are_led_to_where_they_go_and_entities_are_read_once() -> None:
    urls = [Url(url="https://t.co/a", expanded_url="https://shop.example/?a=1&lt;=2")]
    assert to_text("1 &lt; 2 &amp;lt; https://t.co/a", urls) == (
        "1 < 2 &lt; https://shop.example/?a=1&lt;=2"
    )


def test_a_link_that_leads_nowhere_on_the_web_stays_short() -> None:
    urls = [Url(url="https://t.co/a", expanded_url="javascript:alert(1)")]
    assert to_text("see https://t.co/a", urls) == "see https://t.co/a"


def test_texts_are_the_same_without_the_mentions_that_x_adds() -> None:
    assert same_text("@ana @tom It left\ntoday", "It left  today")
    assert same_text("@ana Zoe\u0301: http://shop.example/", "Zo\u00e9: shop.example")
    assert not same_text("@ana It left today", "It leaves today")
