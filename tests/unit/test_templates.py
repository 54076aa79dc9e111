"""Saved replies: the right language, the gaps filled, hostile names kept out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.case import Case
from inbox.errors import Refusal
from inbox.message import Account, Author, Ref
from inbox.ports import Templates
from inbox.problem import Problem
from responders.replies import load_replies
from responders.templates import LONGEST_NAME, TemplateBook, spoken_name
from router.document import parse_document

ACCOUNT = Account("mastodon", "main")
REPLIES = """\
fallback: en
replies:
  hello:
    title: Hello
    text:
      en: "Hello {name}, this is {brand}. Case {case} {{not a gap}}"
      ro: "Bună, {name}!"
  note:
    title: Note
    for: automatic
    text: {en: "Write to us as {account}, {handle}."}
  sorry:
    title: Sorry
    for: agents
    text: {en: "Sorry, {name}.", ja: "{name}様、申し訳ございません。"}
"""


def a_case() -> Case:
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    return Case(
        number=1042,
        account=ACCOUNT,
        author=an_author(),
        conversation=Ref("mastodon", "main", "7"),
        tier=1,
        channel="care",
        opened_at=now,
        changed_at=now,
    )


def an_author(name: str = "Ana Popescu", handle: str = "ana@social.example") -> Author:
    return Author(ref=Ref("mastodon", "main", "9"), handle=handle, name=name)


def loaded(text: str) -> tuple[TemplateBook, list[Problem]]:
    return load_replies(parse_document(text, file="replies.yaml"), brand="Brightleaf")


@pytest.fixture
def book() -> TemplateBook:
    found, problems = loaded(REPLIES)
    assert problems == []
    return found


def said(
    book: TemplateBook, name: str, language: str | None = "en", author: Author | None = None
) -> str:
    return book.render(name, language=language, case=a_case(), author=author or an_author())


def test_a_book_is_what_the_inbox_asks_for(book: TemplateBook) -> None:
    templates: Templates = book
    assert templates.render("hello", language="ro", case=a_case(), author=an_author())


def test_gaps_are_filled_and_double_braces_are_braces(book: TemplateBook) -> None:
    expected = "Hello Ana Popescu, this is Brightleaf. Case 1042 {not a gap}"
    assert said(book, "hello") == expected


@pytest.mark.parametrize(
    ("language", "start"),
    [("ro", "Bună"), ("ro-MD", "Bună"), ("RO", "Bună"), ("tr", "Hello"), (None, "Hello")],
)
def test_the_customers_language_is_used_else_the_fallback(
    book: TemplateBook, language: str | None, start: str
) -> None:
    assert said(book, "hello", language).startswith(start)


def test_a_gap_that_cannot_be_filled_stops_the_send_and_names_itself(book: TemplateBook) -> None:
    with pytest.raises(Refusal) as refused:
        said(book, "note")
    assert "{account}" in str(refused.value)
    assert "note" in str(refused.value)


def test_the_account_is_called_as_the_network_calls_it(book: TemplateBook) -> None:
    called = book.called({"mastodon:main": "@brightleaf"})
    assert said(called, "note") == "Write to us as @brightleaf, ana@social.example."


def test_a_nameless_author_of_no_handle_stops_the_send(book: TemplateBook) -> None:
    with pytest.raises(Refusal, match="customer's name"):
        said(book, "hello", author=an_author(name="💡", handle="@"))


def test_a_reply_that_is_not_there_is_refused(book: TemplateBook) -> None:
    with pytest.raises(Refusal, match="no saved reply"):
        said(book, "nothing")


def test_agents_see_theirs_in_the_customers_language(book: TemplateBook) -> None:
    assert [key for key, _, _ in book.saved("ja")] == ["hello", "sorry"]
    assert book.saved("ja")[1] == ("sorry", "Sorry", "{name}様、申し訳ございません。")


def test_rules_may_use_all_but_the_agents_own(book: TemplateBook) -> None:
    assert book.automatic == {"hello", "note"}


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("Ana\nPopescu", "Ana Popescu"),
        ("<b>Ana</b> :blobcat:", "Ana"),
        ("@everyone Ana", "everyone Ana"),
        ("*Ana* <!channel>", "Ana"),
        ("\u202eanA\u202c", "anA"),
        ("佐藤 ゆき", "佐藤 ゆき"),
        ("Visit evil.example", "ana"),
        ("http://evil", "ana"),
        ("выигрыш.рф", "ana"),
        ("evil\uff0ecom", "ana"),
        ("Call 0900 12 34 56", "ana"),
        ("\uff20victim \uff03win Ana", "victim win Ana"),
        ("\U0001d4d0\U0001d4f7\U0001d4ea 1990", "Ana 1990"),
        ("4111 1111 11111111", "ana"),
        ("{case}", "case"),
        ("", "ana"),
        ("Ana " * 40, ("Ana " * 12).strip()),
    ],
)
def test_a_display_name_is_repeated_only_as_a_name(name: str, spoken: str) -> None:
    assert spoken_name(an_author(name=name)) == spoken


@given(st.text(), st.text())
def test_no_name_breaks_a_line_calls_anybody_or_grows(name: str, handle: str) -> None:
    spoken = spoken_name(an_author(name=name, handle=handle))
    assert len(spoken) <= LONGEST_NAME
    assert not set(spoken) & set("\n\r<>@#*{}`\u202e\u2028")
    assert "://" not in spoken


@pytest.mark.parametrize(
    ("right", "wrong", "line", "key", "problem"),
    [
        ("Bună, {name}", "Bună, {nam}", 7, "replies.hello.text.ro", "unknown gap: {nam}"),
        ("title: Hello", "for: both", 3, "replies.hello.title", "is missing"),
        ("for: agents", "for: everyone", 14, "replies.sorry.for", "neither"),
        ("Bună, {name}", "Bună, {name", 7, "replies.hello.text.ro", "brace"),
        ("title: Note", "titel: Note", 9, "replies.note.titel", "not a known key"),
        ("fallback: en", "fallback: 3", 1, "fallback", "must be text"),
        ('en: "Hello', 'de: "Hello', 5, "replies.hello.text", "fallback language"),
    ],
)
def test_a_fault_is_told_with_its_line(
    right: str, wrong: str, line: int, key: str, problem: str
) -> None:
    _, problems = loaded(REPLIES.replace(right, wrong))
    found = [(p.line, p.key, p.problem) for p in problems]
    assert any(at == line and k == key and problem in p for at, k, p in found), found


def test_all_faults_come_at_once_and_what_is_right_stays() -> None:
    text = REPLIES.replace("{brand}", "{brant}").replace("for: automatic", "for: robots")
    book, problems = loaded(text)
    assert len(problems) == 2
    assert set(book.templates) == {"sorry"}
