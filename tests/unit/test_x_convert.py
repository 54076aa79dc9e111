"""X's posts, messages and deliveries become events. Fixture pairs are found by name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.message import MAX_TEXT, Author, Draft, Event, Posted, Ref, Visibility
from integrations.x import Prices, wire
from integrations.x.api import entries
from integrations.x.convert import beside, from_draft, message_events, post_events
from integrations.x.webhook import Deliveries
from tests.recorded import as_recorded
from tests.x_town import CARE, EYES, NOW, a_delivery, a_till

FIXTURES = Path(__file__).parent.parent / "fixtures" / "x"


def events(recorded: dict[str, object]) -> Sequence[Event]:
    if "delivery" in recorded:
        receiver = Deliveries(secret="s", eyes=lambda: EYES, till=a_till())
        return receiver.parse(a_delivery(json.dumps(recorded["delivery"]).encode()))
    listing = wire.Listing.model_validate(recorded.get("posts") or recorded["messages"])
    found = beside(listing.includes)
    if "posts" in recorded:
        posts = entries(listing, wire.Post)
        return [event for post in posts for event in post_events(post, EYES, found)]
    messages = entries(listing, wire.Message)
    return [event for one in messages for event in message_events(one, EYES, found)]


def shown(happened: Sequence[Event]) -> str:
    named = [{"event": type(event).__name__, **as_recorded(event)} for event in happened]
    return json.dumps(named, default=lambda at: at.isoformat(), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", sorted(p.name[:-8] for p in FIXTURES.glob("*.in.json")))
def test_what_x_sent_becomes_its_events(name: str) -> None:
    recorded = json.loads((FIXTURES / f"{name}.in.json").read_text(encoding="utf-8"))
    expected = json.loads((FIXTURES / f"{name}.out.json").read_text(encoding="utf-8"))
    assert json.loads(shown(events(recorded))) == expected


def a_draft(text: str, *, private: bool = False) -> Draft:
    author = Author(ref=Ref("x", "care", "2222222222222222222"), handle="ana_p", name="Ana")
    return Draft(
        account=CARE,
        conversation=author.ref.sibling("7"),
        in_reply_to=author.ref.sibling("7"),
        to=author,
        text=text,
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
    )


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("It left today", "It left today"),
        ("@ana_p it left today", "it left today"),
        ("@Ana_P, it left", "it left"),
        ("@ana_pop is somebody else", "@ana_pop is somebody else"),
        ("Dear @ana_p", "Dear @ana_p"),
    ],
)
def test_the_mention_that_x_puts_in_front_of_a_reply_is_not_doubled(
    written: str, sent: str
) -> None:
    assert from_draft(a_draft(written)) == sent


def test_a_private_text_is_sent_as_it_is() -> None:
    assert from_draft(a_draft("@ana_p hello", private=True)) == "@ana_p hello"


def test_a_name_cannot_lead_an_address_elsewhere() -> None:
    user = wire.User(id="7", username="a|b> /../evil?x=1#")
    includes = wire.Includes(users=(user,))
    post = wire.Post(id="5", text="Hello", author_id="7", created_at=NOW)
    (event,) = post_events(post, EYES, beside(includes))
    assert isinstance(event, Posted)
    assert event.message.url == "https://x.com/a%7Cb%3E%20%2F..%2Fevil%3Fx%3D1%23/status/5"
    assert event.message.author.url == "https://x.com/a%7Cb%3E%20%2F..%2Fevil%3Fx%3D1%23"


@given(st.text(max_size=300))
def test_any_text_comes_through(text: str) -> None:
    post = wire.Post(id="5", text=text, author_id="7", created_at=NOW)
    (event,) = post_events(post, EYES, beside(wire.Includes()))
    assert isinstance(event, Posted)
    assert len(event.message.text) <= MAX_TEXT
    assert "\x00" not in event.message.text


def test_a_price_has_a_default_for_every_kind() -> None:
    assert all(value >= 0 for value in Prices().model_dump().values())
