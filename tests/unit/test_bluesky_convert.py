"""Bluesky's posts become messages, drafts become records. Fixture pairs are found by name."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.message import MAX_TEXT, Account, Author, Draft, Message, Ref, Visibility
from integrations.bluesky import BlueskySettings
from integrations.bluesky.convert import Place, record_of, to_message, to_private
from integrations.bluesky.keys import record_key, tid, tid_at
from integrations.bluesky.text import facets, length, whole
from integrations.bluesky.wire import Actor, ChatMessage, PostView, Strong
from tests.recorded import as_recorded

FIXTURES = Path(__file__).parent.parent / "fixtures" / "bluesky"
CARE = Account("bluesky", "care")
ME = "did:plc:brightleafbrand1234567"
PLACE = Place(account=CARE, me=ME, app_url="https://bsky.app")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
POST = Strong(uri="at://did:plc:ana/app.bsky.feed.post/3mtop2222222k", cid="bafyreiaaaaaaaa")
ROOT = Strong(uri="at://did:plc:tom/app.bsky.feed.post/3mroo2222222k", cid="bafyreibbbbbbbb")


def shown(value: object) -> str:
    return json.dumps(value, default=lambda moment: moment.isoformat(), indent=2) + "\n"


def read(case: dict[str, object]) -> Message:
    author = Actor.model_validate(case["author"])
    if "post" in case:
        return to_message(PostView.model_validate(case["post"]), author, PLACE)
    message = ChatMessage.model_validate(case["message"])
    return to_private(str(case["convo"]), message, author, author, PLACE)


@pytest.mark.parametrize("name", sorted(p.name[:-8] for p in FIXTURES.glob("*.in.json")))
def test_a_recorded_post_becomes_its_message(name: str) -> None:
    message = read(json.loads((FIXTURES / f"{name}.in.json").read_text()))
    expected = json.loads((FIXTURES / f"{name}.out.json").read_text())
    assert json.loads(shown(as_recorded(message))) == expected


def a_draft(text: str, *, language: str | None = "pt-BR") -> Draft:
    author = Author(ref=Ref("bluesky", "care", "did:plc:ana"), handle="ana.test", name="Ana")
    return Draft(
        account=CARE,
        conversation=author.ref.sibling(ROOT.uri),
        in_reply_to=author.ref.sibling(POST.uri),
        to=author,
        text=text,
        visibility=Visibility.PUBLIC,
        language=language,
    )


def test_a_reply_names_the_post_and_the_root_of_its_thread_as_they_were_seen() -> None:
    record = record_of(a_draft(" Hello "), POST, ROOT, {}, NOON)
    assert record == {
        "$type": "app.bsky.feed.post",
        "text": "Hello",
        "createdAt": "2026-11-22T12:00:00.000Z",
        "reply": {
            "root": {"uri": ROOT.uri, "cid": ROOT.cid},
            "parent": {"uri": POST.uri, "cid": POST.cid},
        },
        "langs": ["pt-BR"],
    }
    assert "langs" not in record_of(a_draft("Hi", language="x y"), POST, ROOT, {}, NOON)


def test_links_and_mentions_of_an_answer_lie_over_its_bytes() -> None:
    text = "Grüße @ana.test 🙂 https://shop.example/ä?x=1. Or @nobody.test"
    found = facets(text, {"ana.test": "did:plc:ana"})
    raw = text.encode()
    under = [raw[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in found]
    assert under == ["@ana.test", "https://shop.example/ä?x=1"]
    assert [one["features"][0].get("did") or one["features"][0]["uri"] for one in found] == [
        "did:plc:ana",
        "https://shop.example/ä?x=1",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abc", 3), ("👩‍👩‍👧‍👦", 3), ("é" * 10, 10), ("👍🏽", 1), ("", 0), ("漢" * 300, 300)],
)
def test_length_is_graphemes_or_a_tenth_of_the_bytes_where_that_is_more(
    text: str, expected: int
) -> None:
    assert length(text) == expected


def test_a_record_key_is_the_same_for_ever_and_sorts_behind_what_it_answers() -> None:
    parent = tid_at(NOON)
    key = record_key("answer-1", after=parent)
    assert key == record_key("answer-1", after=parent)
    assert parent < key < tid_at(NOON + timedelta(minutes=2))
    assert len({record_key(f"answer-{n}", after=parent) for n in range(5000)}) == 5000
    assert record_key("answer-1", after="self") != record_key("answer-2", after="self")


def test_identifiers_sort_as_their_times_do() -> None:
    moments = [NOON + timedelta(microseconds=step) for step in (0, 1, 1000, 10**9)]
    assert [tid_at(one) for one in moments] == sorted(tid_at(one) for one in moments)
    assert tid(0) == "2" * 13


@given(st.text(), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60))))
def test_any_text_with_any_facets_becomes_a_text_that_can_be_kept(
    text: str, spans: list[tuple[int, int]]
) -> None:
    link = {"$type": "app.bsky.richtext.facet#link", "uri": "https://x.example"}
    given_ = [{"index": {"byteStart": a, "byteEnd": b}, "features": [link]} for a, b in spans]
    kept = whole(text, given_, me=ME)
    assert "\x00" not in kept
    kept.encode()
    assert len(kept) <= MAX_TEXT


def test_every_setting_is_on_the_page() -> None:
    page = (FIXTURES.parent.parent.parent / "docs" / "bluesky.md").read_text()
    assert {n for n in BlueskySettings.model_fields if f"| `{n}` |" not in page} == set()
