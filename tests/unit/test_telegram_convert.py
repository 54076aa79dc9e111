"""Telegram's updates become events, drafts become what is sent. Fixture pairs are found by name."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from inbox.errors import Rejected
from inbox.message import Account, Author, Draft, Event, Posted, Ref, Visibility
from integrations.length import units
from integrations.telegram import TelegramSettings
from integrations.telegram.convert import Place, from_draft, to_event
from integrations.telegram.roots import Roots
from integrations.telegram.text import whole
from integrations.telegram.wire import Entity, Update
from tests.recorded import as_recorded

ROOT = Path(__file__).parent.parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "telegram"
CARE = Account("telegram", "care")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLACE = Place(account=CARE, me=7000000001, username="BrightleafBot")


def read(name: str, place: Place = PLACE, *, roots: Roots | None = None) -> Event | None:
    update = Update.model_validate_json((FIXTURES / f"{name}.in.json").read_text())
    return to_event(update, place, (roots or Roots()).of, now=NOON)


def shown(event: Event | None) -> str:
    told = {"event": type(event).__name__, **as_recorded(event)} if event else None
    return json.dumps(told, default=lambda at: at.isoformat(), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", sorted(p.name[:-8] for p in FIXTURES.glob("*.in.json")))
def test_a_recorded_update_becomes_its_event(name: str) -> None:
    expected = json.loads((FIXTURES / f"{name}.out.json").read_text())
    assert json.loads(shown(read(name))) == expected


def test_no_link_holds_the_token_of_the_bot_or_a_name_of_a_file() -> None:
    for path in FIXTURES.glob("*.out.json"):
        assert "api.telegram.org" not in path.read_text()


def test_only_what_is_addressed_is_taken_where_the_settings_say_so() -> None:
    place = dataclasses.replace(PLACE, addressed=True)
    assert read("group-mention", place)
    assert read("group-answer-in-a-thread", place)
    assert read("comment-under-a-channel-post", place)
    assert read("button-in-a-group", place)
    assert read("private-message", place)
    assert read("group-post", place) is None


def test_only_the_groups_of_the_settings_are_taken_and_every_private_chat() -> None:
    place = dataclasses.replace(PLACE, chats=frozenset({-1001234567891}))
    assert read("group-post", place)
    assert read("private-message", place)
    assert read("group-mention", place) is None
    assert read("button-in-a-group", place) is None


def test_a_start_is_a_message_where_the_settings_say_so() -> None:
    assert read("private-start") is None
    event = read("private-start", dataclasses.replace(PLACE, take_start=True))
    assert isinstance(event, Posted)
    assert event.message.text == "/start"


def test_in_a_small_group_a_thread_goes_on_as_far_as_it_was_seen() -> None:
    roots = Roots()
    roots.saw("-4055/30", "-4055/12")
    event = read("small-group-answer", roots=roots)
    assert isinstance(event, Posted)
    assert event.message.conversation.id == "-4055/12"
    assert event.message.in_reply_to == event.ref.sibling("-4055/30")


def of_kind(kind: str, *, chat: str = "private", **more: object) -> Event | None:
    person = {"id": 101, "is_bot": False, "first_name": "Ana"}
    message = {
        "message_id": 7,
        "date": 1795000000,
        "chat": {"id": 101 if chat == "private" else -100123, "type": chat},
        "from": person,
        kind: {"some": "thing"},
        **more,
    }
    update = Update.model_validate({"update_id": 1, "message": message})
    return to_event(update, PLACE, Roots().of, now=NOON)


@pytest.mark.parametrize("kind", ["poll", "dice", "story", "paid_media", "checklist", "hologram"])
def test_whoever_writes_in_private_is_heard_whatever_kind_of_message_it_is(kind: str) -> None:
    event = of_kind(kind, forward_origin={}, has_media_spoiler=True)
    assert isinstance(event, Posted)
    assert " ".join(kind.split("_")) in event.message.text


def test_in_a_group_what_is_known_to_be_written_is_heard_and_nothing_that_may_be_news() -> None:
    assert isinstance(of_kind("poll", chat="supergroup"), Posted)
    assert of_kind("hologram", chat="supergroup") is None


@pytest.mark.parametrize("kind", ["pinned_message", "successful_payment", "write_access_allowed"])
def test_what_nobody_wrote_is_no_message(kind: str) -> None:
    assert of_kind(kind) is None


def test_people_of_the_brand_answer_outside_of_tierdesk() -> None:
    place = dataclasses.replace(PLACE, own=frozenset({102}))
    assert type(read("small-group-answer", place)).__name__ == "Echoed"
    assert read("group-post", place) is None


def a_draft(text: str, *, answers: str | None = "-100123/7", private: bool = False) -> Draft:
    author = Author(ref=Ref("telegram", "care", "101"), handle="ana", name="Ana")
    return Draft(
        account=CARE,
        conversation=author.ref.sibling("dm:101" if private else "-100123/7"),
        in_reply_to=author.ref.sibling(answers) if answers else None,
        to=author,
        text=text,
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
    )


def test_a_public_answer_hangs_under_its_message_and_in_its_topic() -> None:
    expected = {"text": "Hi", "chat_id": -100123, "reply_parameters": {"message_id": 7}}
    assert from_draft(a_draft(" Hi ")) == expected
    in_topic = replace(a_draft("Hi"), native={"topic": "40"})
    assert from_draft(in_topic) == expected | {"message_thread_id": 40}
    assert from_draft(a_draft("Hi", answers="-100123/7/4382bf")) == expected


def test_a_private_answer_goes_to_the_person_wherever_it_grew() -> None:
    grown = replace(a_draft("Hi", answers=None, private=True), about=CARE_REF)
    assert from_draft(grown) == {"chat_id": 101, "text": "Hi"}


CARE_REF = Ref("telegram", "care", "-100123/7")


@pytest.mark.parametrize("answers", [None, "7", "x/y", ""])
def test_a_public_answer_to_nothing_is_refused_in_words(answers: str | None) -> None:
    with pytest.raises(Rejected, match="message"):
        from_draft(a_draft("Hi", answers=answers))


def test_choices_are_buttons_whose_data_stays_small() -> None:
    draft = replace(a_draft("1 or 2?"), choices=("Paket", "漢" * 100))
    rows = from_draft(draft)["reply_markup"]["inline_keyboard"]
    assert [row[0]["text"] for row in rows] == ["Paket", "漢" * 100]
    assert all(len(row[0]["callback_data"].encode()) <= 64 for row in rows)
    assert "reply_markup" not in from_draft(replace(draft, choices=("x",) * 101))


@pytest.mark.parametrize(("text", "expected"), [("abc", 3), ("é", 1), ("👍🏽", 4), ("漢字", 2)])
def test_length_counts_utf16_as_telegram_does(text: str, expected: int) -> None:
    assert units(text) == expected


@given(st.text(), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60))))
def test_any_text_with_any_entities_can_be_read(text: str, spans: list[tuple[int, int]]) -> None:
    entities = [
        Entity(type="text_link", offset=a, length=b, url="https://x.example") for a, b in spans
    ]
    whole(text, entities).encode()


def test_every_setting_is_on_the_page() -> None:
    page = (ROOT / "docs" / "telegram.md").read_text()
    assert {n for n in TelegramSettings.model_fields if f"| `{n}` |" not in page} == set()
