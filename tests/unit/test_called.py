"""How a customer is called where a network tells the name to some readers alone."""

from __future__ import annotations

from msgspec.structs import replace

from inbox.called import as_called, has_name
from inbox.case import Case
from inbox.message import Author, Visibility
from inbox.ports import Stored
from tests.case_views import a_case, a_stored
from tests.stage_fakes import a_ref, an_author

BY_HANDLE = an_author(name="ana_p", handle="ana_p", url="https://social.example/ana_p")
BY_NAME = an_author(name="Ana Popescu", handle="ana_p", url=None, followers=12)


def wrote(author: Author, number: int) -> Stored:
    return a_stored("Hello", number, message={"author": author, "visibility": Visibility.PRIVATE})


def seen(*authors: Author, case: Case | None = None) -> Author:
    messages = [wrote(author, number) for number, author in enumerate(authors, 1)]
    return as_called(case or a_case(BY_HANDLE), messages).author


def test_a_name_that_a_message_brings_holds_for_the_case_and_its_address_stays() -> None:
    called = replace(BY_NAME, url=BY_HANDLE.url)
    assert seen(BY_HANDLE, BY_NAME) == called
    assert seen(BY_HANDLE, BY_NAME, BY_HANDLE) == called


def test_the_newest_name_counts_and_a_handle_alone_is_kept_where_nothing_is_known() -> None:
    assert seen(BY_NAME, replace(BY_NAME, name="Ana Marin")).name == "Ana Marin"
    assert seen(BY_HANDLE, BY_HANDLE) == BY_HANDLE


def test_nobody_is_called_like_somebody_else_in_the_conversation() -> None:
    other = replace(BY_NAME, ref=a_ref("@other"), name="Otto")
    assert seen(BY_HANDLE, other) == BY_HANDLE


def test_a_name_that_only_repeats_the_handle_is_none() -> None:
    assert not has_name(an_author(name="Ana_P", handle="@ana_p"))
    assert has_name(BY_NAME)
