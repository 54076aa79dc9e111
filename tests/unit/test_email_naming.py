"""The names in our mails follow from keys, and nobody else can make them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.email.naming import Names

NAMES = Names(b"a-key-of-ours", "bot.example")
KEYS = st.one_of(st.from_regex(r"[a-z]{1,8}:[0-9]{1,9}:[0-9]{1,3}", fullmatch=True), st.text())


@given(KEYS)
def test_every_name_leads_back_to_its_ticket(key: str) -> None:
    ticket = NAMES.ticket(key)
    for said in (NAMES.opening(ticket), NAMES.entry(ticket, "e"), f"Re: x {NAMES.tag(ticket)}"):
        assert NAMES.ticket_in([said]) == ticket
        assert NAMES.ticket_in([said.upper()]) == ticket


@given(KEYS, KEYS)
def test_two_keys_never_share_a_name(one: str, other: str) -> None:
    assert (NAMES.ticket(one) == NAMES.ticket(other)) == (one == other)
    ticket = NAMES.ticket("ticket:1:1")
    assert (NAMES.entry(ticket, one) == NAMES.entry(ticket, other)) == (one == other)


def test_a_name_says_which_case_it_is() -> None:
    assert NAMES.ticket("ticket:1042:1").startswith("ticket-1042-1-")


@pytest.mark.parametrize(
    "said",
    [
        "<ticket-1042-1-0123456789abcdef@bot.example>",
        "[#ticket-1042-1-0123456789abcdef]",
        Names(b"another-key", "bot.example").tag(Names(b"another-key", "x").ticket("ticket:1:1")),
        Names(b"a-key-of-ours", "evil.example").opening(NAMES.ticket("ticket:1042:1")),
        NAMES.tag(NAMES.ticket("ticket:1042:1")).replace("1042", "1043"),
        "",
    ],
)
def test_a_name_that_somebody_made_up_is_none(said: str) -> None:
    assert NAMES.ticket_in([said]) is None


def test_of_several_names_the_first_that_is_ours_counts() -> None:
    one, other = NAMES.ticket("ticket:1:1"), NAMES.ticket("ticket:2:1")
    said = ["<x@y>", f"<a@b> {NAMES.opening(one)}", NAMES.tag(other)]
    assert NAMES.ticket_in(said) == one
