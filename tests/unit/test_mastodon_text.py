"""Length as Mastodon counts it, and HTML as text."""

import pytest

from integrations.mastodon.text import length, to_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("hello", 5),
        ("https://shop.example/" + "a" * 200, 23),
        ("http://a.de", 23),
        ("see https://a.example/x, and (https://b.example).", 4 + 23 + 7 + 23 + 2),
        ("https://nodomain/" + "a" * 30, 47),
        ("x@https://a.example", 19),
        ("@ana@very.long.server.example hi", 7),
        ("@ana hi", 7),
        ("ana@example.org", 15),
        ("é", 1),
        ("e\u0301", 1),
        ("👍🏽", 1),
        ("👩‍👩‍👧‍👦", 1),
        ("❤️", 1),
        ("🇷🇴🇩🇪", 2),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 1),
        ("한국", 2),
        ("\u1112\u1161\u11ab", 1),
        ("नमस्ते", 4),
        ("佐藤ゆき", 4),
        ("a\r\nb", 3),
        ("a\nb", 3),
    ],
)
def test_length_is_counted_as_the_network_does(text: str, expected: int) -> None:
    assert length(text) == expected


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two<br>three</p>", "one\n\ntwo\nthree"),
        ("plain &amp; simple &lt;b&gt;", "plain & simple <b>"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        (
            '<a href="https://x.example/full"><span class="invisible">https://</span>x…</a>!',
            "https://x.example/full!",
        ),
        ('<a href="javascript:x">label</a>', "label"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("a < b", "a < b"),
        ("", ""),
    ],
)
def test_html_becomes_text(html: str, text: str) -> None:
    assert to_text(html) == text


def test_a_mention_is_written_with_its_server() -> None:
    html = '<a href="https://o.example/@bo" class="u-url mention">@<span>bo</span></a> hi'
    assert to_text(html, {"https://o.example/@bo": "bo@o.example"}) == "@bo@o.example hi"
