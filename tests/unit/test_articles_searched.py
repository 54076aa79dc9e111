"""When the articles are searched: before the transaction, and only where one may answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace

from inbox.clearance import DataClass, Span
from inbox.desk import Tier
from inbox.knowledge import Article, Certainty, Hit
from inbox.message import Edited, Posted
from responders.knowledge.index import KnowledgeIndex
from tests.article_door import (
    ASKED,
    ENGLISH,
    Door,
    a_story,
    account_does_not_agree,
    decide,
    unknown_language,
)
from tests.articles import an_index
from tests.builders import a_message, a_ref, an_author, minutes
from tests.house import FakeRouter, House, a_desk


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    tiers = dict(a_desk().tiers) | {0: Tier(number=0, name="Self-service")}
    with House(tmp_path, FakeRouter(decide), a_desk(tiers=tiers)) as house:
        yield Door(house)


@dataclass
class Searched:
    """A knowledge base that notes in which thread each search ran."""

    index: KnowledgeIndex = field(default_factory=an_index)
    threads: list[int] = field(default_factory=list)

    @property
    def certainty(self) -> Certainty:
        return self.index.certainty

    def search(
        self, text: str, *, language: str | None, limit: int = 5, internal: bool = False
    ) -> Sequence[Hit]:
        self.threads.append(threading.get_ident())
        return self.index.search(text, language=language, limit=limit, internal=internal)

    def article(self, key: str) -> Article | None:
        return self.index.article(key)


class Broken(Searched):
    def search(
        self, text: str, *, language: str | None, limit: int = 5, internal: bool = False
    ) -> Sequence[Hit]:
        raise ZeroDivisionError


@pytest.fixture
def searched(door: Door) -> Searched:
    door.knowledge = searched = Searched()
    return searched


def test_the_search_is_over_before_the_writing_thread_has_the_message(
    door: Door, searched: Searched
) -> None:
    door.hear()

    assert len(door.sent()) == 1
    assert searched.threads == [threading.get_ident()]


def test_an_article_that_was_found_beforehand_answers_no_case_that_is_there(door: Door) -> None:
    door.hear("Do you rent submarines?")
    assert door.hear().tier == 1
    assert door.sent() == []


def personal(door: Door) -> str:
    door.findings = replace(ENGLISH, spans=(Span(start=0, end=3, cls=DataClass.CARD),))
    return ASKED


def doubted(door: Door) -> str:
    door.findings = replace(ENGLISH, doubt=True)
    return ASKED


def unread(door: Door) -> str:
    door.findings = replace(ENGLISH, failed=("personal data",))
    return ASKED


@pytest.mark.parametrize(
    "case", [account_does_not_agree, unknown_language, a_story, personal, doubted, unread]
)
def test_nothing_is_searched_where_no_article_may_answer(
    door: Door, searched: Searched, case: Callable[[Door], str]
) -> None:
    door.hear(case(door))

    assert (searched.threads, door.sent()) == ([], [])


def test_nothing_is_searched_for_an_edit_or_for_our_own_words(
    door: Door, searched: Searched
) -> None:
    door.take(Posted(message=a_message("mine", text=ASKED)), me=an_author().ref)
    door.hear("suggest it")
    searched.threads.clear()

    edited = a_message("1", text=ASKED, conversation=a_ref("1"))
    door.take(Edited(message=edited, at=minutes(2)))

    assert (searched.threads, door.sent()) == ([], [])


def test_a_search_that_fails_costs_no_message_and_people_have_it(door: Door) -> None:
    door.knowledge = Broken()

    assert door.hear().tier == 1
    assert door.sent() == []
