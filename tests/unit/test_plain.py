"""From Markdown to what customers read: no mark of it is left, nothing that is hidden is said."""

from __future__ import annotations

import pytest

from inbox.plain import paragraphs


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Use _this_, ***that*** and \\*those\\*.", ["Use this, that and *those*."]),
        ("**「返品」**できます", ["「返品」できます"]),
        ("Returns\n=======\n\nFree.\n\n---\n\nAlways.", ["Free.", "Always."]),
        ("Write.\n***\nNow.", ["Write.\nNow."]),
        ("> **Note**\n> It is free.", ["Note It is free."]),
        ("Free &amp; fast&nbsp;&mdash; always", ["Free & fast\xa0— always"]),
        ("Mon<br>Tue  \nWed\\\nThu", ["Mon\nTue\nWed\nThu"]),
        ("<p class='x'>One &amp; <b>two</b></p>\n\n<b>Three</b>", ["One & two", "Three"]),
        ("<details>\n<summary>More</summary>\n\nHere.\n</details>", ["More", "Here."]),
        ("See [ours][1] or <https://x.example/ü>.\n\n[1]: https://x.example/a", None),
        ("It takes ~~60~~ 30 days.", ["It takes 30 days."]),
        (
            "1. one\n\n2. two\n   - here\n   - there\n\nEnd.",
            ["1. one\n2. two\n• here\n• there", "End."],
        ),
        ("snake_case, 2 * 3, 5 < 6, #tag, {name}", ["snake_case, 2 * 3, 5 < 6, #tag, {name}"]),
        ("a\r\rb\u2028\x0bc\r\r- d", ["a", "b\u2028\x0bc", "• d"]),
    ],
)
def test_no_mark_of_markdown_or_html_is_sent(text: str, said: list[str] | None) -> None:
    links = ["See ours (https://x.example/a) or https://x.example/ü."]
    assert paragraphs(text) == (said or links)


@pytest.mark.parametrize(
    "hidden",
    ["<script>\nsecret\n\nsecret\n</script>", "<style>secret", "<!-- secret", "[//]: # (secret)"],
)
def test_what_is_for_machines_or_for_authors_is_not_said(hidden: str) -> None:
    assert paragraphs(f"Said.\n\n{hidden}") == ["Said."]


@pytest.mark.parametrize("depth", ["> " * 9, "- " * 9, "[" * 3_000, "<b>" * 900])
def test_a_text_that_is_nested_deep_is_read_as_well(depth: str) -> None:
    assert any("end" in one for one in paragraphs(f"{depth}end"))
