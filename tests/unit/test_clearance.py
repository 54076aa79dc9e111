"""Masking: what exceeds a clearance never comes through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.clearance import EVERYTHING, LABELS, NOTHING, Clearance, DataClass, Span, mask

TEXT = "card 4111 mail a@b.example"
CARD = Span(start=5, end=9, cls=DataClass.CARD)
EMAIL = Span(start=15, end=26, cls=DataClass.EMAIL)


@pytest.mark.parametrize(
    ("clearance", "seen"),
    [
        (NOTHING, "card [card number] mail [e-mail address]"),
        (
            Clearance(name="mail", shows=frozenset({DataClass.EMAIL})),
            "card [card number] mail a@b.example",
        ),
        (EVERYTHING, TEXT),
    ],
)
def test_each_destination_sees_what_it_may(clearance: Clearance, seen: str) -> None:
    assert mask(TEXT, [EMAIL, CARD], clearance) == seen


def test_spans_that_overlap_are_hidden_as_one() -> None:
    wide = Span(start=0, end=7, cls=DataClass.ADDRESS)

    assert mask("card 4111 here", [CARD, wide], NOTHING) == "[address] here"


def test_a_span_that_may_be_shown_uncovers_nothing_of_one_that_may_not() -> None:
    order = Span(start=0, end=14, cls=DataClass.ORDER_NUMBER)
    shows_orders = Clearance(name="orders", shows=frozenset({DataClass.ORDER_NUMBER}))

    assert mask("card 4111 here", [order, CARD], shows_orders) == "card [card number] here"


@given(data=st.data(), text=st.text(alphabet="abc1", min_size=1, max_size=40))
def test_no_hidden_character_comes_through(data: st.DataObject, text: str) -> None:
    places = st.integers(0, len(text))
    drawn = data.draw(st.lists(st.tuples(places, places, st.sampled_from(DataClass)), max_size=6))
    spans = [Span(start=min(a, b), end=max(a, b), cls=cls) for a, b, cls in drawn if a != b]
    clearance = Clearance(name="some", shows=frozenset({DataClass.CARD, DataClass.EMAIL}))

    seen = mask(text, spans, clearance)

    hidden = {i for s in spans if clearance.hides(s.cls) for i in range(s.start, s.end)}
    for label in LABELS.values():
        seen = seen.replace(f"[{label}]", "")
    assert seen == "".join(c for i, c in enumerate(text) if i not in hidden)
