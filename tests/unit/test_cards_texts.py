"""Foreign text made harmless, and cut where nothing breaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workspace.mrkdwn import clip, escape, line, plain, size, tidy, web_url


def test_nothing_can_be_mentioned_or_linked() -> None:
    shown = escape("<!channel> <@U1> <https://evil.example|x> &lt;")

    assert "<" not in shown
    assert ">" not in shown
    assert shown == "&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|x&gt; &amp;lt;"


def test_a_plain_line_cannot_format() -> None:
    assert plain("*bold* _it_ `code`\n~no~") == "bold it code no"


def test_what_cannot_be_seen_is_gone() -> None:
    assert tidy("a\u200bb\u202ec\u2066d\x00e\ufeff\ud800f") == "abcdef"


def test_letters_of_scripts_that_need_joiners_stay_whole() -> None:
    assert tidy("می‌خواهم") == "می‌خواهم"
    assert tidy("👨‍👩‍👧") == "👨‍👩‍👧"


def test_accents_do_not_pile_up_without_end() -> None:
    assert len(tidy("e" + "\u0301" * 500)) < 10


def test_right_to_left_words_stay_within_their_place() -> None:
    assert line("סלום") == "\u2068סלום\u2069"
    assert line("Ana") == "Ana"


def test_a_text_is_cut_between_words() -> None:
    assert clip("one two three four", 12, "…") == "one two …"


@pytest.mark.parametrize("cluster", ["👨‍👩‍👧‍👦", "e\u0301", "🇷🇴", "👍🏽", "각"])
def test_no_grapheme_is_cut_in_two(cluster: str) -> None:
    text = cluster * 50
    for most in range(12, 60):
        kept = clip(text, most, "…").removesuffix("…").rstrip()
        assert kept == cluster * (len(kept) // len(cluster))


@given(st.text(max_size=400), st.integers(min_value=25, max_value=300))
def test_a_cut_text_is_never_too_long(text: str, most: int) -> None:
    assert size(clip(text, most)) <= most


def test_only_addresses_of_the_web_become_links() -> None:
    assert web_url("https://social.example/@ana/1") == "https://social.example/@ana/1"
    for refused in (
        "javascript:alert(1)",
        "https://x.example/|<!channel>",
        "https://x.example/ y",
        "",
        None,
        "https://" + "x" * 4000,
    ):
        assert web_url(refused) is None
