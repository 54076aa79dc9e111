"""Mastodon's statuses become messages, drafts become posts. Fixture pairs are found by name."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.message import MAX_TEXT, Account, Author, Draft, Ref, Visibility
from integrations.mastodon import MastodonSettings
from integrations.mastodon.convert import Root, addressed, from_draft, plain, same_text, to_message
from integrations.mastodon.wire import Person, Status
from tests.recorded import as_recorded

FIXTURES = Path(__file__).parent.parent / "fixtures" / "mastodon"
CARE = Account("mastodon", "care")
ME = Person(id="1", acct="brightleaf")


def shown(value: object) -> str:
    return json.dumps(value, default=lambda moment: moment.isoformat(), indent=2) + "\n"


@pytest.mark.parametrize("name", sorted(p.name[:-8] for p in FIXTURES.glob("*.in.json")))
def test_a_recorded_status_becomes_its_message(name: str) -> None:
    given_ = json.loads((FIXTURES / f"{name}.in.json").read_text())
    status = Status.model_validate(given_["status"])
    message = to_message(status, CARE, me=ME, root=Root(**given_["root"]))
    expected = json.loads((FIXTURES / f"{name}.out.json").read_text())
    assert json.loads(shown(as_recorded(message))) == expected


def a_draft(text: str, *, handle: str = "ana", private: bool = False, answers: str = "7") -> Draft:
    author = Author(ref=Ref("mastodon", "care", "101"), handle=handle, name="Ana")
    return Draft(
        account=CARE,
        conversation=author.ref.sibling("dm:101" if private else "7"),
        in_reply_to=author.ref.sibling(answers) if answers else None,
        to=author,
        text=text,
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
        language="pt-BR",
    )


@pytest.mark.parametrize(
    ("text", "handle", "expected"),
    [
        ("Hello", "ana", "@ana Hello"),
        ("Hello @ana!", "ana", "Hello @ana!"),
        ("Hello @Ana.", "ana", "Hello @Ana."),
        ("Hello @anabel", "ana", "@ana Hello @anabel"),
        ("Hello @ana@other.example", "ana", "@ana Hello @ana@other.example"),
        ("Mail x@ana.example", "ana", "@ana Mail x@ana.example"),
        ("Hi @ana@other.example, yes", "ana@other.example", "Hi @ana@other.example, yes"),
        ("Hi @ana@other.example.org", "ana@other.example", None),
        ("Hi", "@ana", "@ana Hi"),
    ],
)
def test_a_reply_mentions_its_reader_once(text: str, handle: str, expected: str | None) -> None:
    assert addressed(a_draft(text, handle=handle)) == (expected or f"@{handle} {text}")


def test_a_private_message_mentions_nobody_but_its_reader() -> None:
    text = addressed(a_draft("@bob told @ana that bob@example.org, @eve@x.example", private=True))
    assert text == ("@\u200bbob told @ana that bob@example.org, @\u200beve@x.example")
    doubled = addressed(a_draft("Hello @@eve@x.example", private=True))
    assert doubled == "@ana Hello @@\u200beve@x.example"
    glued = addressed(a_draft("12 m²@eve, ½@eve, eva@eve", private=True))
    assert glued == "@ana 12 m²@\u200beve, ½@\u200beve, eva@eve"


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        ("public", "public"),
        ("unlisted", "unlisted"),
        ("private", "private"),
        ("direct", "direct"),
        ("of-another-kind", "direct"),
        (None, "public"),
    ],
)
def test_a_public_reply_is_never_wider_than_what_it_answers(
    answered: str | None, expected: str
) -> None:
    post = from_draft(a_draft("Hello"), answered=answered)
    assert (post.visibility, post.in_reply_to_id, post.language) == (expected, "7", "pt")


@pytest.mark.parametrize(("answered", "under"), [("public", None), ("direct", "7"), (None, None)])
def test_a_private_message_hangs_on_direct_messages_only(
    answered: str | None, under: str | None
) -> None:
    post = from_draft(a_draft("Hello", private=True), answered=answered)
    assert (post.visibility, post.in_reply_to_id) == ("direct", under)


def test_texts_are_the_same_where_only_white_space_differs() -> None:
    assert same_text("@ana  a\n\n\nb ", "@ana a\n\nb")
    assert not same_text("@ana a b", "@ana a c")


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None), max_size=50))
def test_any_content_becomes_a_message_that_can_be_kept(content: str, name: str) -> None:
    status = Status(
        id="5",
        account=Person(id="9", acct="x", display_name=name),
        content=content,
        visibility="public",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    message = to_message(status, CARE, me=ME, root=Root("5", ours=False))
    for kept in (message.text, message.author.name):
        assert "\x00" not in kept
        kept.encode()
    assert len(message.text) <= MAX_TEXT


def test_a_megabyte_of_nested_tags_does_not_hang() -> None:
    content = "<p><a href='https://x.example'>" * 40_000 + "<" * 10_000
    status = Status(
        id="5",
        account=Person(id="9", acct="x"),
        content=content,
        visibility="public",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert plain(status).startswith("https://x.example")


def test_every_setting_is_on_the_page() -> None:
    page = (FIXTURES.parent.parent.parent / "docs" / "mastodon.md").read_text()
    assert {n for n in MastodonSettings.model_fields if f"| `{n}` |" not in page} == set()
