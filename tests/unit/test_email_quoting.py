"""What is left of an answer: its writer's own words, whatever the mail program put around them."""

from __future__ import annotations

import pytest

from integrations.email.quoting import ABOVE, answer_of

OURS = f"{ABOVE}\n\nAna Popescu wrote:\nWhere is my parcel?"
QUOTED = "\n".join(f"> {line}" for line in OURS.split("\n"))
OUTLOOK = """From: Ana Popescu via Tierdesk <desk@bot.example>
Sent: Sunday, 29 November 2026 10:00
To: Help <help@brand.example>
Subject: Ana Popescu on Mastodon [#ticket-1042-1-0123456789abcdef]"""
GERMAN_OUTLOOK = """Von: Ana Popescu via Tierdesk <desk@bot.example>
Gesendet: Sonntag, 29. November 2026 10:00
An: Help <help@brand.example>
Betreff: Ana Popescu on Mastodon [#ticket-1042-1-0123456789abcdef]"""


@pytest.mark.parametrize(
    "introduction",
    [
        "On Sun, 29 Nov 2026 at 10:00, Ana via Tierdesk <desk@bot.example> wrote:",
        "On Sun, 29 Nov 2026 at 10:00, Ana Popescu via Tierdesk <\ndesk@bot.example> wrote:",
        "Am 29.11.2026 um 10:00 schrieb Ana via Tierdesk:",
        "În dum., 29 nov. 2026 la 10:00, Ana via Tierdesk <desk@bot.example> a\nscris:",
        "Le dim. 29 nov. 2026 à 10:00, Ana via Tierdesk <desk@bot.example> a\nécrit :",
        "2026年11月29日(日) 10:00 Ana via Tierdesk <desk@bot.example>:",
    ],
)
def test_a_quote_goes_with_its_introduction_in_any_language(introduction: str) -> None:
    assert answer_of(f"It left today.\n\n{introduction}\n{QUOTED}\n") == "It left today."
    assert answer_of(f"It left today.\n{introduction}\n\n{QUOTED}") == "It left today."


@pytest.mark.parametrize("headers", [OUTLOOK, GERMAN_OUTLOOK])
@pytest.mark.parametrize("rule", ["", "________________________________\n", "-----Original-----\n"])
def test_a_mail_that_is_repeated_without_marks_goes_with_its_headers(
    rule: str, headers: str
) -> None:
    assert answer_of(f"It left today.\r\n\r\n{rule}{headers}\n\n{OURS}") == "It left today."


def test_what_is_written_below_the_quote_stays() -> None:
    text = f"On 29 Nov 2026, Tierdesk wrote:\n{QUOTED}\n\nIt left today.\nRita"
    assert answer_of(text) == "It left today.\nRita"


def test_what_is_written_between_the_lines_stays() -> None:
    text = "Hello,\n\n> Where is my parcel?\nIt left today.\n> And the lamp?\n\nNext week."
    assert answer_of(text) == "Hello,\n\nIt left today.\n\n\nNext week."


def test_a_signature_is_cut_where_it_is_marked_as_one() -> None:
    assert answer_of("It left today.\n\n-- \nRita, Brand Ltd.") == "It left today."
    assert answer_of("It left today.\n\nThanks,\nRita") == "It left today.\n\nThanks,\nRita"


@pytest.mark.parametrize(
    "text",
    [
        "We open at 10:00, write to help@brand.example:\nMonday: 10 to 12\nFriday: 10 to 12",
        "Address: Main Street 5\nCity: Cluj\nTime: 10:00",
        "- one\n- two\n\n----- that is all -----",
        "Write to me at > 10:00",
    ],
)
def test_what_only_looks_like_the_frame_of_a_quote_stays(text: str) -> None:
    assert answer_of(text) == text


def test_our_mail_alone_is_no_answer() -> None:
    assert answer_of(QUOTED) == ""
    assert answer_of(OURS) == ""


def test_a_text_made_to_be_slow_is_not() -> None:
    """Every line is looked at a bounded number of times, so a million lines are read at once."""
    hostile = "a: b\n> x\n" * 100_000 + "\n" * 100_000 + "On 2026 <a:\n" * 100_000 + "> y"
    assert answer_of(hostile).startswith("a: b")
