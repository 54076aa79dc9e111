"""What X makes possible is said before anybody writes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from inbox.message import Author, Kind, Message, Ref, Visibility
from inbox.ports import Approach, Window
from integrations.x import Prices, XSettings
from integrations.x.errors import NO_MESSAGES, NOT_SUMMONED
from integrations.x.windows import Rules

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ANA = Author(ref=Ref("x", "care", "7"), handle="ana", name="Ana")


def look(
    *,
    native: dict[str, str] | None = None,
    private: bool = False,
    automatic: bool = False,
    wrote_at: datetime | None = None,
    **settings: object,
) -> Window:
    target = Message(
        ref=Ref("x", "care", "5"),
        conversation=Ref("x", "care", "5"),
        author=ANA,
        text="Hello",
        visibility=Visibility.PUBLIC,
        kind=Kind.POST,
        created_at=NOW,
        native=native or {},
    )
    approach = Approach(
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
        to=ANA,
        target=target,
        wrote_at=wrote_at,
        automatic=automatic,
    )
    return Rules(XSettings.model_validate(settings)).look(approach, at=NOW)


@pytest.mark.parametrize(
    ("native", "settings", "why_not"),
    [
        ({"summoned": "mention"}, {}, None),
        ({"summoned": "quote"}, {}, None),
        ({"summoned": "reply"}, {}, None),
        ({"summoned": "reply"}, {"replies_summon": False}, NOT_SUMMONED),
        ({}, {}, NOT_SUMMONED),
        ({}, {"enterprise": True}, None),
    ],
)
def test_a_public_answer_is_possible_where_x_allows_it(
    native: dict[str, str], settings: dict[str, Any], why_not: str | None
) -> None:
    assert look(native=native, **settings).why_not == why_not


def test_a_link_is_said_to_cost_more_before_it_is_written() -> None:
    window = look(native={"summoned": "mention"})
    assert window.note == "A link makes this reply cost $0.20 instead of $0.01."
    cheap = Prices(post_with_link=10_000)
    assert look(native={"summoned": "mention"}, prices=cheap).note is None
    assert look(private=True).note is None


def test_who_takes_no_messages_can_be_answered_once_they_wrote() -> None:
    closed = {"messages": "closed"}
    assert look(native=closed, private=True).why_not == NO_MESSAGES
    assert look(native=closed, private=True, wrote_at=NOW).why_not is None
    assert look(private=True).why_not is None


@pytest.mark.parametrize("private", [False, True])
def test_automatic_answers_are_off_until_they_are_turned_on(private: bool) -> None:
    native = {"summoned": "mention"}
    off = look(native=native, private=private, automatic=True, wrote_at=NOW)
    assert off.why_not
    assert "automatic_replies" in off.why_not
    on = look(native=native, private=private, automatic=True, wrote_at=NOW, automatic_replies=True)
    assert on.why_not is None


def test_an_automatic_message_goes_only_to_who_wrote_first() -> None:
    window = look(private=True, automatic=True, automatic_replies=True)
    assert window.why_not
    assert "wrote to us first" in window.why_not
